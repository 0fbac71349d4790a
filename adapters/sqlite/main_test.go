package sqlite_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"go.uber.org/goleak"

	"rostrum/adapters/sqlite"
	"rostrum/domain"
	"rostrum/ports"
	"rostrum/ports/porttest"
)

// childPath is set for a test binary that another one starts: see child.
const childPath = "ROSTRUM_TEST_SQLITE_CHILD"

func TestMain(m *testing.M) {
	if path := os.Getenv(childPath); path != "" {
		if err := child(path, os.Args[1]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

// child opens the database as a process of its own, increments the room lobby so
// many times, and says so on its standard output each time.
func child(path, times string) error {
	count, err := strconv.Atoi(times)
	if err != nil {
		return err
	}
	db, err := sqlite.Open(context.Background(), path)
	if err != nil {
		return err
	}
	defer db.Close()
	for i := range count {
		if err := increment(context.Background(), db); err != nil {
			return err
		}
		fmt.Println(i + 1)
	}
	return nil
}

func TestRooms(t *testing.T) {
	porttest.Rooms(t, func(t *testing.T) (ports.Rooms, ports.Audit) {
		db := open(t, newPath(t))
		return db.Rooms(), db.Audit()
	})
}

func TestSessions(t *testing.T) {
	porttest.Sessions(t, func(t *testing.T) ports.Sessions { return open(t, newPath(t)).Sessions() })
}

func newPath(t *testing.T) string { return filepath.Join(t.TempDir(), "rostrum.db") }

func open(t *testing.T, path string) *sqlite.DB {
	t.Helper()
	db, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(t, db) })
	return db
}

func shut(t *testing.T, db *sqlite.DB) {
	t.Helper()
	if err := db.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

// raw opens the file beside the adapter, as an operator's tool would.
func raw(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func execute(t *testing.T, db interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}, query string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), query); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

// increment adds one to the limit of the room lobby, and tells it.
func increment(ctx context.Context, db *sqlite.DB) error {
	return db.Rooms().Update(ctx, "lobby", func(now *domain.ProvisionedRoom) (*domain.ProvisionedRoom, []ports.AuditEntry, error) {
		next := domain.ProvisionedRoom{Name: "lobby"}
		if now != nil {
			next = *now
		}
		next.Settings.MaxSubscribers++
		return &next, []ports.AuditEntry{{Act: "increment"}}, nil
	})
}

func counted(t *testing.T, db *sqlite.DB) int {
	t.Helper()
	r, err := db.Rooms().Get(t.Context(), "lobby")
	if err != nil {
		t.Fatal(err)
	}
	return r.Settings.MaxSubscribers
}
