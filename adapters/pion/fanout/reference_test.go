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
	all     map[uint64]arrived
	kept    [ringSize]uint64 // what has come last for each slot
	highest uint64
	flushed uint64
	key     uint64
	clock   *Clock
	legs    []*referenceLeg // as in the table
}

func newReference(t *testing.T) *reference {
	return &reference{t: t, fanout: quietly(t, domain.Video), all: map[uint64]arrived{}}
}

// arrived is a packet that was taken, under the ring's extended number.
type arrived struct {
	codec    domain.Codec
	extended uint64
	rtp.Packet
}

// receive hands a packet to the fan-out. What it takes must be valid RTP.
func (r *reference) receive(codec domain.Codec, raw []byte) {
	taken := r.fanout.Receive(codec, raw)
	kept := len(r.fanout.burst)
	if taken {
		kept--
	}
	if kept != len(r.pending) { // it has flushed them, whatever for
		r.checkFlush(false)
	}
	if !taken {
		return
	}
	var p rtp.Packet
	if err := p.Unmarshal(raw); err != nil {
		r.t.Fatalf("% x is taken: %v", raw, err)
	}
	if codec != r.codec {
		r.codec, r.key = codec, 0
	}
	r.take(arrived{codec, r.fanout.burst[kept].Sequence, p})
	if r.fanout.Full() {
		r.flush()
	}
}

func (r *reference) take(a arrived) {
	if old, ok := r.all[a.extended]; ok {
		r.t.Fatalf("%v is taken after %v", a, old)
	}
	if a.extended+ringSize <= r.highest || a.extended > r.highest+1<<16 && r.highest > 0 {
		r.t.Fatalf("%v is taken at %#x", a, r.highest)
	}
	r.kept[a.extended%ringSize] = a.extended
	r.all[a.extended], r.pending = a, append(r.pending, a)
	r.highest = max(r.highest, a.extended)
	if !startsKeyframe(a.codec, a.Payload) {
		return
	}
	switch {
	case r.key > 0 && r.all[r.key].Timestamp == a.Timestamp:
		r.key = min(r.key, a.extended)
	default:
		r.key = max(r.key, a.extended)
	}
}

func (r *reference) flush() {
	r.fanout.Flush()
	r.checkFlush(false)
}

func (r *reference) report(clock Clock) {
	r.clock = &clock
	report(r.fanout, clock)
	r.checkFlush(true)
}

// checkFlush checks what a flush has sent to every leg.
func (r *reference) checkFlush(news bool) {
	for _, l := range r.legs {
		want, began := l.wanted(r)
		if len(l.got.sent) != len(want) {
			r.t.Fatalf("leg %d got %d packets of %s, want %d of %d", l.identity.SSRC, len(l.got.sent), r.codec, len(want), len(r.pending))
		}
		if began {
			l.begin(r, want[0])
		}
		for i, p := range want {
			l.check(r.t, l.got.sent[i], p)
		}
		l.checkReport(r, began || news && l.follows && l.codec == r.codec)
		l.got.sent = nil
	}
	r.pending, r.flushed = nil, r.highest
}

// entry is what a leg gets that begins now, its first packet first.
func (r *reference) entry() (want []arrived, caughtUp bool) {
	if r.key == 0 {
		return nil, false
	}
	for n := r.key; n <= r.highest; n++ {
		p, ok := r.all[n]
		if ok {
			want = append(want, p)
		}
		if r.key <= r.flushed && (!ok || len(want) > 256) {
			return nil, false
		}
	}
	if r.key <= r.flushed {
		return want, true
	}
	want = want[:0] // all of them have come just now: as they have come
	for _, p := range r.pending {
		if p.extended >= r.key {
			want = append(want, p)
		}
	}
	return want, false
}
