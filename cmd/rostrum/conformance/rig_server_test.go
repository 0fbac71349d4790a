package conformance

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// server is a process of the real binary.
type server struct {
	url     string // http://127.0.0.1:PORT
	process *exec.Cmd
	log     *journal
	exited  chan error
}

// start starts a server on ports of its own, with its rooms in memory, and waits
// until it says where it serves.
func start(args ...string) (*server, error) {
	free, err := freePort()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp(filepath.Dir(executable), "server")
	if err != nil {
		return nil, err
	}
	s := &server{log: &journal{}, exited: make(chan error, 1)}
	s.process = exec.Command(executable, append([]string{"serve", "--http.addr", "127.0.0.1:0", "--webrtc.udp_addr", free, "--webrtc.tcp_addr", "127.0.0.1:0", "--database.url", "memory:"}, args...)...)
	s.process.Dir = folder
	s.process.Env = append(os.Environ(), "ROSTRUM_AUTH_TOKEN="+adminToken)
	s.process.Stderr = s.log
	out, err := s.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.process.Start(); err != nil {
		return nil, err
	}
	ready := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if _, url, ok := strings.Cut(lines.Text(), " is ready at "); ok {
				ready <- strings.TrimSpace(url)
			}
		}
		s.exited <- s.process.Wait()
	}()
	select {
	case s.url = <-ready:
		return s, nil
	case err := <-s.exited:
		return nil, fmt.Errorf("the server did not start: %w\n%s", err, s.log)
	case <-time.After(30 * time.Second):
		return nil, errors.Join(errors.New("the server is not ready after 30 s"), s.stop())
	}
}

// freePort returns an address of this machine whose port was free for UDP just now.
func freePort() (string, error) {
	socket, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return "", err
	}
	defer func() { _ = socket.Close() }()
	return socket.LocalAddr().String(), nil
}

// startServer starts a server of the test's own, rates off. It is stopped with the
// test, which fails if it cannot be.
func startServer(t *testing.T, args ...string) *server {
	t.Helper()
	s, err := start(append([]string{"--limits.publish", "off", "--limits.play", "off", "--limits.sessions", "off"}, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.stop(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// settings writes a configuration file and returns the flag that names it.
func settings(t *testing.T, yaml string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "rostrum.yaml")
	if err := os.WriteFile(file, []byte(yaml), 0o600); err != nil {
		t.Fatal(err)
	}
	return "--config=" + file
}

// stop asks the server to stop and waits for it. An exit code other than 0 is an
// error, with what the server has logged last.
func (s *server) stop() error {
	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("the server was gone before it was stopped: %w\n%s", err, s.log)
	}
	select {
	case err := <-s.exited:
		if err != nil {
			return fmt.Errorf("the server stopped badly: %w\n%s", err, s.log)
		}
		return nil
	case <-time.After(30 * time.Second):
		_ = s.process.Process.Kill()
		return fmt.Errorf("the server does not stop within 30 s\n%s", s.log)
	}
}

// addr is where the server listens for HTTP, HOST:PORT.
func (s *server) addr() string { return strings.TrimPrefix(s.url, "http://") }

// journal keeps the last 64 KiB that were written to it.
type journal struct {
	mu   sync.Mutex
	kept bytes.Buffer
}

var _ io.Writer = (*journal)(nil)

// Write never fails.
func (j *journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.kept.Write(b)
	if over := j.kept.Len() - 64<<10; over > 0 {
		j.kept.Next(over)
	}
	return len(b), nil
}

// String returns what is kept.
func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.kept.String()
}
