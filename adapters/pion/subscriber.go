package pion

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/srtp/v3"

	"rostrum/adapters/pion/egress"
	"rostrum/adapters/pion/fanout"
	"rostrum/adapters/pion/negotiation"
	"rostrum/adapters/pion/transport"
	"rostrum/domain"
	"rostrum/ports"
)

// subscriber is a session that receives: one output for each kind of media that
// it has a place for and the room has a track of. It has no goroutine of its own for
// media: workers send to it, and what it says is served where it is read.
type subscriber struct {
	*peer
	media   *Media
	outputs []*output // in the offer's order
	outlet  *egress.Outlet
	path    transport.Path // the last that was told

	estimate atomic.Uint64             // of what its way carries, in bit/s, as it said last
	awaited  atomic.Pointer[time.Time] // when somebody came to publish what it waited for, connected; nil: it had not to wait
	observed int                       // how often; the observer's own

	mu      sync.Mutex     // guards what follows
	control *controlReader // nil: not yet connected
	pace    pace           // of what it says
}

var _ transport.Handler = (*subscriber)(nil)

// newSubscriber returns a subscriber that has not been answered yet.
func (m *Media) newSubscriber(o ports.Offer, plan []negotiation.Output) (*subscriber, error) {
	s := &subscriber{media: m}
	for _, planned := range plan {
		s.outputs = append(s.outputs, &output{Output: planned, subscriber: s})
	}
	var err error
	s.peer, err = m.newPeer(o, s, subscriberChecks)
	return s, err
}

// Connected makes the legs. See transport.Handler.
func (s *subscriber) Connected(profile srtp.ProtectionProfile, keys srtp.SessionKeys) {
	outlet, err := egress.NewOutlet(profile, keys.LocalMasterKey, keys.LocalMasterSalt)
	if err != nil {
		return // of a profile that was not offered
	}
	context, err := srtp.CreateContext(keys.RemoteMasterKey, keys.RemoteMasterSalt, profile, srtp.SRTCPReplayProtection(replayWindow))
	if err != nil {
		return // likewise
	}
	s.mu.Lock()
	s.control = &controlReader{context: context, tally: &s.media.tally}
	s.mu.Unlock()
	s.outlet = outlet
	s.Moved(s.path)
	for _, o := range s.outputs {
		identity := fanout.Identity{SSRC: o.SSRC, PayloadTypes: o.PayloadTypes()}
		o.leg.Store(fanout.NewLeg(identity, outlet.NewSender(o.RTX, o.RetransmissionTypes())))
	}
	s.media.joined(s)
	s.events.Connected(s.id)
}

// Moved has media follow the path. See transport.Handler.
func (s *subscriber) Moved(path transport.Path) {
	s.path = path
	switch {
	case s.outlet == nil: // the keys are still to come
	case path.Direct:
		s.outlet.To(path.Socket, path.Remote)
	default:
		s.outlet.Through(s.conn)
	}
}

// Receive serves what the subscriber says by RTCP. See socket.Receiver.
func (s *subscriber) Receive(packet []byte) {
	tally := &s.media.tally
	switch {
	case !isControl(packet):
		tally.unknown.Add(1) // it has nothing to send
		return
	case len(packet) > maxPacket:
		tally.malformed.Add(1)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.control == nil {
		return
	}
	packets, _ := s.control.read(packet)
	if packets == nil {
		return
	}
	if !s.pace.allows(time.Now()) {
		tally.flood.Add(1)
		return
	}
	for _, p := range packets {
		if e, ok := p.(*rtcp.ReceiverEstimatedMaximumBitrate); ok {
			s.estimate.Store(uint64(e.Bitrate))
		}
		for _, o := range s.outputs {
			o.serve(p)
		}
	}
}

// Received is nothing to a subscriber: each packet was served as it came. See
// socket.Receiver.
func (s *subscriber) Received() {}

// report returns the numbers of the session so far, but for its bitrate.
func (s *subscriber) report() domain.SessionReport {
	r := s.peer.report()
	r.Estimate = s.estimate.Load()
	var firsts []fanout.Firsts
	for _, o := range s.outputs {
		leg := o.leg.Load()
		if leg == nil {
			continue
		}
		sent := leg.Sent()
		r.Packets += sent.Packets
		r.Bytes += sent.Bytes
		r.Keyframes += sent.Keyframes
		r.Resent += sent.Resent
		r.Lost += uint64(o.lost.Load())
		r.Dropped = s.outlet.Dropped()
		firsts = append(firsts, sent.First)
		if leg.Fed() && r.Fed != domain.Video {
			r.Fed = o.Section.Kind
		}
	}
	s.gotOn(&r, firsts...)
	return r
}

// connect makes from the source of the output of that kind and returns its leg,
// nil where the subscriber has no such output or is not connected.
func (s *subscriber) connect(from *source, kind domain.MediaKind) *fanout.Leg {
	for _, o := range s.outputs {
		if o.Section.Kind == kind {
			leg := o.leg.Load()
			if o.source.Swap(from) == nil && leg != nil {
				now := time.Now()
				s.awaited.CompareAndSwap(nil, &now)
			}
			return leg
		}
	}
	return nil
}

// lastFed returns what the subscriber was fed last, as domain.SessionReport.Fed has it.
func (s *subscriber) lastFed() (kind domain.MediaKind) {
	for _, o := range s.outputs {
		if o.source.Load() != nil && kind != domain.Video {
			kind = o.Section.Kind
		}
	}
	return kind
}

// close closes the connection.
func (s *subscriber) close() { s.conn.Close() }
