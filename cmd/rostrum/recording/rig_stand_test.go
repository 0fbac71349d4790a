package recording

import (
	"bufio"
	"bytes"
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

// token is the administrator's on every stand.
const token = "token-of-the-recording-tests"

// stand is where a server runs, and what outlives its process: its directory, its
// database, its ports and its store.
type stand struct {
	t      *testing.T
	folder string
	url    string
	flags  []string
	env    []string
	now    *server // that runs; nil: none
}

// newStand returns a stand whose store is a directory of its own, unless flags name
// another one. What runs on it in the end is killed with the test.
func newStand(t *testing.T, flags ...string) *stand {
	t.Helper()
	folder := t.TempDir()
	address := freeAddress(t)
	s := &stand{t: t, folder: folder, url: "http://" + address, flags: append([]string{
		"serve", "--http.addr", address, "--webrtc.udp_addr", "127.0.0.1:0", "--webrtc.tcp_addr", "",
		"--limits.publish", "off", "--limits.play", "off", "--limits.sessions", "off", "--limits.load", "0", "--rooms.grace", "3s",
	}, flags...)}
	t.Cleanup(func() {
		if s.now != nil {
			s.now.kill()
		}
	})
	return s
}

// freeAddress returns an address of this machine whose port was free just now.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// spool is where recordings are written.
func (s *stand) spool() string { return filepath.Join(s.folder, "data", "spool") }

// store is where recordings end up, unless the flags say otherwise.
func (s *stand) store() string { return filepath.Join(s.folder, "data", "recordings") }

// server is one process of a stand.
type server struct {
	t       *testing.T
	process *exec.Cmd
	log     *journal
	exited  chan struct{}
	err     error // how it ended; to be read when exited is closed
}

// start starts a server and waits until it serves. More flags hold for this start
// alone.
func (s *stand) start(flags ...string) *server {
	s.t.Helper()
	cmd := exec.Command(executable, append(append([]string{}, s.flags...), flags...)...)
	return s.startAs(cmd)
}

// startAs starts what a command runs as the server of the stand.
func (s *stand) startAs(cmd *exec.Cmd) *server {
	s.t.Helper()
	v := &server{t: s.t, process: cmd, log: &journal{}, exited: make(chan struct{})}
	cmd.Dir = s.folder
	cmd.Env = append(append(os.Environ(), "ROSTRUM_AUTH_TOKEN="+token), s.env...)
	cmd.Stderr = v.log
	out, err := cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	ready := make(chan struct{})
	go func() {
		var once sync.Once
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if strings.Contains(lines.Text(), " is ready at ") {
				once.Do(func() { close(ready) })
			}
		}
		v.err = cmd.Wait()
		close(v.exited)
	}()
	select {
	case <-ready:
	case <-v.exited:
		s.t.Fatalf("the server did not start: %v\n%s", v.err, v.log)
	case <-time.After(60 * time.Second):
		v.kill()
		s.t.Fatalf("the server is not ready after a minute\n%s", v.log)
	}
	s.now = v
	return v
}

// kill ends the server as kill -9 does, at whatever it is.
func (v *server) kill() {
	_ = v.process.Process.Kill() // it may have ended
	<-v.exited
}

// stop asks the server to stop, as an operator does, and waits for it.
func (v *server) stop() {
	v.t.Helper()
	_ = v.process.Process.Signal(syscall.SIGTERM)
	select {
	case <-v.exited:
		if v.err != nil {
			v.t.Errorf("the server stopped badly: %v\n%s", v.err, v.log)
		}
	case <-time.After(45 * time.Second):
		v.kill()
		v.t.Errorf("the server does not stop\n%s", v.log)
	}
}

// says waits until the server has logged a text, so many times.
func (v *server) says(text string, times int) {
	v.t.Helper()
	eventually(v.t, fmt.Sprintf("the log says %q %d times", text, times), func() bool { return strings.Count(v.log.String(), text) >= times })
}

// journal keeps the last MiB that was written to it.
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
	if over := j.kept.Len() - 1<<20; over > 0 {
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

// patience is how long a test waits for what it expects, at most.
const patience = 90 * time.Second

// eventually waits until a condition holds.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !condition(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within %v: %s", patience, what)
		}
	}
}
