package postgres_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"rostrum/ports"
)

// What PostgreSQL says by a code is about the whole database, or it is not.
func TestErrorsOfTheServer(t *testing.T) {
	address := newDatabase(t)
	db := open(t, address)
	admin := tool(t, address)
	execute(t, admin,
		"CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN END $$",
		"CREATE TRIGGER fails BEFORE INSERT ON rooms FOR EACH ROW EXECUTE FUNCTION fails()")
	for code, c := range map[string]struct {
		away bool
		says string
	}{
		"53100": {true, "Its disk is full"},
		"53200": {true, "Raise what the server may use"},
		"53300": {true, "pool_max_conns"},
		"53400": {true, ""},
		"57014": {true, ""},
		"57P01": {true, ""},
		"57P02": {true, ""},
		"57P03": {true, ""},
		"58030": {true, ""},
		"08006": {true, ""},
		"25006": {true, "target_session_attrs=read-write"},
		"55P03": {true, ""},
		"42P01": {false, "changed by hand"},
		"42703": {false, "changed by hand"},
		"42501": {false, "GRANT"},
		"23514": {false, ""},
		"XX000": {false, ""},
		"40001": {false, ""}, // it was run again in vain
		"40P01": {false, ""},
	} {
		execute(t, admin, fmt.Sprintf(
			"CREATE OR REPLACE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '%s'; END $$", code))
		err := increment(t.Context(), db)
		if err == nil || errors.Is(err, ports.ErrAway) != c.away || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), code) {
			t.Errorf("%s: %v, want ErrAway: %v, %q", code, err, c.away, c.says)
		}
	}
}

// A transaction that others got in the way of is run again, and nobody hears of it.
func TestContendedTransactionIsRunAgain(t *testing.T) {
	address := newDatabase(t)
	db := open(t, address)
	execute(t, tool(t, address),
		"CREATE SEQUENCE runs",
		`CREATE FUNCTION fails_twice() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			IF nextval('runs') < 3 THEN RAISE EXCEPTION 'again' USING ERRCODE = 'deadlock_detected'; END IF; RETURN NEW; END $$`,
		"CREATE TRIGGER fails_twice BEFORE INSERT ON rooms FOR EACH ROW EXECUTE FUNCTION fails_twice()")
	if err := increment(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	if got := counted(t, db); got != 1 {
		t.Errorf("the room holds %d, want 1", got)
	}
}
