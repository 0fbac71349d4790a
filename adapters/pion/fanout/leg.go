package fanout

import (
	"math/rand/v2"
	"slices"
	"sync/atomic"

	"rostrum/domain"
)

// Identity is what a subscriber's session negotiated for one track: its SSRC and
// the payload type under which it takes each codec.
type Identity struct {
	SSRC         uint32
	PayloadTypes map[domain.Codec]uint8
}

// Leg is one subscriber's share of a track. A video leg waits for a key frame
// before it sends, so that the first thing a decoder gets is one that it can
// begin with.
//
// Except for its counters and retransmission, a leg belongs to the goroutine that
// flushes the track it is routed from.
type Leg struct {
	identity Identity
	sender   Sender

	open    atomic.Bool
	codec   domain.Codec // that it is open for
	first   uint64       // the extended sequence number that it began with
	rewrite atomicRewrite
	pt      atomic.Uint32

	packets, octets atomic.Uint32
}

// NewLeg returns a leg that sends nothing until a TrackFanout has it in its table.
func NewLeg(identity Identity, sender Sender) *Leg {
	return &Leg{identity: identity, sender: sender}
}

// send passes a burst on: all of it, or what there is from the first key frame on
// when the leg still waits for one.
func (l *Leg) send(codec domain.Codec, burst []*Packet) {
	if l.codec != codec {
		if burst = l.begin(codec, burst); len(burst) == 0 {
			return
		}
	}
	if burst[0].Sequence < l.first+ringSize {
		if burst = since(burst, l.first); len(burst) == 0 {
			return
		}
	}
	l.sender.Send(l.stream(), burst)
	octets := 0
	for _, p := range burst {
		octets += len(p.Payload)
	}
	l.packets.Add(uint32(len(burst))) //nolint:gosec // RTCP counts modulo 2^32
	l.octets.Add(uint32(octets))      //nolint:gosec // RTCP counts modulo 2^32
}

// begin opens the leg for a codec at the first packet that a decoder can begin
// with and returns the burst from there on, nil if it has none or the subscriber
// does not take the codec. Numbering begins at random (RFC 3550 §5.1) and goes on
// when a source changes its codec.
func (l *Leg) begin(codec domain.Codec, burst []*Packet) []*Packet {
	pt, ok := l.identity.PayloadTypes[codec]
	if !ok {
		return nil
	}
	for i, p := range burst {
		if codec.Kind() == domain.Video && !p.Keyframe {
			continue
		}
		if !l.open.Load() {
			l.rewrite.store(aligned(p, uint16(rand.Uint32()), rand.Uint32())) //nolint:gosec // no secret: it leaves in the clear
		}
		l.codec, l.first = codec, p.Sequence
		l.pt.Store(uint32(pt))
		l.open.Store(true)
		return burst[i:]
	}
	return nil
}

// since returns the packets of burst from sequence on: late packets from before a
// leg began are nothing to it. It allocates only where there are some.
func since(burst []*Packet, sequence uint64) []*Packet {
	late := func(p *Packet) bool { return p.Sequence < sequence }
	if !slices.ContainsFunc(burst, late) {
		return burst
	}
	return slices.DeleteFunc(slices.Clone(burst), late)
}

func (l *Leg) stream() Stream {
	return Stream{SSRC: l.identity.SSRC, PayloadType: uint8(l.pt.Load()), Rewrite: l.rewrite.load()} //nolint:gosec // stored from a uint8
}

// waiting reports whether the leg needs a key frame to begin.
func (l *Leg) waiting() bool { return !l.open.Load() }

// report sends a sender report that carries the publisher's clock over to the
// leg's timestamps.
func (l *Leg) report(clock Clock) {
	if l.waiting() {
		return
	}
	l.sender.Report(SenderReport{
		SSRC:    l.identity.SSRC,
		NTPTime: clock.NTPTime,
		RTPTime: clock.RTPTime + l.rewrite.load().Timestamp,
		Packets: l.packets.Load(),
		Octets:  l.octets.Load(),
	})
}
