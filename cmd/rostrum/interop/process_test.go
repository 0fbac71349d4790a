//go:build interop

package interop

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"
)

// process is a program that a test has started. It is gone when the test is over.
type process struct {
	cmd     *exec.Cmd
	exited  chan struct{}  // closed when it has
	running sync.WaitGroup // it, and the reader of what it prints
}

// start starts a program. Each line that it prints, to either output unless cmd
// has another use for the standard one, goes into the test's log and to onLine,
// which may be nil.
func start(t *testing.T, cmd *exec.Cmd, onLine func(string)) *process {
	t.Helper()
	read, write := io.Pipe()
	cmd.Stderr = write
	if cmd.Stdout == nil {
		cmd.Stdout = write
	}
	cmd.WaitDelay = 5 * time.Second // for children of it that keep its outputs open
	if err := cmd.Start(); err != nil {
		t.Fatalf("start %s: %v", cmd.Path, err)
	}
	p := &process{cmd: cmd, exited: make(chan struct{})}
	p.running.Go(func() {
		for lines := bufio.NewScanner(read); lines.Scan(); {
			_, _ = t.Output().Write(append(lines.Bytes(), '\n'))
			if onLine != nil {
				onLine(lines.Text())
			}
		}
		_, _ = io.Copy(io.Discard, read) // a line was too long for the scanner
	})
	p.running.Go(func() {
		_ = cmd.Wait() // its exit code says how it was ended, which the test knows
		_ = write.Close()
		close(p.exited)
	})
	t.Cleanup(p.kill)
	return p
}

// kill ends the program by SIGKILL, so that it can tell nobody, and waits for it.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended by itself
	p.running.Wait()
}

// interrupt ends the program as Ctrl-C does, and waits for it.
func (p *process) interrupt() {
	lost := time.AfterFunc(20*time.Second, func() { _ = p.cmd.Process.Kill() })
	defer lost.Stop()
	_ = p.cmd.Process.Signal(os.Interrupt)
	p.running.Wait()
}

// within returns what comes from a channel, and fails the test when nothing does.
func within[T any](t *testing.T, limit time.Duration, from <-chan T, what string) T {
	t.Helper()
	select {
	case value := <-from:
		return value
	case <-time.After(limit):
		t.Fatalf("not within %v: %s", limit, what)
		panic("not reached")
	}
}
