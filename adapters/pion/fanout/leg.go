package fanout

import (
	"math/rand/v2"
	"sync/atomic"
	"time"

	"rostrum/domain"
)

// Identity is what a subscriber's session negotiated for one track: its SSRC and
// the payload type under which it takes each codec.
type Identity struct {
	SSRC         uint32
	PayloadTypes map[domain.Codec]uint8
}

// Leg is one subscriber's share of what is published in its room: one stream to it,
// whatever sources that is made of. A video leg waits for a key frame before it
// sends from a source, so that a decoder can begin with what it gets.
//
// A leg belongs to the goroutine that flushes the track it is routed from; others
// read its opening and its counters. TrackFanout.Detach hands it over.
type Leg struct {
	identity Identity
	sender   Sender

	opening atomic.Pointer[opening] // nil: nothing has left yet
	newest  sent

	packets, octets, keys atomic.Uint64 // sent
}

// opening is how a leg has begun to send a codec of a source, and how it goes on.
// It is replaced as a whole when one of the two changes.
type opening struct {
	source *TrackFanout
	codec  domain.Codec
	first  uint64 // the extended sequence number that it began with
	stream Stream
}

// sent is what has left last, and when.
type sent struct {
	sequence  uint16
	timestamp uint32
	at        time.Time
}

// NewLeg returns a leg that sends nothing until a TrackFanout has it in its table.
func NewLeg(identity Identity, sender Sender) *Leg {
	return &Leg{identity: identity, sender: sender}
}

// send passes a burst of a source on: all of it, or what there is from the first
// key frame on when the leg still waits for one.
func (l *Leg) send(from *TrackFanout, codec domain.Codec, b burst) {
	o := l.opening.Load()
	if o == nil || o.codec != codec || o.source != from {
		if o = l.begin(from, codec, b); o == nil {
			return
		}
	}
	if b.packets[0].Sequence < o.first+ringSize {
		if b = b.since(o.first); len(b.packets) == 0 {
			return
		}
	}
	l.sender.Send(o.stream, b.packets)
	l.remember(sent{o.stream.Rewrite.SequenceOf(b.newest), o.stream.Rewrite.TimestampOf(b.newest), b.at})
	l.packets.Add(uint64(len(b.packets)))
	l.octets.Add(b.octets)
	l.keys.Add(b.keys)
}

// remember takes note of what has left, unless something newer has before: a burst
// can be of late packets alone.
func (l *Leg) remember(s sent) {
	if l.newest.at.IsZero() || int16(s.sequence-l.newest.sequence) > 0 { //nolint:gosec // RTP arithmetic is modulo 2^16
		l.newest = s
	}
}

// begin opens the leg for a source and its codec at the first packet that a decoder
// can begin with. It returns nil where the burst has none, or the subscriber does
// not take the codec.
func (l *Leg) begin(from *TrackFanout, codec domain.Codec, b burst) *opening {
	pt, ok := l.identity.PayloadTypes[codec]
	if !ok {
		return nil
	}
	for _, p := range b.packets {
		if codec.Kind() == domain.Video && !p.Keyframe {
			continue
		}
		stream := Stream{SSRC: l.identity.SSRC, PayloadType: pt, Rewrite: l.numbering(from, p, b.at)}
		o := &opening{source: from, codec: codec, first: p.Sequence, stream: stream}
		l.opening.Store(o)
		return o
	}
	return nil
}

// numbering returns how a source's numbers leave from packet p on: at random if it
// is the first of all (RFC 3550 §5.1), as before if the source only changes its
// codec, and right behind what has left, as much later as it is, from another one.
func (l *Leg) numbering(from *TrackFanout, p *Packet, at time.Time) Rewrite {
	before := l.opening.Load()
	switch {
	case before == nil:
		return aligned(p, uint16(rand.Uint32()), rand.Uint32()) //nolint:gosec // no secret: it leaves in the clear
	case before.source == from:
		return before.stream.Rewrite
	default:
		step := max(at.Sub(l.newest.at), time.Millisecond) * time.Duration(clockRate(from.kind)) / time.Second
		return aligned(p, l.newest.sequence+1, l.newest.timestamp+uint32(step)) //nolint:gosec // RTP counts modulo 2^32
	}
}

// clockRate is the RTP clock of each kind of media.
func clockRate(kind domain.MediaKind) int {
	if kind == domain.Audio {
		return 48_000
	}
	return 90_000
}

// Sent returns how many packets, bytes of payload and key frames have left, without
// what was sent again.
func (l *Leg) Sent() (packets, bytes, keyframes uint64) {
	return l.packets.Load(), l.octets.Load(), l.keys.Load()
}

// waitsFor reports whether the leg could send a codec of a source and has not begun
// to. The codec is "" while the source has not sent anything.
func (l *Leg) waitsFor(from *TrackFanout, codec domain.Codec) bool {
	if o := l.opening.Load(); o != nil && o.source == from && (codec == "" || o.codec == codec) {
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

// report sends a sender report that carries a source's clock over to the leg's
// timestamps.
func (l *Leg) report(from *TrackFanout, clock Clock) {
	o := l.opening.Load()
	if o == nil || o.source != from {
		return
	}
	l.sender.Report(SenderReport{
		SSRC:    l.identity.SSRC,
		NTPTime: clock.NTPTime,
		RTPTime: clock.RTPTime + o.stream.Rewrite.Timestamp,
		Packets: uint32(l.packets.Load()), //nolint:gosec // RTCP counts modulo 2^32
		Octets:  uint32(l.octets.Load()),  //nolint:gosec // likewise
	})
}
