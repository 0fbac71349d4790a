package fanout

import (
	"testing"

	"github.com/pion/rtp"

	"rostrum/domain"
)

// reference says what a TrackFanout must do, plainly and at any cost: it remembers
// everything and holds what each leg's recorder got against it.
type reference struct {
	t       *testing.T
	fanout  *TrackFanout
	codec   domain.Codec
	pending []arrived
	legs    []*referenceLeg // as in the table
}

// arrived is a packet that was taken, under the ring's extended number.
type arrived struct {
	extended uint64
	rtp.Packet
}

type referenceLeg struct {
	leg      *Leg
	identity Identity
	got      *recorder
	codec    domain.Codec
	begin    uint64
	numbered bool
	shift    Rewrite           // from the source's numbering, fixed by the first packet
	left     map[uint16]packet // by the leg's number, the last that had it
	packets  uint32
	octets   uint32
}

func newReferenceLeg(identity Identity) *referenceLeg {
	got := &recorder{}
	return &referenceLeg{leg: NewLeg(identity, got), identity: identity, got: got, left: map[uint16]packet{}}
}

// receive hands a packet to the fan-out. What it takes must be valid RTP.
func (r *reference) receive(codec domain.Codec, raw []byte) {
	taken := r.fanout.Receive(codec, raw)
	if r.fanout.codec != r.codec { // it has flushed the old codec's
		r.flushed()
		r.codec = r.fanout.codec
	}
	if !taken {
		return
	}
	var p rtp.Packet
	if err := p.Unmarshal(raw); err != nil {
		r.t.Fatalf("% x is taken: %v", raw, err)
	}
	last := r.fanout.burst[len(r.fanout.burst)-1]
	if uint16(last.Sequence) != p.SequenceNumber {
		r.t.Fatalf("packet %d is numbered %#x", p.SequenceNumber, last.Sequence)
	}
	if len(r.fanout.burst) == 1 { // it may have flushed to make place
		r.flushed()
	}
	r.pending = append(r.pending, arrived{last.Sequence, p})
	if r.fanout.Full() {
		r.flush()
	}
}

func (r *reference) flush() {
	r.fanout.Flush()
	r.flushed()
}

// flushed checks what a flush has sent to every leg.
func (r *reference) flushed() {
	for _, l := range r.legs {
		want := l.wanted(r.codec, r.pending)
		if len(l.got.sent) != len(want) {
			r.t.Fatalf("leg %d got %d packets of %s, want %d of %d", l.identity.SSRC, len(l.got.sent), r.codec, len(want), len(r.pending))
		}
		for i, p := range want {
			l.check(r.t, l.got.sent[i], p)
		}
		l.got.sent = nil
	}
	r.pending = nil
}

// wanted returns the part of a burst that the leg must get.
func (l *referenceLeg) wanted(codec domain.Codec, burst []arrived) (want []arrived) {
	if _, ok := l.identity.PayloadTypes[codec]; !ok {
		return nil
	}
	for _, p := range burst {
		if l.codec != codec && startsKeyframe(codec, p.Payload) {
			l.codec, l.begin = codec, p.extended
		}
		if l.codec == codec && p.extended >= l.begin {
			want = append(want, p)
		}
	}
	return want
}

func (l *referenceLeg) check(t *testing.T, got packet, p arrived) {
	if !l.numbered {
		l.numbered = true
		l.shift = Rewrite{got.Sequence - p.SequenceNumber, got.Timestamp - p.Timestamp}
	}
	want := packet{l.identity.SSRC, l.identity.PayloadTypes[l.codec], p.SequenceNumber + l.shift.Sequence, p.Timestamp + l.shift.Timestamp, p.Marker, string(p.Payload)}
	if got != want {
		t.Fatalf("leg %d got %+q, want %+q", l.identity.SSRC, got, want)
	}
	l.left[got.Sequence] = got
	l.packets++
	l.octets += uint32(len(p.Payload))
}

// resend asks for every number around the newest: what comes must have left so.
func (r *reference) resend(l *referenceLeg, around uint16) {
	var lost []uint16
	for i := range uint16(40) {
		lost = append(lost, around+l.shift.Sequence-20+i)
	}
	r.fanout.Resend(l.leg, lost)
	for _, p := range l.got.resent {
		if want, ok := l.left[p.Sequence]; !ok || p != want {
			r.t.Fatalf("sent again to leg %d: %+q, but %+q had left", l.identity.SSRC, p, want)
		}
	}
	l.got.resent = nil
}

func (r *reference) report(clock Clock) {
	r.fanout.Report(clock)
	for _, l := range r.legs {
		var want []SenderReport
		if l.numbered {
			want = []SenderReport{{l.identity.SSRC, clock.NTPTime, clock.RTPTime + l.shift.Timestamp, l.packets, l.octets}}
		}
		if len(l.got.reports) != len(want) || len(want) > 0 && l.got.reports[0] != want[0] {
			r.t.Fatalf("leg %d reports %+v, want %+v", l.identity.SSRC, l.got.reports, want)
		}
		l.got.reports = nil
	}
}
