package keeping

import (
	"cmp"
	"context"
	"database/sql"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// fault is a way in which a database goes away and comes back.
type fault struct {
	url    string
	takes  time.Duration             // until the server knows of it, at most
	around func(*exec.Cmd) *exec.Cmd // puts the server where it meets the fault; nil: it does anywhere
	begin  func(t *testing.T, server int)
	end    func(t *testing.T)
}

// faults are those that every system can have. To open one prepares the database.
var faults = map[string]func(t *testing.T) fault{
	"postgres stopped": postgresStopped,
	"postgres frozen":  postgresFrozen,
	"sqlite locked":    sqliteLocked,
}

// postgresStopped ends PostgreSQL as kill -9 does, and starts it again.
func postgresStopped(t *testing.T) fault {
	p := ownPostgres(t)
	return fault{
		url:   p.Database(t, ""),
		begin: func(*testing.T, int) { p.Stop() },
		end: func(t *testing.T) {
			if err := p.Start(); err != nil {
				t.Fatal(err)
			}
		},
	}
}

// postgresFrozen has PostgreSQL answer nobody: connections stay.
func postgresFrozen(t *testing.T) fault {
	p := ownPostgres(t)
	return fault{
		url: p.Database(t, ""),
		begin: func(t *testing.T, _ int) {
			if err := p.Freeze(t.Context()); err != nil {
				t.Fatal(err)
			}
		},
		end: func(*testing.T) { p.Thaw() },
	}
}

// sqliteLocked has another process keep the write lock.
func sqliteLocked(t *testing.T) fault {
	file := filepath.Join(t.TempDir(), "rostrum.db")
	var holder *sql.Conn
	run := func(t *testing.T, statement string) {
		if _, err := holder.ExecContext(context.WithoutCancel(t.Context()), statement); err != nil {
			t.Fatal(err)
		}
	}
	return fault{
		url: "sqlite:" + file, takes: 24 * time.Second,
		begin: func(t *testing.T, _ int) {
			db, err := sql.Open("sqlite", file)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = db.Close() })
			if holder, err = db.Conn(t.Context()); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = holder.Close() })
			run(t, "PRAGMA busy_timeout = 10000")
			run(t, "BEGIN IMMEDIATE")
		},
		end: func(t *testing.T) { run(t, "ROLLBACK") },
	}
}

// setting returns an environment variable's value as parse reads it, or what stands in for it.
func setting[T comparable](t *testing.T, name string, parse func(string) (T, error), instead T) T {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return instead
	}
	value, err := parse(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return cmp.Or(value, instead)
}
