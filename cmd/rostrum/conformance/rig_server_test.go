package conformance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rostrum/cmd/rostrum/rig"
	"rostrum/ports/porttest/freeport"
)

// server is a process of the real binary.
type server struct{ *rig.Server }

// start starts a server on ports of its own, with its rooms in memory, and waits
// until it says where it serves.
func start(args ...string) (*server, error) {
	free, err := freeport.Address()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp(rig.Folder(), "server")
	if err != nil {
		return nil, err
	}
	cmd := rig.Command(append([]string{"serve", "--http.addr", "127.0.0.1:0", "--webrtc.udp_addr", free, "--webrtc.tcp_addr", "127.0.0.1:0", "--database.url", "memory:"}, args...)...)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "ROSTRUM_AUTH_TOKEN="+adminToken)
	served, err := rig.Serve(cmd)
	if err != nil {
		return nil, err
	}
	return &server{served}, nil
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
		if err := s.Stop(); err != nil {
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

// addr is where the server listens for HTTP, HOST:PORT.
func (s *server) addr() string { return strings.TrimPrefix(s.URL, "http://") }
