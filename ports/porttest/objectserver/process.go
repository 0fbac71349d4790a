package objectserver

import (
	"bytes"
	"os/exec"
	"sync"
)

// process is a running server.
type process struct {
	cmd   *exec.Cmd
	out   *tail
	ended chan struct{} // closed when it has
}

func startProcess(cmd *exec.Cmd, env []string) (*process, error) {
	p := &process{cmd: cmd, out: &tail{}, ended: make(chan struct{})}
	cmd.Env, cmd.Stdout, cmd.Stderr = env, p.out, p.out
	bind(cmd)
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(p.ended)
		_ = cmd.Wait() // a server that is killed says so
	}()
	return p, nil
}

// kill ends the process as kill -9 does, and waits for its end.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.ended
}

func (p *process) said() string {
	p.out.mu.Lock()
	defer p.out.mu.Unlock()
	return p.out.text.String()
}

// tail keeps the end of what is written to it.
type tail struct {
	mu   sync.Mutex
	text bytes.Buffer
}

const tailSize = 64 << 10

// Write never fails.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text.Write(p)
	t.text.Next(max(0, t.text.Len()-tailSize))
	return len(p), nil
}
