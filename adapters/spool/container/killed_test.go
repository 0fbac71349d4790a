package container_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"rostrum/adapters/spool/container"
	"rostrum/domain"
)

// childDirectory is the environment variable that tells a test that it runs in a
// process of its own, and in which directory it works.
const childDirectory = "ROSTRUM_TEST_CHILD"

// child returns the present test as a process of its own, which does not outlive it.
func child(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	command := exec.CommandContext(ctx, os.Args[0], "-test.run", "^"+t.Name()+"$", "-test.v")
	command.Env = append(os.Environ(), childDirectory+"="+dir)
	return command
}

// A process records and finalizes one file after another, and says what it has
// written; it is killed at some instant.
func TestKilledAtWork(t *testing.T) {
	if dir := os.Getenv(childDirectory); dir != "" {
		recordForEver(t, dir)
	}
	for round := range 6 {
		dir := t.TempDir()
		command := child(t, dir)
		out, err := command.StdoutPipe()
		must(t, err)
		must(t, command.Start())
		written := map[string]int{}
		deadline := time.AfterFunc(20*time.Second, func() { _ = command.Process.Kill() })
		for lines, last := bufio.NewScanner(out), 20+rand.IntN(200); lines.Scan(); {
			var name string
			var pictures int
			if n, _ := fmt.Sscanf(lines.Text(), "wrote %s %d", &name, &pictures); n == 2 {
				written[name] = pictures
				last--
			}
			if last == 0 {
				_ = command.Process.Kill()
			}
		}
		_ = command.Wait()
		deadline.Stop()
		if len(written) == 0 || command.ProcessState.Exited() {
			t.Fatalf("%d files were written, and then it was not killed but %v", len(written), command.ProcessState)
		}
		expectWritten(t, round, dir, written)
	}
}

func expectWritten(t *testing.T, round int, dir string, written map[string]int) {
	t.Helper()
	files, err := os.ReadDir(dir)
	must(t, err)
	for _, file := range files {
		s, err := container.Finalize(filepath.Join(dir, file.Name()))
		want := written[file.Name()]
		if errors.Is(err, container.ErrEmpty) && want == 0 {
			continue
		}
		if err != nil || s.Pictures < want || s.Pictures > want+5 {
			t.Errorf("round %d, %s: %d pictures and %v, want the %d that were written", round, file.Name(), s.Pictures, err, want)
		}
	}
}

func recordForEver(t *testing.T, dir string) {
	formats := []*container.VideoFormat{
		{Codec: domain.VP9, Width: 320, Height: 180, BitDepth: 8, Subsampling: 1}, {Codec: domain.VP8, Width: 320, Height: 180},
	}
	for n := 0; ; n++ {
		format := formats[n%2]
		name := fmt.Sprintf("part-%d%s", n, container.Extension(format.Codec))
		w, err := container.Create(filepath.Join(dir, name), format, stereo)
		must(t, err)
		for i := range int64(20) {
			var f container.Fragment
			for k := range int64(5) {
				at := (i*5 + k) * 3600
				f.Video = append(f.Video, container.Sample{DTS: at, PTS: at, Duration: 3600, Key: k == 0, Data: make([]byte, 20_000)})
			}
			must(t, w.Write(f))
			fmt.Printf("wrote %s %d\n", name, (i+1)*5) //nolint:forbidigo // its parent reads it
		}
		must(t, w.Close())
		_, err = container.Finalize(filepath.Join(dir, name))
		must(t, err)
	}
}
