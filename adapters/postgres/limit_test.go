package postgres_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"rostrum/adapters/postgres"
	"rostrum/ports"
)

// A user may have as few connections as the pool: the one that migrates is gone before.
func TestTooManyConnections(t *testing.T) {
	address := newDatabase(t)
	admin := tool(t, address)
	limitedTo := func(limit int) (url string) {
		role := ownRole(t, fmt.Sprint("NOSUPERUSER CONNECTION LIMIT ", limit))
		execute(t, admin, "GRANT ALL ON ALL TABLES IN SCHEMA public TO "+role)
		return as(t, address, role, "secret")
	}
	if _, err := postgres.Open(t.Context(), postgres.Config{URL: limitedTo(0)}); !errors.Is(err, ports.ErrAway) || !strings.Contains(err.Error(), "pool_max_conns") {
		t.Errorf("Open: %v, want ErrAway and what to do", err)
	}
	for n := range 10 { // a user each: what the one before has closed may still be counted
		one := open(t, limitedTo(1)+"&pool_max_conns=1")
		if err := increment(t.Context(), one); err != nil {
			t.Errorf("Update over the one connection that is allowed: %v", err)
		}
		if got := counted(t, one); got != n+1 {
			t.Errorf("the room holds %d, want %d", got, n+1)
		}
	}
}
