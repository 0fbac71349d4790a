package client_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"go.uber.org/goleak"

	"rostrum/api/client"
	"rostrum/cmd/rostrum/rig"
)

// live is the real server, for all tests.
var live rig.Live

var token = rig.LiveToken

// TestMain looks as well what the tests leave behind.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(rig.Tests{M: live.During(m), Parallel: 4})
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
