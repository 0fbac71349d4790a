package rtc

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/pion/webrtc/v4"

	"rostrum/api/client"
)

// signalPause is how long to wait before the server is told again what it has not heard.
const signalPause = time.Second

// candidates are what has been gathered and not been told. Any goroutine may use it.
type candidates struct {
	some chan struct{} // there are some

	mu    sync.Mutex
	lines []string
}

// add takes what pion tells: nil says that all have been.
func (g *candidates) add(candidate *webrtc.ICECandidate) {
	line := "end-of-candidates"
	if candidate != nil {
		line = candidate.ToJSON().Candidate
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.lines = append(g.lines, line)
	signal(g.some)
}

// take returns them, and has none left.
func (g *candidates) take() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	lines := g.lines
	g.lines = nil
	return lines
}

// signal tells the server of candidates, and restarts ICE when that is wanted, one thing
// after another until ctx ends. It returns why the session cannot go on.
func (c *Connection) signal(ctx context.Context) error {
	for {
		var err error
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-c.restarts:
			if err = c.restart(ctx); err != nil && !errors.Is(err, ErrEnded) && ctx.Err() == nil {
				err = fmt.Errorf("%w: %w", ErrLost, err) // another session may do better
			}
		case <-c.gathered.some:
			err = c.trickle(ctx)
		}
		if err != nil {
			return err
		}
	}
}

// trickle tells of what has been gathered. What the server does not want to hear may do
// without: it sees candidates by their checks.
func (c *Connection) trickle(ctx context.Context) error {
	fragment, err := newFragment(c.PeerConnection.LocalDescription().SDP, c.gathered.take())
	if err != nil {
		return err
	}
	err = c.insist(ctx, func() error { return c.Session.Trickle(ctx, fragment) })
	if err == nil || errors.Is(err, ErrEnded) {
		return err
	}
	c.unheard.Store(&err)
	return nil
}

// restart begins a new ICE session, on the same connection.
func (c *Connection) restart(ctx context.Context) error {
	c.gathered.take() // of the ICE session that is over
	offer, err := c.PeerConnection.CreateOffer(&webrtc.OfferOptions{ICERestart: true})
	if err != nil {
		return err
	}
	if err := c.PeerConnection.SetLocalDescription(offer); err != nil {
		return err
	}
	fragment, err := newFragment(offer.SDP, nil)
	if err != nil {
		return err
	}
	var said string
	err = c.insist(ctx, func() error {
		said, err = c.Session.Restart(ctx, fragment)
		return err
	})
	if err != nil {
		return err
	}
	return c.answer(renew(c.described, said))
}

// insist tries again what the network or the server may let through later. A session that
// is not there any more has been ended.
func (c *Connection) insist(ctx context.Context, try func() error) error {
	for {
		err := try()
		switch {
		case err == nil:
			c.unheard.Store(nil)
			return nil
		case over(err):
			return ErrEnded
		}
		again, after := client.Retryable(err)
		if !again {
			return err
		}
		c.unheard.Store(&err)
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(max(signalPause, after)):
		}
	}
}

// over reports whether an answer says that the session is.
func over(err error) bool {
	return errors.Is(err, &client.Problem{Status: http.StatusNotFound}) || errors.Is(err, &client.Problem{Status: http.StatusGone})
}
