package bench

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	startTimeout = 30 * time.Second
	stopTimeout  = 30 * time.Second
)

// server is a process that bench has started.
type server struct {
	url, token string
	process    *exec.Cmd
	folder     string // its working directory
	log        *tail
	running    sync.WaitGroup
	exited     chan error // gets one
}

// startServer starts a server on free ports of the loopback interface, with limits off and nothing kept, and waits until it says
// where it serves. ended is called when it ends, also by itself.
func startServer(ctx context.Context, t Target, c cores, ended func(error)) (_ *server, err error) {
	s := &server{token: rand.Text(), log: &tail{}, exited: make(chan error, 1)}
	if s.folder, err = os.MkdirTemp("", "rostrum-bench"); err != nil {
		return nil, err
	}
	s.process = exec.Command(t.executable, append([]string{ //nolint:gosec,noctx // bench itself, and stop ends it
		"serve", "--http.addr", "127.0.0.1:0", "--webrtc.udp_addr", "127.0.0.1:0", "--webrtc.tcp_addr", "", "--database.url", "memory:",
		"--limits.publish", "off", "--limits.play", "off", "--limits.sessions", "off", "--limits.load", "0", "--log.level", "warn",
		"--rooms.record=false",
	}, t.settings...)...)
	s.process.Dir, s.process.Stderr = s.folder, s.log
	s.process.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "ROSTRUM_") }),
		"ROSTRUM_AUTH_TOKEN="+s.token, "GOMAXPROCS="+strconv.Itoa(t.Cores))
	out, err := s.process.StdoutPipe()
	if err == nil {
		err = c.start(s.process)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start a server: %w", err), os.RemoveAll(s.folder))
	}
	ready := make(chan string, 1)
	s.running.Go(func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if _, url, ok := strings.Cut(lines.Text(), " is ready at "); ok {
				ready <- strings.TrimSpace(url)
			}
		}
		err := s.process.Wait()
		s.exited <- err
		ended(fmt.Errorf("the server ended: %w%s", orNil(err), s.log))
	})
	if err := s.await(ctx, ready); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

// await returns when the server is ready, or why it will not be.
func (s *server) await(ctx context.Context, ready <-chan string) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	select {
	case s.url = <-ready:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("the server did not start: %w", context.Cause(ctx))
	}
}

// stop asks the server to stop and waits for it. What it should not have done is an error, with what it has logged last.
func (s *server) stop() error {
	_ = s.process.Process.Signal(os.Interrupt) // it may be gone
	patience := time.AfterFunc(stopTimeout, func() { _ = s.process.Process.Kill() })
	s.running.Wait()
	patience.Stop()
	err := <-s.exited
	if err != nil {
		err = fmt.Errorf("the server stopped badly: %w%s", err, s.log)
	}
	return errors.Join(err, os.RemoveAll(s.folder))
}

func orNil(err error) error {
	if err == nil {
		return errors.New("by itself")
	}
	return err
}

// tail keeps the last of what is written to it.
type tail struct {
	mu   sync.Mutex
	kept []byte
}

// Write never fails.
func (t *tail) Write(b []byte) (int, error) {
	const most = 4 << 10
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, b...)
	t.kept = t.kept[max(len(t.kept)-most, 0):]
	return len(b), nil
}

// String is what is kept, as the end of an error.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.kept) == 0 {
		return ""
	}
	return "; its log ends:\n" + strings.TrimSpace(string(t.kept))
}
