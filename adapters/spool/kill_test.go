package spool_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"rostrum/adapters/spool"
)

// What a test binary does that another one starts: see TestMain.
const (
	childTask = "ROSTRUM_TEST_SPOOL_CHILD"
	childDir  = "ROSTRUM_TEST_SPOOL_DIR"
)

// child is a process of its own, which is killed.
func child(task, dir string, say io.Writer) error {
	s, err := spool.Open(spool.Config{Dir: dir, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer s.Close()
	if task == "finalize" {
		fmt.Fprintln(say, "begun")
		_, err := s.Finalize(context.Background(), "A")
		return err
	}
	take, err := s.Record(recording("A"), deaf{})
	if err != nil {
		return err
	}
	defer take.Close()
	k, err := readWebMFile(filepath.Join("..", "..", "cmd", "rostrum", "clip", "demo.webm"))
	if err != nil {
		return err
	}
	cam, began := newCamera("P", take), time.Now()
	for _, u := range k.sequence() {
		time.Sleep(time.Until(began.Add(u.at)))
		cam.send(k, u)
		fmt.Fprintln(say, int64(u.at))
	}
	return nil
}

// start starts a child. What it says comes line by line.
func start(t *testing.T, task, dir string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childTask+"="+task, childDir+"="+dir)
	cmd.Stderr = t.Output()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewScanner(out)
}

func kill(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
}

// Of what was recorded up to kill -9 at any instant, at most the last second is
// missing.
func TestKilledWhileRecording(t *testing.T) {
	for _, after := range []time.Duration{900 * time.Millisecond, 1700 * time.Millisecond, 2300 * time.Millisecond, 3100 * time.Millisecond} {
		t.Run(after.String(), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			cmd, said := start(t, "record", dir)
			var sent time.Duration
			for sent < after && said.Scan() {
				at, err := strconv.ParseInt(said.Text(), 10, 64)
				if err != nil {
					t.Fatal(err)
				}
				sent = time.Duration(at)
			}
			kill(t, cmd)
			s := open(t, dir, 0)
			found, foreign, err := s.Search(t.Context())
			if err != nil || len(found) != 1 || len(foreign) > 0 {
				t.Fatalf("Search: %+v, %v, %v; want one recording", found, foreign, err)
			}
			if sent < time.Second { // nothing need have been written
				return
			}
			p := finalize(t, s, "A").Parts[0]
			probe(t, dir, "A", p)
			if p.Duration < sent-time.Second {
				t.Errorf("killed after %v, it is %v long", sent, p.Duration)
			}
			if want := int(p.Duration * 30 / time.Second); p.Pictures < want-2 {
				t.Errorf("%d pictures in %v, want about %d", p.Pictures, p.Duration, want)
			}
		})
	}
}

// However often a process is killed while it finalizes, the next one comes to the
// same files.
func TestKilledWhileFinalizing(t *testing.T) {
	left := t.TempDir()
	made := open(t, left, 0)
	cam := record(t, made, "A", deaf{})
	newCamera("P", cam).rush(demo(t))
	cam.Close()
	reference := t.TempDir()
	copyTree(t, reference, left)
	want := finalize(t, open(t, reference, 0), "A")
	for i := range 8 {
		dir := t.TempDir()
		copyTree(t, dir, left)
		cmd, said := start(t, "finalize", dir)
		said.Scan()
		time.Sleep(time.Duration(rand.IntN(12_000)) * time.Microsecond)
		kill(t, cmd)
		s := open(t, dir, 0)
		got := finalize(t, s, "A")
		if got.Parts[0].SHA256 != want.Parts[0].SHA256 || !got.Ended.Equal(want.Ended) {
			t.Errorf("kill %d: %+v, want %+v", i, got.Parts, want.Parts)
		}
		if rest := names(t, filepath.Join(dir, "A")); strings.Join(rest, " ") != "journal.jsonl manifest.json part-001.webm" {
			t.Errorf("kill %d: there is %v", i, rest)
		}
	}
}

// What a process has begun to remove is not a recording any more, and the next one
// removes the rest; what it has not quite made is none yet.
func TestKilledWhileRemovingAndMaking(t *testing.T) {
	dir := t.TempDir()
	for _, file := range []string{"A.gone/part-001.webm", "A.gone/journal.jsonl", "B.new/journal.jsonl"} {
		put(t, filepath.Join(dir, file), `{"recording":{"id":"A"`)
	}
	s := open(t, dir, 0)
	if rest := names(t, dir); strings.Join(rest, " ") != ".lock" {
		t.Errorf("there is %v, want nothing but the lock", rest)
	}
	if found, foreign, err := s.Search(t.Context()); len(found)+len(foreign) > 0 || err != nil {
		t.Errorf("Search: %+v, %v, %v; want nothing", found, foreign, err)
	}
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, e := range entries {
		found = append(found, e.Name())
	}
	return found
}

func copyTree(t *testing.T, to, from string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
