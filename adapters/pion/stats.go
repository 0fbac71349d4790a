package pion

import (
	"errors"
	"sync/atomic"
	"time"

	"github.com/pion/srtp/v3"

	"rostrum/ports"
)

// Stats returns what has been done so far. It looks at every session, some 0.2 us each, and
// holds up none that sends. See ports.Media.
func (m *Media) Stats() ports.MediaStats {
	stats := m.ledger.sum()
	m.tally.add(&stats)
	for _, lane := range m.lanes {
		sent := lane.Stats()
		stats.Egress.Packets += sent.Packets
		stats.Egress.Messages += sent.Messages
		stats.Egress.Calls += sent.Calls
		stats.Egress.Unsegmented += sent.Unsegmented
		stats.Drops[ports.DropSendBuffer] += sent.Full
		stats.Drops[ports.DropSend] += sent.Refused
	}
	for _, s := range m.network.Sockets() {
		stats.Drops[ports.DropReceiveBuffer] += s.Stats().Dropped
	}
	stats.Egress.Bursts = m.workers.Passes()
	stats.Load = min(m.load.now(), 1)
	return stats
}

// account adds what has come from the publisher.
func (p *publisher) account(to *ports.MediaStats) {
	var first time.Time
	for _, s := range p.sources {
		received := s.fanout.Received()
		to.Publishers.Packets += received.Packets
		to.Publishers.Bytes += received.Bytes
		first = earlier(first, received.First.Media)
	}
	to.Drops[ports.DropInbox] += p.inbox.dropped.Load()
	p.addTimes(&to.Publishers, time.Time{}, first)
}

// account adds what has been sent to the subscriber. What of that could not be sent is
// counted by the lanes.
func (s *subscriber) account(to *ports.MediaStats) {
	var first time.Time
	for _, o := range s.outputs {
		leg := o.leg.Load()
		if leg == nil {
			continue
		}
		sent := leg.Sent()
		to.Subscribers.Packets += sent.Packets
		to.Subscribers.Bytes += sent.Bytes
		to.Resends.Sent += sent.Resent
		to.Resends.Refused += sent.ResendsRefused
		first = earlier(first, sent.First.Media)
	}
	var since time.Time
	if awaited := s.awaited.Load(); awaited != nil {
		since = *awaited
	}
	s.addTimes(&to.Subscribers, since, first)
}

// addTimes adds how long the session has taken to connect and to have its first media since
// a time, the zero time for its offer, as far as it has.
func (p *peer) addTimes(to *ports.PeerStats, since, first time.Time) {
	if after := p.conn.Report().ConnectedAfter; after > 0 {
		to.Connected.Add(after)
	}
	if after := p.conn.After(first); after > 0 {
		to.FirstMedia.Add(max(0, after-p.conn.After(since)))
	}
}

// tally counts what no session counts for itself: what is lost, asked for and dropped. A
// packet that goes its way is not counted here. Any goroutine may add to it.
type tally struct {
	publishers, subscribers demands

	malformed, unknown, forged, replayed, late, flood atomic.Uint64 // packets dropped
}

// demands is what the sessions of one role lose, and what is asked for because of it.
type demands struct{ lost, nacks, keyframes atomic.Uint64 }

// undecrypted counts a packet that SRTP does not take.
func (t *tally) undecrypted(err error) {
	if errors.Is(err, srtp.ErrFailedToVerifyAuthTag) {
		t.forged.Add(1)
	} else {
		t.replayed.Add(1)
	}
}

func (t *tally) add(to *ports.MediaStats) {
	t.publishers.add(&to.Publishers)
	t.subscribers.add(&to.Subscribers)
	for reason, count := range map[ports.DropReason]*atomic.Uint64{
		ports.DropMalformed: &t.malformed, ports.DropUnknown: &t.unknown, ports.DropForged: &t.forged,
		ports.DropReplayed: &t.replayed, ports.DropLate: &t.late, ports.DropFlood: &t.flood,
	} {
		to.Drops[reason] += count.Load()
	}
}

func (d *demands) add(to *ports.PeerStats) {
	to.Lost += d.lost.Load()
	to.NACKs += d.nacks.Load()
	to.KeyframeRequests += d.keyframes.Load()
}

// highWater is how many packets of a stream have been lost, of which some can turn up
// later. It tells what is new above all that was lost before, so that a total of it never
// goes down. One goroutine at a time may use it.
type highWater struct{ mark uint64 }

func (h *highWater) rise(lost uint64) (more uint64) {
	if lost <= h.mark {
		return 0
	}
	more, h.mark = lost-h.mark, lost
	return more
}
