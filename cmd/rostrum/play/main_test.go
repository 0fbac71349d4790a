package play_test

import (
	"fmt"
	"net/http"
	"os"
	"testing"

	"go.uber.org/goleak"

	"rostrum/api/client"
	"rostrum/cmd/rostrum/rig"
)

// TestMain starts the real server for all tests, and looks what they leave behind.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(rig.Tests{M: served{m}, Parallel: 4})
}

// live is the server, whose token is token.
var live *rig.Server

const token = "token-of-the-tests"

// served runs tests while there is a server.
type served struct{ *testing.M }

func (s served) Run() int {
	cmd := rig.Command("serve", "--http.addr", "127.0.0.1:0", "--webrtc.udp_addr", ":0", "--webrtc.tcp_addr", ":0", "--limits.play", "off", "--limits.publish", "off")
	cmd.Dir = rig.Folder()
	cmd.Env = append(os.Environ(), "ROSTRUM_AUTH_TOKEN="+token)
	var err error
	if live, err = rig.Serve(cmd); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	code := s.M.Run()
	if err := live.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

// server returns a client of the server with connections of its own, which are closed with the test.
func server(t *testing.T) *client.Client {
	t.Helper()
	c, err := client.New(live.URL, client.Bearer(token), client.HTTP(&http.Client{Transport: &http.Transport{}}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdleConnections)
	return c
}
