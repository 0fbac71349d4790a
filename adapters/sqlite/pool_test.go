package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rostrum/domain"
	"rostrum/ports"
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
		return db.Rooms().Update(t.Context(), "lobby", func(*domain.ProvisionedRoom) (*domain.ProvisionedRoom, []ports.AuditEntry, error) {
			return &domain.ProvisionedRoom{Settings: domain.RoomSettings{DisplayName: to}}, nil, nil
		})
	}
	if _, err := db.write.ExecContext(t.Context(), "PRAGMA max_page_count = 64"); err != nil {
		t.Fatal(err)
	}
	if err := rename(strings.Repeat("long ", 100_000)); !errors.Is(err, ports.ErrAway) || !strings.Contains(err.Error(), "make room on it") {
		t.Errorf("Update on a full disk: %v, want ports.ErrAway and advice to make room", err)
	}
	if _, err := db.Rooms().Get(t.Context(), "lobby"); !errors.Is(err, domain.ErrRoomUnknown) {
		t.Errorf("Get after it: %v, want ErrRoomUnknown", err)
	}
	if err := rename("short"); err != nil {
		t.Errorf("the next Update: %v", err)
	}
}

// A database that takes no writes is away until it does, and is read meanwhile.
func TestWritesRefused(t *testing.T) {
	db := planned(t)
	for fault, advice := range map[string]string{"query_only": letWrite, "locked": "Another process keeps it locked"} {
		t.Run(fault, func(t *testing.T) {
			release := map[string]func(*testing.T, *DB) func(){"query_only": queryOnly, "locked": locked}[fault](t, db)
			for call, err := range map[string]error{"Record": db.Audit().Record(t.Context(), ports.AuditEntry{}), "Ping": db.Ping(t.Context())} {
				if !errors.Is(err, ports.ErrAway) || !strings.Contains(err.Error(), db.path) || !strings.Contains(err.Error(), advice) {
					t.Errorf("%s: %v, want ports.ErrAway and %q", call, err, advice)
				}
			}
			if _, err := db.Audit().List(t.Context(), 0, 1); err != nil {
				t.Errorf("List: %v", err)
			}
			release()
			if err := db.Ping(t.Context()); err != nil {
				t.Errorf("Ping when it is over: %v", err)
			}
		})
	}
}

// queryOnly has the writing connection refuse as a read-only file does.
func queryOnly(t *testing.T, db *DB) (release func()) {
	pragma(t, db, "query_only = 1")
	return func() { pragma(t, db, "query_only = 0") }
}

// locked has another process write, for which nobody waits.
func locked(t *testing.T, db *DB) (release func()) {
	pragma(t, db, "busy_timeout = 0")
	other := pool(db.path, 1, busyWait, url.Values{})
	t.Cleanup(func() { _ = other.Close() })
	if _, err := other.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	return func() { _ = other.Close() }
}

func pragma(t *testing.T, db *DB, change string) {
	t.Helper()
	if _, err := db.write.ExecContext(t.Context(), "PRAGMA "+change); err != nil {
		t.Fatal(err)
	}
}

// A call that has waited for all its patience says that the database is away; one whose
// caller gives up does not.
func TestPatience(t *testing.T) {
	db := planned(t)
	busy, err := db.write.Conn(t.Context()) // as an Update that hangs
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	for end, away := range map[error]bool{errPatience: true, nil: false} {
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Millisecond, end)
		err := db.Audit().Record(ctx, ports.AuditEntry{})
		if errors.Is(err, ports.ErrAway) != away || errors.Is(err, context.DeadlineExceeded) == away || !strings.Contains(err.Error(), db.path) {
			t.Errorf("a call that ends because of %v: %v, want ports.ErrAway: %v", end, err, away)
		}
		cancel()
	}
}
