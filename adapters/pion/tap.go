package pion

import (
	"slices"
	"sync"

	"rostrum/adapters/pion/fanout"
	"rostrum/domain"
	"rostrum/ports"
)

// tap is a subscriber that is no peer. It has a leg of its own for each source that it
// is routed from, so that numbers and timestamps come as the publisher made them.
type tap struct {
	mu    sync.Mutex // held while the sink is called
	sink  ports.MediaSink
	ended bool
	legs  map[*source]*fanout.Leg
}

// Attach makes a subscriber of a sink. See ports.Tap.
func (m *Media) Attach(id domain.SessionID, sink ports.MediaSink) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.taps[id] = &tap{sink: sink, legs: map[*source]*fanout.Leg{}}
}

// RequestKeyframe asks the publisher for a key frame. See ports.Tap.
func (m *Media) RequestKeyframe(id domain.SessionID) {
	m.mu.Lock()
	t := m.taps[id]
	m.mu.Unlock()
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for from, leg := range t.legs {
		from.fanout.PictureLost(leg, 0)
	}
}

// connect returns the leg from a source. The legs from another publisher are over.
func (t *tap) connect(from *source) *fanout.Leg {
	t.mu.Lock()
	defer t.mu.Unlock()
	for s := range t.legs {
		if s.publisher != from.publisher {
			delete(t.legs, s)
		}
	}
	if t.legs[from] == nil {
		t.legs[from] = fanout.NewLeg(anyCodec(), &tapSender{
			tap: t, publisher: from.publisher.id, track: from.track.ID, askKeyframe: from.fanout.AskKeyframe,
		})
	}
	return t.legs[from]
}

// anyCodec is the identity of a leg that takes every codec, under whatever payload
// type: nothing is sent anywhere.
func anyCodec() fanout.Identity {
	return fanout.Identity{Unwatched: true, PayloadTypes: map[domain.Codec]uint8{
		domain.VP8: 0, domain.VP9: 0, domain.H264: 0, domain.H265: 0, domain.AV1: 0, domain.Opus: 0,
	}}
}

// end lets nothing through any more, and returns what has gone through.
func (t *tap) end() domain.SessionReport {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended = true
	var r domain.SessionReport
	for _, leg := range t.legs {
		sent := leg.Sent()
		r.Packets += sent.Packets
		r.Bytes += sent.Bytes
		r.Keyframes += sent.Keyframes
	}
	return r
}

// tapSender is the fanout.Sender of a tap's leg.
type tapSender struct {
	tap         *tap
	publisher   domain.SessionID
	track       domain.TrackID
	askKeyframe func() // does not block
	stream      ports.Stream
	shift       uint32         // what the leg has added to timestamps
	packets     []ports.Packet // reused
}

// Send hands a burst to the sink under the numbers and timestamps of its source.
func (s *tapSender) Send(_ fanout.Lane, stream fanout.Stream, burst []*fanout.Packet) {
	s.stream = ports.Stream{Publisher: s.publisher, Track: s.track, Codec: burst[0].Codec, Epoch: stream.Epoch}
	s.shift = stream.Rewrite.Timestamp
	s.packets = s.packets[:0]
	fresh := recent(stream.Rewrite, burst)
	if len(fresh) < len(burst) {
		s.askKeyframe() // the next picture may be minutes away, as of a still screen
	}
	for _, p := range fresh {
		s.packets = append(s.packets, ports.Packet{
			Sequence: p.Sequence, Timestamp: p.Timestamp, Marker: p.Marker, Keyframe: p.Keyframe, Payload: p.Payload,
		})
	}
	s.tap.mu.Lock()
	defer s.tap.mu.Unlock()
	if !s.tap.ended && len(s.packets) > 0 {
		s.tap.sink.Receive(s.stream, s.packets)
	}
}

// oldest is how much of the past a tap is given that joins, in ticks of pictures. What
// was shown longer ago is nothing to who says now that it is to be recorded: a still
// screen may have been sent minutes before.
const oldest = 2 * 90_000

// recent returns what of a burst a tap is given: all, unless a leg begins with a past
// that is too long. Then it begins with what is new, and has to have a key frame.
func recent(rewrite fanout.Rewrite, burst []*fanout.Packet) []*fanout.Packet {
	if first := burst[0]; first.Sequence >= rewrite.Live || int32(rewrite.Joined-first.Timestamp) <= oldest { //nolint:gosec // RTP arithmetic is modulo 2^32
		return burst
	}
	n := slices.IndexFunc(burst, func(p *fanout.Packet) bool { return p.Sequence >= rewrite.Live })
	if n < 0 {
		return nil
	}
	return burst[n:]
}

// Resend is never called: nobody asks a tap's leg for anything again.
func (s *tapSender) Resend(fanout.Lane, fanout.Stream, *fanout.Packet) {}

// Report hands the publisher's clock to the sink.
func (s *tapSender) Report(_ fanout.Lane, report fanout.SenderReport) {
	s.tap.mu.Lock()
	defer s.tap.mu.Unlock()
	if !s.tap.ended {
		s.tap.sink.Report(s.stream, ports.Clock{NTPTime: report.NTPTime, RTPTime: report.RTPTime - s.shift})
	}
}
