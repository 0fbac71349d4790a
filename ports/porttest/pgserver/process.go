package pgserver

import (
	"bufio"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// process is a running postmaster.
type process struct {
	cmd   *exec.Cmd
	ready chan struct{} // closed when it takes connections
	ended chan struct{} // closed when it has ended
	log   tail
}

// startProcess returns when the server takes connections, or has not for too long.
func startProcess(binary, dir string, args []string) (*process, error) {
	p := &process{
		cmd:   exec.Command(binary, args...), //nolint:noctx // stop ends it
		ready: make(chan struct{}), ended: make(chan struct{}),
	}
	p.cmd.Dir, p.cmd.SysProcAttr = dir, attributes(account())
	out, err := p.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	started := make(chan error)
	go p.run(out, started)
	if err := <-started; err != nil {
		return nil, err
	}
	select {
	case <-p.ready:
		return p, nil
	case <-p.ended:
		return nil, fmt.Errorf("postgres has ended before it took connections:\n%s", p.log.String())
	case <-time.After(patience):
		p.stop()
		return nil, fmt.Errorf("postgres takes no connections:\n%s", p.log.String())
	}
}

// run starts the process and waits for its end, on one thread: Linux would end the
// process with the thread that it was started from.
func (p *process) run(out io.Reader, started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(p.ended)
	if err := p.cmd.Start(); err != nil {
		started <- err
		return
	}
	started <- nil
	once := sync.OnceFunc(func() { close(p.ready) })
	for lines := bufio.NewScanner(out); lines.Scan(); {
		p.log.add(lines.Text())
		if strings.Contains(lines.Text(), "database system is ready to accept") {
			once()
		}
	}
	_ = p.cmd.Wait() // a server that is stopped says so
}

// stop ends the postmaster and, by it, its children, and waits for all of them: they
// share the pipe that run reads to its end.
func (p *process) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGQUIT) // it may have ended
	<-p.ended
}

// tail keeps the end of a log.
type tail struct {
	mu    sync.Mutex
	lines []string
}

const tailLines = 200

func (t *tail) add(line string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lines = append(t.lines, line)
	t.lines = t.lines[max(0, len(t.lines)-tailLines):]
}

// String returns what is kept.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(t.lines, "\n")
}
