package draining

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
)

// A client that keeps its connection is told with its next answer to open another one, and
// is served on that as well.
func TestKeptConnectionsAreToldToClose(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.start()
	p := s.publish(t, "hall")
	s.watch(t, "hall").sees(t, 1)
	if a := s.request(http.MethodGet, "/healthz", ""); a.status != http.StatusNoContent || a.closes {
		t.Errorf("before the signal: %d, the connection closes: %v", a.status, a.closes)
	}
	s.terminate()
	for _, path := range []string{"/healthz", "/api/rooms/hall", "/watch/hall", "/nowhere"} {
		if a := s.request(http.MethodGet, path, ""); a.status == 0 || !a.closes {
			t.Errorf("GET %s: %d, the connection closes: %v", path, a.status, a.closes)
		}
	}
	s.leave(t, p.client)
	s.exits()
}

// Connections on which nothing comes, or half of a request, hold up nobody.
func TestIdleConnectionsAreNotWaitedFor(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.start()
	address := strings.TrimPrefix(s.url, "http://")
	for name, sent := range map[string]string{
		"silent":          "",
		"half a head":     "GET /healthz HTTP/1.1\r\nHost: ",
		"half a body":     "POST " + whip + "hall HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token + "\r\nContent-Type: application/sdp\r\nContent-Length: 100\r\n\r\nv=0",
		"kept and silent": "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
	} {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		if _, err := fmt.Fprint(conn, sent); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	s.request(http.MethodGet, "/healthz", "") // accepted behind those
	s.now.Signal(terminating)
	s.exits()
}
