package rtc

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/pion/webrtc/v4"

	"rostrum/api/client"
)

// How long to wait between attempts: at first, at most, and how much longer each time,
// spread so that the many of a server that comes back do not come at once.
const (
	firstPause = time.Second
	longPause  = 30 * time.Second
	growth     = 2
	spread     = 0.2
)

// side is what a publisher and a subscriber have each of its own.
type side interface {
	// begin takes the offer to the server.
	begin(ctx context.Context, offer string) (*client.Session, error)
	// equip gives a new connection what it is to carry.
	equip(c *Connection) error
}

// run keeps a session until ctx ends, While is done, or trying again is of no use.
func run(ctx context.Context, s *Settings, server string, of side) error {
	pauses := &backoff.ExponentialBackOff{
		InitialInterval: firstPause, MaxInterval: longPause, Multiplier: growth, RandomizationFactor: spread,
	}
	pauses.Reset()
	for known := false; ; {
		s.tell(Event{State: Connecting})
		began := time.Now()
		accepted, err := attempt(ctx, s, server, of)
		again, after := Retryable(err)
		again = again || known && isStandIn(err)
		known = known || accepted
		if err == nil || ctx.Err() != nil {
			s.tell(Event{State: Closed})
			return nil
		}
		if s.Once || !again {
			s.tell(Event{State: Closed, Err: err})
			return err
		}
		if time.Since(began) > longPause { // it had worked for a while
			pauses.Reset()
		}
		pause := max(pauses.NextBackOff(), after)
		s.tell(Event{State: Reconnecting, Err: err, After: pause})
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

func (s *Settings) tell(e Event) {
	if s.OnEvent != nil {
		s.OnEvent(e)
	}
}

// isStandIn reports whether something else has answered in place of the server, as a proxy
// does while that is being replaced: a page of its own, a 404, or with another certificate.
func isStandIn(err error) bool {
	var p *client.Problem
	if errors.As(err, &p) {
		return p.Code == "" && (p.Status == http.StatusNotFound || p.Status >= http.StatusInternalServerError)
	}
	return errors.Is(err, client.ErrContract) || errors.Is(err, client.ErrUntrusted)
}

// attempt is one session, from the offer to its end, and whether the server has accepted the
// offer. The error is nil when While is done.
func attempt(ctx context.Context, s *Settings, server string, of side) (accepted bool, err error) {
	if ctx.Err() != nil {
		return false, context.Cause(ctx)
	}
	pc, err := s.connect(server)
	if err != nil {
		return false, err
	}
	c := newConnection(pc)
	defer c.close(ctx, s)
	if err := of.equip(c); err != nil {
		return false, err
	}
	offer, err := pc.CreateOffer(nil)
	if err != nil {
		return false, err
	}
	if c.Session, err = of.begin(ctx, offer.SDP); err != nil { // candidates follow
		return false, err
	}
	if err := c.accept(offer); err != nil {
		return true, err
	}
	return true, c.serve(ctx, s)
}

// accept begins to gather candidates and to check them against those of the answer.
func (c *Connection) accept(offer webrtc.SessionDescription) error {
	if err := use(c.PeerConnection, c.Session.ICEServers); err != nil {
		return errors.Join(client.ErrContract, err)
	}
	if err := c.PeerConnection.SetLocalDescription(offer); err != nil {
		return err
	}
	return c.answer(c.Session.Answer)
}
