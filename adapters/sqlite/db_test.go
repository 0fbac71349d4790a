package sqlite_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rostrum/adapters/sqlite"
)

func TestReopenKeepsRows(t *testing.T) {
	path := newPath(t)
	for i := range 3 {
		db := open(t, path)
		if err := increment(t.Context(), db); err != nil {
			t.Fatal(err)
		}
		if got := counted(t, db); got != i+1 {
			t.Errorf("opened %d times, counted %d", i+1, got)
		}
		shut(t, db)
	}
}

func TestOpenMakesFileAndDirectoryForTheirOwnerAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "var", "data")
	db := open(t, filepath.Join(dir, "rostrum.db"))
	if err := increment(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]os.FileMode{
		dir: 0o700, filepath.Join(dir, "rostrum.db"): 0o600,
		filepath.Join(dir, "rostrum.db-wal"): 0o600, filepath.Join(dir, "rostrum.db-shm"): 0o600,
	} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %04o, want %04o", path, got, want)
		}
	}
}

func TestOpenTakesAnyPath(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, path := range []string{"rostrum.db", "data/rostrum.db", "./rostrum2.db", "who?.db", "50%41.db", "a b#c&d=e.db", "größe/大.db", ":memory:", "file:x.db"} {
		db := open(t, path)
		if err := increment(t.Context(), db); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		if info, err := os.Stat(path); err != nil || info.Size() == 0 {
			t.Errorf("there is no database at %s (%v)", path, err)
		}
	}
}

func TestCloseLeavesOneWholeFile(t *testing.T) {
	path := newPath(t)
	db := open(t, path)
	if err := increment(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	shut(t, db)
	moved := filepath.Join(t.TempDir(), "moved.db")
	if err := os.Rename(path, moved); err != nil {
		t.Fatal(err)
	}
	if got := counted(t, open(t, moved)); got != 1 {
		t.Errorf("the moved file holds %d, want 1", got)
	}
	if err := increment(t.Context(), db); err == nil {
		t.Error("a closed database was written")
	}
}

func TestOpenRefuses(t *testing.T) {
	foreign := write(t, bytes.Repeat([]byte("this is a diary, not a database\n"), 100))
	for fault, c := range map[string]struct{ path, advice string }{
		"no path":                {"", "name a file"},
		"below a file":           {filepath.Join(foreign, "rostrum.db"), "Choose another path"},
		"directory not makeable": {"/proc/rostrum/rostrum.db", "Choose another path"},
		"directory unwritable":   {"/proc/rostrum.db", "Let the user that runs rostrum write"},
		"a directory":            {t.TempDir(), "name a file in it"},
		"a device":               {"/dev/full", "not a regular file"},
		"another file":           {foreign, "move it away"},
		"a damaged database":     {damaged(t), "restore it from a backup"},
		"a newer database":       {newer(t), "run the newer rostrum again"},
	} {
		t.Run(fault, func(t *testing.T) {
			before, _ := os.ReadFile(foreign)
			db, err := sqlite.Open(t.Context(), c.path)
			if err == nil {
				shut(t, db)
				t.Fatal("opened")
			}
			if !strings.Contains(err.Error(), c.path) || !strings.Contains(err.Error(), c.advice) {
				t.Errorf("error %q, want it to name %s and to say %q", err, c.path, c.advice)
			}
			if after, _ := os.ReadFile(foreign); !bytes.Equal(before, after) {
				t.Error("somebody's file was changed")
			}
		})
	}
}

func TestOpenWithAnEndedContext(t *testing.T) {
	path := newPath(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := sqlite.Open(ctx, path); !errors.Is(err, context.Canceled) {
		t.Errorf("Open: %v, want context.Canceled", err)
	}
	open(t, path)
}

func TestPing(t *testing.T) {
	for fault, change := range map[string]func(path string) error{
		"deleted":  os.Remove,
		"moved":    func(path string) error { return os.Rename(path, path+".old") },
		"replaced": func(path string) error { return errors.Join(os.Remove(path), os.WriteFile(path, nil, 0o600)) },
	} {
		t.Run(fault, func(t *testing.T) {
			path := newPath(t)
			db := open(t, path)
			if err := db.Ping(t.Context()); err != nil {
				t.Errorf("Ping of a database in place: %v", err)
			}
			if err := change(path); err != nil {
				t.Fatal(err)
			}
			if err := db.Ping(t.Context()); err == nil || !strings.Contains(err.Error(), path) {
				t.Errorf("Ping of a %s file: %v, want an error that names it", fault, err)
			}
		})
	}
	db := open(t, newPath(t))
	shut(t, db)
	if err := db.Ping(t.Context()); err == nil {
		t.Error("a closed database answers Ping")
	}
}

func write(t *testing.T, text []byte) string {
	t.Helper()
	path := newPath(t)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// damaged keeps the header of a database, and nothing behind it.
func damaged(t *testing.T) string {
	t.Helper()
	path := newPath(t)
	shut(t, open(t, path))
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range text[100:] {
		text[100+i] = 0xa5
	}
	return write(t, text)
}

func newer(t *testing.T) string {
	t.Helper()
	path := newPath(t)
	shut(t, open(t, path))
	execute(t, raw(t, path), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)")
	return path
}
