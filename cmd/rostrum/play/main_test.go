package play_test

import (
	"net/http"
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
