//go:build soak

package soak

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// token is the bearer token of the server under test.
const token = "token-of-the-soak-test"

// process is the program with one of its commands.
type process struct {
	cmd     *exec.Cmd
	exited  chan struct{} // closed when it has
	running sync.WaitGroup
}

// run starts the program. What it prints goes into the test's log, under a name, and
// to onLine. It is interrupted with the test.
func run(t *testing.T, name string, onLine func(string), args ...string) *process {
	t.Helper()
	cmd := exec.Command(rostrum, args...)
	cmd.Env = append(os.Environ(), "ROSTRUM_AUTH_TOKEN="+token, "ROSTRUM_TOKEN="+token)
	read, write := io.Pipe()
	cmd.Stdout, cmd.Stderr = write, write
	if err := cmd.Start(); err != nil {
		t.Fatalf("start %s: %v", rostrum, err)
	}
	p := &process{cmd: cmd, exited: make(chan struct{})}
	p.running.Go(func() {
		for lines := bufio.NewScanner(read); lines.Scan(); {
			_, _ = fmt.Fprintf(t.Output(), "%s: %s\n", name, lines.Text())
			onLine(lines.Text())
		}
		_, _ = io.Copy(io.Discard, read) // a line was too long for the scanner
	})
	p.running.Go(func() {
		_ = cmd.Wait() // the test interrupts it, and looks whether it still runs before
		_ = write.Close()
		close(p.exited)
	})
	t.Cleanup(p.interrupt)
	return p
}

// interrupt ends the program as Ctrl-C does, and waits for it.
func (p *process) interrupt() {
	lost := time.AfterFunc(20*time.Second, func() { _ = p.cmd.Process.Kill() })
	defer lost.Stop()
	_ = p.cmd.Process.Signal(os.Interrupt) // it may have ended
	p.running.Wait()
}

// runs reports whether the program has not ended by itself.
func (p *process) runs() bool {
	select {
	case <-p.exited:
		return false
	default:
		return true
	}
}

// resident returns how much memory the program has in RAM, in bytes.
func (p *process) resident(t *testing.T) int64 {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		t.Fatalf("the server's memory cannot be read: %v", err)
	}
	for line := range strings.Lines(string(status)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "VmRSS:" {
			kilobytes, err := strconv.ParseInt(fields[1], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			return kilobytes << 10
		}
	}
	t.Fatalf("/proc does not tell VmRSS:\n%s", status)
	return 0
}

var ready = regexp.MustCompile(`^Rostrum is ready at (http://\S+)$`)

// startServer starts a server on ports of its own, and returns its address.
func startServer(t *testing.T) (*process, string) {
	t.Helper()
	addresses, folder := make(chan string, 1), t.TempDir()
	server := run(t, "server", func(line string) {
		if found := ready.FindStringSubmatch(line); found != nil {
			addresses <- found[1]
		}
	}, "--http.addr=127.0.0.1:0", "--webrtc.udp_addr=127.0.0.1:0", "--webrtc.tcp_addr=", "--database.url=memory:",
		"--recording.dir="+filepath.Join(folder, "spool"), "--storage.url=file:"+filepath.Join(folder, "recordings"))
	select {
	case address := <-addresses:
		return server, address
	case <-server.exited:
		t.Fatal("the server ended at its start")
	case <-time.After(10 * time.Second):
		t.Fatal("the server was not ready within 10 s")
	}
	return nil, ""
}
