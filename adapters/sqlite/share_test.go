package sqlite_test

import (
	"bufio"
	"context"
	"errors"
	"math"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rostrum/adapters/sqlite"
)

// Three processes and two handles of this one make the file, migrate it and
// write to it, all at once.
func TestManyProcessesShareAFile(t *testing.T) {
	const increments = 50
	path := newPath(t)
	var wg sync.WaitGroup
	for range 3 {
		cmd := process(t, path, increments)
		wg.Go(func() {
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("a process failed: %v\n%s", err, out)
			}
		})
	}
	for range 2 {
		wg.Go(func() {
			db, err := sqlite.Open(t.Context(), path)
			if err != nil {
				t.Error(err)
				return
			}
			defer shut(t, db)
			for range increments {
				if err := increment(t.Context(), db); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if got := counted(t, open(t, path)); got != 5*increments {
		t.Errorf("5 writers of %d came to %d", increments, got)
	}
	sound(t, path)
}

// What Update has returned for is there after kill -9.
func TestKilledProcessLosesNothing(t *testing.T) {
	path := newPath(t)
	cmd := process(t, path, math.MaxInt)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said := 0
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if said, err = strconv.Atoi(lines.Text()); err != nil {
			t.Fatal(err)
		}
		if said == 25 {
			_ = cmd.Process.Kill() // what it said meanwhile is still read
		}
	}
	if err := cmd.Wait(); err == nil || said < 25 {
		t.Fatalf("the process was not killed half-way: it said %d (%v)", said, err)
	}
	if got := counted(t, open(t, path)); got < said || got > said+1 {
		t.Errorf("after kill -9 at %d the room holds %d", said, got)
	}
	sound(t, path)
}

func TestUpdateWaitsForAnotherProcess(t *testing.T) {
	path := newPath(t)
	db := open(t, path)
	other, err := raw(t, path).Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	execute(t, other, "BEGIN IMMEDIATE")

	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := increment(ctx, db); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Update while another process writes: %v, want its context's end", err)
	}
	done := make(chan error, 1)
	go func() { done <- increment(t.Context(), db) }()
	execute(t, other, "INSERT INTO rooms (name, display_name, max_subscribers, tokens, version) VALUES ('lobby', '', 41, '[]', 1)")
	execute(t, other, "COMMIT")
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if got := counted(t, db); got != 42 {
		t.Errorf("the room holds %d, want 42: what the other process wrote, and one", got)
	}
}

// An Open that another one keeps waiting gives up with its context.
func TestOpenWaitsForAnotherOpen(t *testing.T) {
	path := newPath(t)
	other, err := raw(t, path+"-lock").Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	execute(t, other, "BEGIN EXCLUSIVE")
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := sqlite.Open(ctx, path); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Open while another one is at work: %v, want its context's end", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the waiting Open touched the file (%v)", err)
	}
	execute(t, other, "COMMIT")
	open(t, path)
}

func process(t *testing.T, path string, increments int) *exec.Cmd {
	cmd := exec.CommandContext(t.Context(), os.Args[0], strconv.Itoa(increments))
	cmd.Env = append(os.Environ(), childPath+"="+path)
	return cmd
}

func sound(t *testing.T, path string) {
	t.Helper()
	var verdict string
	if err := raw(t, path).QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&verdict); err != nil || !strings.EqualFold(verdict, "ok") {
		t.Errorf("integrity check: %s (%v)", verdict, err)
	}
}
