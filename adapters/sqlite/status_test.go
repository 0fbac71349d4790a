package sqlite_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rostrum/adapters/sqlite"
)

// names are the migrations of this program, in their order.
var names = []string{"rooms", "rooms_record", "recordings", "deliveries", "audit", "rooms_provisioned", "sessions", "recordings_node"}

// statusOf checks that so many of the migrations are applied, and that neither the file
// nor what is beside it is another one afterwards.
func statusOf(t *testing.T, path string, applied int) {
	t.Helper()
	before := beside(t, path)
	all, err := sqlite.Status(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if after := beside(t, path); !slices.Equal(before, after) {
		t.Errorf("Status left %q, there was %q", after, before)
	}
	var got []string
	for i, m := range all {
		got = append(got, m.Name)
		if m.Version != int64(i+1) {
			t.Errorf("%s has version %d, want %d", m.Name, m.Version, i+1)
		}
		if age := time.Since(m.Applied); m.Applied.IsZero() == (i < applied) || i < applied && (age < 0 || age > time.Hour) {
			t.Errorf("%s was applied at %v, and %d are", m.Name, m.Applied, applied)
		}
		if m.Applied.Location() != time.UTC {
			t.Errorf("%s was applied at a time in %s, want UTC", m.Name, m.Applied.Location())
		}
	}
	if !slices.Equal(got, names) {
		t.Errorf("the migrations are %q, want %q", got, names)
	}
}

// beside returns the names, the sizes and the times of the files beside path.
func beside(t *testing.T, path string) (files []string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		line := info.Name()
		if !strings.HasSuffix(line, "-shm") { // which has the locks of those who read
			line += " " + info.ModTime().String() + " " + time.Duration(info.Size()).String()
		}
		files = append(files, line)
	}
	return files
}

func TestStatus(t *testing.T) {
	path := newPath(t)
	statusOf(t, path, 0)
	statusOf(t, filepath.Join(filepath.Dir(path), "no", "such", "directory.db"), 0)
	if err := older(t, path, 5).Close(); err != nil {
		t.Fatal(err)
	}
	statusOf(t, path, 5)
	db := open(t, path)
	statusOf(t, path, len(names))
	if err := increment(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	statusOf(t, path, len(names))
	if err := db.Ping(t.Context()); err != nil {
		t.Errorf("after Status the open database is another: %v", err)
	}
	shut(t, db)
	statusOf(t, path, len(names))
	statusOf(t, write(t, nil), 0)
}

// What a killed process has left beside the file is part of the database.
func TestStatusAfterACrash(t *testing.T) {
	path, crashed := newPath(t), newPath(t)
	db := open(t, path)
	if err := increment(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"", "-wal", "-shm"} {
		text, err := os.ReadFile(path + part)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(crashed+part, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	statusOf(t, crashed, len(names))
	if got := counted(t, open(t, crashed)); got != 1 {
		t.Errorf("after Status the database holds %d, want 1", got)
	}
}

func TestStatusRefuses(t *testing.T) {
	for fault, c := range map[string]struct{ path, advice string }{
		"no path":            {"", "name a file"},
		"a directory":        {t.TempDir(), "name a file in it"},
		"another file":       {write(t, []byte(strings.Repeat("this is a diary\n", 100))), "move it away"},
		"a damaged database": {damaged(t), "restore it from a backup"},
		"a newer database":   {newer(t), "run the newer rostrum again"},
	} {
		t.Run(fault, func(t *testing.T) {
			_, err := sqlite.Status(t.Context(), c.path)
			if err == nil || !strings.Contains(err.Error(), c.path) || !strings.Contains(err.Error(), c.advice) {
				t.Errorf("error %v, want it to name %s and to say %q", err, c.path, c.advice)
			}
		})
	}
}
