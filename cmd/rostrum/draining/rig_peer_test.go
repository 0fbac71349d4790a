package draining

import (
	"net/http"
	"path"
	"strings"
	"testing"

	"rostrum/cmd/rostrum/rig"
	"rostrum/ports/porttest/webrtcpeer"
)

// client is a real WebRTC client with its session.
type client struct {
	*webrtcpeer.Peer
	id   string
	path string // of the session's URL
	tag  string // of its ICE session
}

// join posts a peer's offer and takes the answer.
func (s *stand) join(t *testing.T, peer *webrtcpeer.Peer, endpoint string) client {
	t.Helper()
	a := s.offer(endpoint, peer.Offer())
	if a.status != http.StatusCreated {
		t.Fatalf("POST %s: %d %s", endpoint, a.status, a.body)
	}
	peer.Accept(a.body)
	location := strings.TrimPrefix(a.header.Get("Location"), s.url)
	return client{Peer: peer, id: path.Base(location), path: location, tag: a.header.Get("ETag")}
}

// leave ends the session by DELETE.
func (s *stand) leave(t *testing.T, c client) {
	t.Helper()
	if a := s.request(http.MethodDelete, c.path, ""); a.status != http.StatusOK {
		t.Errorf("DELETE %s: %d %s", c.path, a.status, a.body)
	}
}

// restart restarts the session's ICE, which gets another tag by that.
func (s *stand) restart(t *testing.T, c client) {
	t.Helper()
	a := s.request(http.MethodPatch, c.path, c.Restart(), "Content-Type: application/trickle-ice-sdpfrag", "If-Match: *")
	if a.status != http.StatusOK || a.header.Get("ETag") == c.tag {
		t.Errorf("PATCH %s: %d %s", c.path, a.status, a.body)
		return
	}
	c.Renew(a.body)
}

// watch connects a viewer and waits until it has seen a picture of a publisher.
func (s *stand) watch(t *testing.T, room string) *viewer {
	t.Helper()
	return s.crowd(t, room, 1)[0]
}

// crowd is watch for so many viewers, who come at once.
func (s *stand) crowd(t *testing.T, room string, n int) []*viewer {
	t.Helper()
	var all []*viewer
	for range n {
		v := newViewer(t)
		v.client = s.join(t, v.Peer, whep+room)
		all = append(all, v)
	}
	for _, v := range all {
		v.WaitConnected()
		rig.Wait(t, "the viewer sees a picture", v.received)
	}
	return all
}
