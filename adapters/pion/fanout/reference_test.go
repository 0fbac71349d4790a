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
	last    map[uint16]arrived // the last with each number
	legs    []*referenceLeg    // as in the table
}

func newReference(t *testing.T) *reference {
	return &reference{t: t, fanout: NewTrackFanout(domain.Video, func() {}), last: map[uint16]arrived{}}
}

// arrived is a packet that was taken, under the ring's extended number.
type arrived struct {
	codec    domain.Codec
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
	shift    Rewrite // from the source's numbering, fixed by the first packet
	packets  uint32
	octets   uint32
}

func newReferenceLeg(identity Identity) *referenceLeg {
	got := &recorder{}
	return &referenceLeg{leg: NewLeg(identity, got), identity: identity, got: got}
}

// receive hands a packet to the fan-out. What it takes must be valid RTP.
func (r *reference) receive(codec domain.Codec, raw []byte) {
	taken := r.fanout.Receive(codec, raw)
	kept := len(r.fanout.burst)
	if taken {
		kept--
	}
	if kept != len(r.pending) { // it has flushed them, whatever for
		r.flushed()
	}
	r.codec = r.fanout.current()
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
	a := arrived{codec, last.Sequence, p}
	r.pending, r.last[p.SequenceNumber] = append(r.pending, a), a
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
	}
	for _, p := range burst {
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
	if want := l.leaves(p); got != want {
		t.Fatalf("leg %d got %v, want %v", l.identity.SSRC, got, want)
	}
	l.packets++
	l.octets += uint32(len(p.Payload))
}

// leaves returns a packet as the leg's subscriber sees it.
func (l *referenceLeg) leaves(p arrived) packet {
	return packet{l.identity.SSRC, l.identity.PayloadTypes[p.codec], p.SequenceNumber + l.shift.Sequence, p.Timestamp + l.shift.Timestamp, p.Marker, string(p.Payload)}
}

// resend asks for every number around the newest: what comes must be what has that
// number, of the leg's codec and not from before it began.
func (r *reference) resend(l *referenceLeg, around uint16) {
	var lost []uint16
	for i := range uint16(40) {
		lost = append(lost, around+l.shift.Sequence-20+i)
	}
	r.fanout.Resend(l.leg, lost)
	for _, got := range l.got.resent {
		p, ok := r.last[got.Sequence-l.shift.Sequence]
		if !ok || p.codec != l.codec || p.extended < l.begin || got != l.leaves(p) {
			r.t.Fatalf("sent again to leg %d, which began with %#x: %v, of %#x %v", l.identity.SSRC, l.begin, got, p.extended, l.leaves(p))
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
