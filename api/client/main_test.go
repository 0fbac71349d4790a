package client_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
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
	var err error
	if live, err = rig.Serve(command()); err != nil {
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

// command is the server as users start it, in a folder of its own.
func command() *exec.Cmd {
	cmd := rig.Command("serve", "--http.addr", "127.0.0.1:0", "--webrtc.udp_addr", ":0", "--webrtc.tcp_addr", ":0")
	cmd.Dir = rig.Folder()
	cmd.Env = append(os.Environ(), "ROSTRUM_AUTH_TOKEN="+token)
	return cmd
}

// serve answers a client's requests by a handler until the test ends.
func serve(t *testing.T, handler http.HandlerFunc, options ...client.Option) *client.Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return connect(t, server.URL, options...)
}

// connect returns a client with connections of its own, which are closed with the test.
func connect(t *testing.T, address string, options ...client.Option) *client.Client {
	t.Helper()
	own := &http.Client{Transport: &http.Transport{}}
	c, err := client.New(address, append([]client.Option{client.Bearer(token), client.HTTP(own)}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdleConnections)
	return c
}
