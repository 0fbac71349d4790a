package pion

import (
	"context"
	"fmt"
	"time"

	"rostrum/adapters/pion/negotiation"
	"rostrum/adapters/pion/transport"
	"rostrum/domain"
	"rostrum/ports"
)

// How often consent is checked. A publisher's is checked often enough to know
// within two seconds that it is gone.
const (
	publisherChecks  = 500 * time.Millisecond
	subscriberChecks = 2 * time.Second
)

// peer is what a publisher and a subscriber have in common: a connection, and what
// of it is negotiated anew when ICE restarts.
type peer struct {
	id      domain.SessionID
	events  ports.MediaEvents
	conn    *transport.Conn
	ice     iceSession
	bitrate bitrate
}

// newPeer returns a peer that has not been answered yet.
func (m *Media) newPeer(o ports.Offer, handler transport.Handler, checks time.Duration) (*peer, error) {
	conn, err := m.network.Open(handler, checks)
	if err != nil {
		return nil, err
	}
	p := &peer{id: o.Session, events: o.Events, conn: conn}
	p.ice.conn, p.ice.certificate = conn, negotiation.FingerprintOf(m.network.Certificate())
	return p, nil
}

// answer returns the complete answer, all candidates in it, and begins to connect.
// A subscriber's plan says what it is sent.
func (p *peer) answer(ctx context.Context, o *negotiation.Offer, plan []negotiation.Output) (string, error) {
	local, err := p.conn.Gather(ctx)
	if err != nil {
		return "", fmt.Errorf("answer an offer: %w", err)
	}
	answer, err := o.Answer(p.ice.transport(local), plan)
	if err != nil {
		return "", err
	}
	p.ice.begin(o)
	return answer, p.conn.Start(transport.Remote{
		Ufrag:      o.Credentials.Ufrag,
		Pwd:        o.Credentials.Pwd,
		Candidates: o.Candidates,
		Lite:       o.Lite,
		Active:     o.Setup.Answer() == negotiation.Passive,
		Trusts:     o.Trusts,
	})
}

// Ended tells that the connection is over. See transport.Handler.
func (p *peer) Ended(reason domain.EndReason) { p.events.Ended(p.id, reason) }

// report returns the numbers of the session so far, but for its media. It waits for
// nothing.
func (p *peer) report() domain.SessionReport {
	r := p.conn.Report()
	return domain.SessionReport{
		RemoteCandidates:    int(p.ice.seen.Load()),
		MDNSCandidates:      int(p.ice.names.Load()),
		FirstCandidateAfter: time.Duration(p.ice.firstAfter.Load()),
		Pair:                r.Pair,
		PairedAfter:         r.PairedAfter,
		DTLS:                r.DTLS,
		ConnectedAfter:      r.ConnectedAfter,
		RoundTrip:           r.RoundTrip,
		Restarts:            int(p.ice.restarts.Load()),
	}
}
