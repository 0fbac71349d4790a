package recording

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"rostrum/cmd/rostrum/rig"
	"rostrum/ports/porttest/freeport"
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
	address, err := freeport.Address()
	if err != nil {
		t.Fatal(err)
	}
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

// spool is where recordings are written.
func (s *stand) spool() string { return filepath.Join(s.folder, "data", "spool") }

// store is where recordings end up, unless the flags say otherwise.
func (s *stand) store() string { return filepath.Join(s.folder, "data", "recordings") }

// server is one process of a stand.
type server struct {
	*rig.Server
	t *testing.T
}

// start starts a server and waits until it serves. More flags hold for this start
// alone.
func (s *stand) start(flags ...string) *server {
	s.t.Helper()
	return s.startAs(rig.Command(append(append([]string{}, s.flags...), flags...)...))
}

// startAs starts what a command runs as the server of the stand.
func (s *stand) startAs(cmd *exec.Cmd) *server {
	s.t.Helper()
	cmd.Dir = s.folder
	cmd.Env = append(append(os.Environ(), "ROSTRUM_AUTH_TOKEN="+token), s.env...)
	served, err := rig.Serve(cmd)
	if err != nil {
		s.t.Fatal(err)
	}
	s.now = &server{served, s.t}
	return s.now
}

// kill ends the server as kill -9 does, at whatever it is.
func (v *server) kill() {
	v.t.Helper()
	if err := v.Kill(); err != nil {
		v.t.Error(err)
	}
}

// stop asks the server to stop, as an operator does, and waits for it.
func (v *server) stop() {
	v.t.Helper()
	if err := v.Stop(); err != nil {
		v.t.Error(err)
	}
}

// says waits until the server has logged a text, so many times.
func (v *server) says(text string, times int) {
	v.t.Helper()
	rig.Eventually(v.t, fmt.Sprintf("the log says %q %d times", text, times), func() bool { return v.Log.Count(text) >= times })
}
