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
// A leg belongs to the goroutine that flushes the track it is routed from; others
// read its opening and its counters.
type Leg struct {
	identity Identity
	sender   Sender

	opening         atomic.Pointer[opening] // nil: nothing has left yet
	packets, octets atomic.Uint32
}

// opening is how a leg has begun to send a codec, and how it goes on. It is
// replaced as a whole when the codec changes.
type opening struct {
	codec  domain.Codec
	first  uint64 // the extended sequence number that it began with
	stream Stream
}

// NewLeg returns a leg that sends nothing until a TrackFanout has it in its table.
func NewLeg(identity Identity, sender Sender) *Leg {
	return &Leg{identity: identity, sender: sender}
}

// send passes a burst on: all of it, or what there is from the first key frame on
// when the leg still waits for one.
func (l *Leg) send(codec domain.Codec, burst []*Packet) {
	o := l.opening.Load()
	if o == nil || o.codec != codec {
		if o = l.begin(codec, burst); o == nil {
			return
		}
	}
	if burst[0].Sequence < o.first+ringSize {
		if burst = since(burst, o.first); len(burst) == 0 {
			return
		}
	}
	l.sender.Send(o.stream, burst)
	octets := 0
	for _, p := range burst {
		octets += len(p.Payload)
	}
	l.packets.Add(uint32(len(burst))) //nolint:gosec // RTCP counts modulo 2^32
	l.octets.Add(uint32(octets))      // likewise
}

// begin opens the leg for a codec at the first packet that a decoder can begin
// with. It returns nil where the burst has none, or the subscriber does not take
// the codec. Numbering begins at random (RFC 3550 §5.1) and goes on when a source
// changes its codec.
func (l *Leg) begin(codec domain.Codec, burst []*Packet) *opening {
	pt, ok := l.identity.PayloadTypes[codec]
	if !ok {
		return nil
	}
	for _, p := range burst {
		if codec.Kind() == domain.Video && !p.Keyframe {
			continue
		}
		o := &opening{codec: codec, first: p.Sequence, stream: Stream{SSRC: l.identity.SSRC, PayloadType: pt}}
		if before := l.opening.Load(); before != nil {
			o.stream.Rewrite = before.stream.Rewrite
		} else {
			o.stream.Rewrite = aligned(p, uint16(rand.Uint32()), rand.Uint32()) //nolint:gosec // no secret: it leaves in the clear
		}
		l.opening.Store(o)
		return o
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

// waitsFor reports whether the leg could send a codec and has not begun to. The
// codec is "" while the source has not sent anything.
func (l *Leg) waitsFor(codec domain.Codec) bool {
	if o := l.opening.Load(); o != nil && (codec == "" || o.codec == codec) {
		return false
	}
	_, takes := l.identity.PayloadTypes[codec]
	return takes || codec == ""
}

// resend sends a packet again if it ever left.
func (l *Leg) resend(o *opening, p *Packet) {
	if p.Sequence >= o.first && p.Codec == o.codec {
		l.sender.Resend(o.stream, p)
	}
}

// report sends a sender report that carries the publisher's clock over to the
// leg's timestamps.
func (l *Leg) report(clock Clock) {
	o := l.opening.Load()
	if o == nil {
		return
	}
	l.sender.Report(SenderReport{
		SSRC:    l.identity.SSRC,
		NTPTime: clock.NTPTime,
		RTPTime: clock.RTPTime + o.stream.Rewrite.Timestamp,
		Packets: l.packets.Load(),
		Octets:  l.octets.Load(),
	})
}
