package disk_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"rostrum/adapters/disk"
	"rostrum/domain"
	"rostrum/ports"
)

// childEnv is set for a test binary that another one starts and kills: see child.
const childEnv = "ROSTRUM_TEST_DISK_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childEnv); dir != "" {
		if err := child(dir, os.Args[1]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// child stores one object after another and says "stored" of each, until the third,
// of which it says "stuck" and waits for ever where so many bytes of it are read.
func child(dir, stuckAt string) error {
	at, err := strconv.ParseInt(stuckAt, 10, 64)
	if err != nil {
		return err
	}
	o, err := disk.Open(dir)
	if err != nil {
		return err
	}
	for i := range 3 {
		content := text(killedText(i))
		if i == 2 {
			content.Open = func() (ports.SpoolFile, error) {
				return &stuckFile{spoolFile: spoolFile{bytes.NewReader([]byte(killedText(i)))}, at: at}, nil
			}
		}
		if err := o.Put(context.Background(), killedKey(i), content, func(int64) {}); err != nil {
			return err
		}
		os.Stdout.WriteString("stored\n")
	}
	return nil
}

func killedKey(i int) domain.ObjectKey { return domain.ObjectKey(fmt.Sprintf("room/recording-%d", i)) }

func killedText(i int) string { return strings.Repeat(string(rune('a'+i)), 3<<20) }

type stuckFile struct {
	spoolFile
	at, done int64
}

func (f *stuckFile) Read(p []byte) (int, error) {
	if f.done >= f.at {
		os.Stdout.WriteString("stuck\n")
		select {}
	}
	n, err := f.spoolFile.Read(p[:min(int64(len(p)), f.at-f.done)])
	f.done += int64(n)
	return n, err
}

// TestKilledWhileStoring kills a process in the middle of an object, and one that is at
// whatever step it has come to.
func TestKilledWhileStoring(t *testing.T) {
	const stuck, never = "stuck", "4000000"
	for name, kill := range map[string]struct{ stuckAt, after string }{
		"before the first byte": {"0", stuck}, "in the middle": {"2000000", stuck}, "before the last byte": {"3145727", stuck},
		"with all bytes written": {"3145728", stuck}, "between two objects": {never, "stored"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			stored := killed(t, dir, kill.stuckAt, kill.after)
			o := open(t, dir)
			noPartials(t, dir)
			for i := range 3 {
				_, err := o.Stat(t.Context(), killedKey(i))
				if err != nil && i < stored {
					t.Errorf("%s was stored: %v", killedKey(i), err)
				}
				if err == nil && i == 2 && kill.after == stuck {
					t.Errorf("%s is there, of which not all was read", killedKey(i))
				}
				if err := put(t, o, killedKey(i), killedText(i)); err != nil { // also where it is there: then it is whole
					t.Error(err)
				}
			}
			if found := files(t, dir); len(found) != 3 {
				t.Errorf("there are %q, want 3 objects", found)
			}
		})
	}
}

// killed runs a child until it has said something, kills it, and returns how many
// objects it had stored.
func killed(t *testing.T, dir, stuckAt, after string) (stored int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], stuckAt)
	cmd.Env, cmd.Stderr = append(os.Environ(), childEnv+"="+dir), os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for said := ""; said != after; said = lines.Text() {
		if said == "stored" {
			stored++
		}
		if !lines.Scan() {
			t.Fatalf("the child ended by itself: %v", cmd.Wait())
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	_, _ = io.Copy(io.Discard, out)
	_ = cmd.Wait()
	return stored
}
