package keeping

import (
	"errors"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"rostrum/cmd/rostrum/rig"
	"rostrum/ports/porttest/freeport"
)

// operator is the administrator's token on every stand.
const operator = "token-of-the-keeping-tests"

// stand is where a server runs, and what outlives its process: its directory, its address
// and its database.
type stand struct {
	t      *testing.T
	client *http.Client
	folder string
	url    string
	flags  []string
	env    []string
	now    *rig.Server // nil: none has been started
}

// newStand returns a stand on a database. What runs on it in the end is stopped with the
// test, which fails if it cannot be.
func newStand(t *testing.T, database string, flags ...string) *stand {
	t.Helper()
	address, err := freeport.Address()
	if err != nil {
		t.Fatal(err)
	}
	s := &stand{
		t: t, client: &http.Client{Timeout: rig.Patience, Transport: &http.Transport{}}, folder: t.TempDir(), url: "http://" + address,
		flags: append([]string{
			"--http.addr", address, "--webrtc.udp_addr", "127.0.0.1:0", "--webrtc.tcp_addr", "", "--rooms.grace", "1s",
			"--limits.publish", "off", "--limits.play", "off", "--limits.sessions", "off", "--limits.load", "0",
		}, flags...),
		env: []string{"ROSTRUM_AUTH_TOKEN=" + operator, "ROSTRUM_DATABASE_URL=" + database},
	}
	t.Cleanup(func() {
		s.client.CloseIdleConnections()
		if s.now != nil && running(s.now) {
			s.stop()
		}
	})
	return s
}

func running(v *rig.Server) bool {
	select {
	case <-v.Exited():
		return false
	default:
		return true
	}
}

// command returns a run of the program at the stand.
func (s *stand) command(args ...string) *exec.Cmd {
	cmd := rig.Command(args...)
	cmd.Dir, cmd.Env = s.folder, append(os.Environ(), s.env...)
	return cmd
}

// start starts a server and waits until it serves. More flags hold for this start alone.
func (s *stand) start(flags ...string) *rig.Server {
	s.t.Helper()
	return s.startAs(s.command(append(append([]string{"serve"}, s.flags...), flags...)...))
}

// startAs starts what a command runs as the server of the stand.
func (s *stand) startAs(cmd *exec.Cmd) *rig.Server {
	s.t.Helper()
	served, err := rig.Serve(cmd)
	if err != nil {
		s.t.Fatal(err)
	}
	s.now = served
	return served
}

// stop asks the server to stop, as an operator does, and waits for it.
func (s *stand) stop() {
	s.t.Helper()
	if err := s.now.Stop(); err != nil {
		s.t.Error(err)
	}
}

// kill ends the server as kill -9 does, at whatever it is.
func (s *stand) kill() {
	s.t.Helper()
	if err := s.now.Kill(); err != nil {
		s.t.Error(err)
	}
}

// run runs a command of the program to its end and returns what it has printed, and what
// went wrong as it says it, "" if nothing did.
func (s *stand) run(args ...string) (printed, wrong string) {
	s.t.Helper()
	var out, said strings.Builder
	cmd := s.command(args...)
	cmd.Stdout, cmd.Stderr = &out, &said
	err := cmd.Run()
	if code := cmd.ProcessState.ExitCode(); err != nil && code != 1 || err == nil && said.Len() > 0 {
		s.t.Errorf("rostrum %s: %v\n%s", strings.Join(args, " "), err, &said)
	}
	if err != nil {
		return out.String(), said.String()
	}
	return out.String(), ""
}

// Exit codes of a server that cannot start.
const (
	exitFailed        = 1
	exitMisconfigured = 2
)

// fails runs a server that cannot start, and returns what it says of that. It must do so
// with that exit code, and by itself.
func (s *stand) fails(want int) string {
	s.t.Helper()
	p, err := rig.Start(s.command(append([]string{"serve"}, s.flags...)...))
	if err != nil {
		s.t.Fatal(err)
	}
	select {
	case <-p.Exited():
	case <-time.After(rig.Patience):
		s.t.Errorf("the start has not failed after %v\n%s", rig.Patience, p.Log)
	}
	if err := p.Kill(); err != nil {
		s.t.Error(err)
	}
	if exit := (*exec.ExitError)(nil); !errors.As(p.Err(), &exit) || exit.ExitCode() != want {
		s.t.Errorf("the start ended by %v, want exit status %d\n%s", p.Err(), want, p.Log)
	}
	return p.Log.String()
}
