package sqlite

import (
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"rostrum/domain"
)

// What SQLite sets for each connection alone holds for all that a pool makes.
func TestConnectionsAreSetUp(t *testing.T) {
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "rostrum.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for name, c := range map[string]struct {
		pool    *sql.DB
		count   int
		pragmas map[string]string
	}{
		"write": {db.write, 1, map[string]string{
			"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "query_only": "0", "busy_timeout": "10000"}},
		"read": {db.read, readers, map[string]string{
			"journal_mode": "wal", "query_only": "1", "busy_timeout": "10000"}},
	} {
		if got := c.pool.Stats().MaxOpenConnections; got != c.count {
			t.Errorf("%s pool has up to %d connections, want %d", name, got, c.count)
		}
		for i := range c.count {
			conn, err := c.pool.Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close() // all at once, so that each is another one
			for pragma, want := range c.pragmas {
				var got string
				if err := conn.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
					t.Errorf("%s connection %d: %s is %s (%v), want %s", name, i+1, pragma, got, err, want)
				}
			}
		}
	}
}

// A disk that is full takes nothing of an Update, and the next one goes through.
func TestFullDisk(t *testing.T) {
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "rostrum.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rename := func(to string) error {
		return db.Rooms().Update(t.Context(), "lobby", func(*domain.RoomSettings) (*domain.RoomSettings, error) {
			return &domain.RoomSettings{DisplayName: to}, nil
		})
	}
	if _, err := db.write.ExecContext(t.Context(), "PRAGMA max_page_count = 16"); err != nil {
		t.Fatal(err)
	}
	if err := rename(strings.Repeat("long ", 100_000)); err == nil || !strings.Contains(err.Error(), "make room on it") {
		t.Errorf("Update on a full disk: %v, want advice to make room", err)
	}
	if _, err := db.Rooms().Get(t.Context(), "lobby"); !errors.Is(err, domain.ErrRoomUnknown) {
		t.Errorf("Get after it: %v, want ErrRoomUnknown", err)
	}
	if err := rename("short"); err != nil {
		t.Errorf("the next Update: %v", err)
	}
}
