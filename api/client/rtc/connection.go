package rtc

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/webrtc/v4"

	"rostrum/api/client"
)

const (
	connectPatience = 15 * time.Second // until media can flow
	restartPatience = 10 * time.Second // until it can again
	endPatience     = 3 * time.Second  // for the end to be told to the server
)

// Connection is one session and its WebRTC connection.
type Connection struct {
	Session        *client.Session
	PeerConnection *webrtc.PeerConnection // Run's to close

	state     atomic.Int32 // webrtc.PeerConnectionState, the last
	changed   chan struct{}
	gathered  candidates
	restarts  chan struct{} // wanted
	unheard   atomic.Pointer[error]
	described string // the answer that holds

	mu     sync.Mutex
	closed bool
	of     sync.WaitGroup // all that runs for it
}

func newConnection(pc *webrtc.PeerConnection) *Connection {
	c := &Connection{
		PeerConnection: pc, changed: make(chan struct{}, 1), restarts: make(chan struct{}, 1),
		gathered: candidates{some: make(chan struct{}, 1)},
	}
	pc.OnICECandidate(c.gathered.add)
	pc.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		c.state.Store(int32(state)) //nolint:gosec // there are seven
		signal(c.changed)
	})
	return c
}

// signal leaves word, unless there is some already.
func signal(to chan<- struct{}) {
	select {
	case to <- struct{}{}:
	default:
	}
}

// RoundTrip is how long a connectivity check took last, 0 before there was one.
func (c *Connection) RoundTrip() time.Duration {
	transport := c.PeerConnection.SCTP().Transport().ICETransport()
	if pair, ok := transport.GetSelectedCandidatePairStats(); ok {
		return time.Duration(pair.CurrentRoundTripTime * float64(time.Second))
	}
	return 0
}

// goes runs something until the connection is closed, which waits for it.
func (c *Connection) goes(what func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed {
		c.of.Go(what)
	}
}

// answer takes the answer that holds from now on.
func (c *Connection) answer(description string) error {
	err := c.PeerConnection.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: description})
	if err != nil {
		return fmt.Errorf("%w: its answer can't be used: %w", client.ErrContract, err)
	}
	c.described = description
	return nil
}

// serve sees the session through: nil is the end of While, else it says why it is over.
func (c *Connection) serve(ctx context.Context, s *Settings) error {
	alive, end := context.WithCancelCause(ctx)
	defer end(nil)
	c.goes(func() { end(c.signal(alive)) })
	done := make(chan error, 1)
	deadline := time.NewTimer(connectPatience)
	defer deadline.Stop()
	met := false
	for {
		select {
		case <-alive.Done():
			return context.Cause(alive)
		case err := <-done:
			return err
		case <-deadline.C:
			return c.unmet(met)
		case <-c.changed:
		}
		switch webrtc.PeerConnectionState(c.state.Load()) {
		case webrtc.PeerConnectionStateConnected:
			deadline.Stop()
			s.tell(Event{State: Connected})
			if !met && s.While != nil {
				c.goes(func() { done <- c.while(alive, s) })
			}
			met = true
		case webrtc.PeerConnectionStateDisconnected:
			deadline.Reset(restartPatience)
			s.tell(Event{State: Restarting})
			signal(c.restarts)
		case webrtc.PeerConnectionStateFailed:
			return c.unmet(met)
		case webrtc.PeerConnectionStateClosed: // by DTLS
			return ErrEnded
		}
	}
}

// while does what is to be done while the session is connected. An end of the session is
// why it could not go on.
func (c *Connection) while(alive context.Context, s *Settings) error {
	err := s.While(alive, c)
	if err != nil && alive.Err() != nil {
		return context.Cause(alive)
	}
	return err
}

// unmet explains that there is no path for media.
func (c *Connection) unmet(met bool) error {
	err := ErrLost
	if !met {
		err = fmt.Errorf("%w: is its UDP port open, and does webrtc.public_ips name an address that is reachable from here?", ErrNoMedia)
	}
	if why := c.unheard.Load(); why != nil {
		return fmt.Errorf("%w (%w)", err, *why)
	}
	return err
}

// close ends the session on the server, also when ctx has ended, and waits for all that
// runs.
func (c *Connection) close(ctx context.Context, s *Settings) {
	if c.Session != nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endPatience)
		defer cancel()
		if err := c.Session.End(ctx); err != nil {
			s.tell(Event{State: Abandoned, Err: err})
		}
	}
	_ = c.PeerConnection.GracefulClose() // the server may have been faster
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.of.Wait()
}
