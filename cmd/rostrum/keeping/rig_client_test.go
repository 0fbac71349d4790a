package keeping

import (
	"context"
	"net/http"
	"path"
	"strings"
	"sync"
	"testing"

	"github.com/pion/webrtc/v4"

	"rostrum/cmd/rostrum/rig"
	"rostrum/ports/porttest/webrtcpeer"
)

// Endpoints, without the room.
const (
	whip = "/api/whip/publish/"
	whep = "/api/whep/play/"
)

// client is a real WebRTC client with its session.
type client struct {
	*webrtcpeer.Peer
	id   string // of its session
	path string // of the session's URL
}

// publish connects a publisher, which then sends until it is closed.
func (s *stand) publish(t *testing.T, room, bearer string) *client {
	t.Helper()
	c := s.join(t, webrtcpeer.Publisher(t), whip+room, bearer)
	c.WaitConnected()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var sending sync.WaitGroup
	sending.Go(func() { c.Stream(ctx) })
	t.Cleanup(func() { cancel(); sending.Wait() })
	return c
}

// watch connects a subscriber and waits until it has received something of a publisher.
func (s *stand) watch(t *testing.T, room, bearer string) *client {
	t.Helper()
	var once sync.Once
	received := make(chan struct{})
	var reading sync.WaitGroup
	peer := webrtcpeer.Subscriber(t, func(track *webrtc.TrackRemote) {
		reading.Add(1)
		defer reading.Done()
		for buffer := make([]byte, 1500); ; {
			if _, _, err := track.Read(buffer); err != nil {
				return // it is closed
			}
			once.Do(func() { close(received) })
		}
	})
	t.Cleanup(func() { peer.Close(); reading.Wait() })
	c := s.join(t, peer, whep+room, bearer)
	c.WaitConnected()
	rig.Wait(t, "the subscriber receives", received)
	return c
}

// join posts a peer's offer and takes the answer.
func (s *stand) join(t *testing.T, peer *webrtcpeer.Peer, endpoint, bearer string) *client {
	t.Helper()
	a := s.offer(endpoint, bearer, peer.Offer())
	if a.status != http.StatusCreated {
		t.Fatalf("POST %s: %d %s", endpoint, a.status, a.body)
	}
	peer.Accept(a.body)
	location := strings.TrimPrefix(a.header.Get("Location"), s.url)
	return &client{Peer: peer, id: path.Base(location), path: location}
}

// offer posts an offer.
func (s *stand) offer(endpoint, bearer, offer string) answer {
	s.t.Helper()
	return s.request(bearer, http.MethodPost, endpoint, offer, "Content-Type: application/sdp", "User-Agent: "+userAgent)
}

// userAgent is what the clients call themselves: any text may stand there.
const userAgent = `keeping/1.0 '); DROP TABLE sessions; --`

// refused posts a publisher's offer that must be answered by a status and a code.
func (s *stand) refused(t *testing.T, endpoint, bearer string, status int, code string) {
	t.Helper()
	a := s.offer(endpoint, bearer, webrtcpeer.Publisher(t).Offer())
	if a.status != status || a.code() != code {
		t.Errorf("POST %s: %d %s, want %d %s", endpoint, a.status, a.body, status, code)
	}
}

// leave ends a session by DELETE, as players do.
func (s *stand) leave(t *testing.T, c *client, bearer string) {
	t.Helper()
	if a := s.request(bearer, http.MethodDelete, c.path, ""); a.status != http.StatusOK {
		t.Errorf("DELETE %s: %d %s", c.path, a.status, a.body)
	}
	c.Close()
}

// remains fails the test if the other end has closed a client's connection.
func (c *client) remains(t *testing.T) {
	t.Helper()
	if state := c.PC.ConnectionState(); state != webrtc.PeerConnectionStateConnected {
		t.Errorf("the connection is %s", state)
	}
}
