package rig

import (
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
)

// Live is one server for all tests of a package. It has ports of its own and no limits.
//
//	var live rig.Live
//
//	func TestMain(m *testing.M) { os.Exit(rig.Tests{M: live.During(m), Parallel: 4}.Run()) }
type Live struct{ *Server }

// LiveToken may do everything at a Live. It is made up anew for each package.
var LiveToken = rand.Text()

// During returns tests that run while there is the server. One that does not start or stop
// well fails them.
func (l *Live) During(tests interface{ Run() int }) interface{ Run() int } {
	return during{tests, l}
}

type during struct {
	tests interface{ Run() int }
	live  *Live
}

// Run returns the exit code.
func (d during) Run() (code int) {
	server, err := Serve(liveCommand())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() {
		if err := server.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}()
	d.live.Server = server
	return d.tests.Run()
}

// liveCommand is a run of such a server that has not begun, in the package's folder.
func liveCommand() *exec.Cmd {
	cmd := Command("serve", "--http.addr", "127.0.0.1:0", "--webrtc.udp_addr", ":0", "--webrtc.tcp_addr", ":0",
		"--limits.play", "off", "--limits.publish", "off", "--limits.sessions", "off", "--limits.load", "0")
	cmd.Dir = Folder()
	cmd.Env = append(os.Environ(), "ROSTRUM_AUTH_TOKEN="+LiveToken)
	return cmd
}
