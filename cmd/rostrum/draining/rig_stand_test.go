package draining

import (
	"net/http"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"

	"rostrum/cmd/rostrum/rig"
	"rostrum/ports/porttest/freeport"
)

// token is the administrator's on every stand.
const token = "token-of-the-draining-tests"

// forever is longer than any test waits: what ends under it has not waited for it.
const forever = "1h"

// stand is where a server runs, and what outlives its process: its directory and its
// address.
type stand struct {
	t      *testing.T
	client *http.Client
	url    string
	folder string
	flags  []string
	env    []string
	now    *rig.Server // nil: none has been started
}

// newStand returns a stand whose store is a directory of its own, unless flags name another
// one. What runs on it in the end is killed with the test.
func newStand(t *testing.T, flags ...string) *stand {
	t.Helper()
	address, err := freeport.Address()
	if err != nil {
		t.Fatal(err)
	}
	s := &stand{
		t: t, client: &http.Client{Timeout: rig.Patience, Transport: &http.Transport{}}, url: "http://" + address, folder: t.TempDir(),
		flags: append([]string{
			"serve", "--http.addr", address, "--webrtc.udp_addr", "127.0.0.1:0", "--webrtc.tcp_addr", "", "--rooms.grace", "1s",
			"--limits.publish", "off", "--limits.play", "off", "--limits.sessions", "off", "--limits.load", "0",
			"--drain.timeout", forever, "--drain.uploads", forever,
		}, flags...),
	}
	t.Cleanup(func() {
		s.client.CloseIdleConnections()
		if s.now != nil {
			s.kill()
		}
	})
	return s
}

// start starts a server and waits until it serves. More flags hold for this start alone.
func (s *stand) start(flags ...string) {
	s.t.Helper()
	cmd := rig.Command(slices.Concat(s.flags, flags)...)
	cmd.Dir, cmd.Env = s.folder, append(append(os.Environ(), "ROSTRUM_AUTH_TOKEN="+token), s.env...)
	var err error
	if s.now, err = rig.Serve(cmd); err != nil {
		s.t.Fatal(err)
	}
}

// terminate asks the server to stop, as systemd, Docker and Kubernetes do, and returns when
// it drains.
func (s *stand) terminate() {
	s.t.Helper()
	s.now.Signal(syscall.SIGTERM)
	s.says("msg=\"draining: ")
	rig.Eventually(s.t, "the server is not ready", func() bool {
		return s.request(http.MethodGet, "/readyz", "").status == http.StatusServiceUnavailable
	})
}

// exits waits until the server has stopped, which must be by exit code 0.
func (s *stand) exits() {
	s.t.Helper()
	rig.Wait(s.t, "the server stops", s.now.Exited())
	if err := s.now.Err(); err != nil {
		s.t.Errorf("the server stopped by %v\n%s", err, s.now.Log)
	}
	s.kill() // which tells of races
}

// kill ends the server as kill -9 does, if it has not ended.
func (s *stand) kill() {
	s.t.Helper()
	if err := s.now.Kill(); err != nil {
		s.t.Error(err)
	}
}

// says waits until the server has logged a text.
func (s *stand) says(text string) {
	s.t.Helper()
	rig.Eventually(s.t, "the log says "+text, func() bool { return s.now.Log.Count(text) > 0 })
}

// told returns the lines of the log that hold a text.
func (s *stand) told(text string) []string { return rig.Lines(s.now.Log.String(), text) }

// lives fails the test if the server has stopped.
func (s *stand) lives() {
	s.t.Helper()
	select {
	case <-s.now.Exited():
		s.t.Fatalf("the server has stopped: %v\n%s", s.now.Err(), strings.TrimSpace(s.now.Log.String()))
	default:
	}
}
