package fanout

import (
	"testing"
	"time"

	"rostrum/domain"
)

// referenceLeg is what the reference knows of a leg.
type referenceLeg struct {
	leg      *Leg
	identity Identity
	got      *recorder

	follows bool // it has all of the codec since it began
	codec   domain.Codec
	first   uint64
	live    uint64
	joined  uint32
	source  map[uint16]arrived // what has left since it began, by its number
	newest  arrived

	index  uint64 // added to the source's numbers
	offset uint32 // added to its timestamps
	last   packet // the newest that has left
	halves int
	Sent
}

func newReferenceLeg(identity Identity) *referenceLeg {
	got := &recorder{}
	return &referenceLeg{leg: NewLeg(identity, got), identity: identity, got: got, halves: 256}
}

// wanted returns what the leg must get of a flush, and whether it begins with it.
func (l *referenceLeg) wanted(r *reference) (want []arrived, began bool) {
	l.follows = l.follows && l.codec == r.codec
	if _, takes := l.identity.PayloadTypes[r.codec]; !takes {
		return nil, false
	}
	if !l.follows {
		want, _ = r.entry()
		return want, len(want) > 0
	}
	for _, p := range r.pending {
		if p.extended >= l.first {
			want = append(want, p)
		}
	}
	return want, false
}

// begin fixes how the leg numbers from now on: anew if it has not sent anything, else
// right behind that.
func (l *referenceLeg) begin(r *reference, early arrived) {
	seen := l.got.sent[0]
	l.follows, l.codec, l.first, l.live = true, r.codec, r.key, 0
	if _, caughtUp := r.entry(); caughtUp {
		l.live, l.joined = r.highest+1, r.all[r.highest].Timestamp
	}
	key := r.all[r.key]
	behind := l.offset + l.squeezed(key)
	switch {
	case l.source == nil:
		l.index = seen.index() - early.extended
		l.offset = seen.Timestamp - l.squeezed(early)
		if first := l.index + r.key; first >= 1<<15 {
			r.t.Fatalf("leg %d begins with %d", l.identity.SSRC, first)
		}
	case int32(behind-l.last.Timestamp-90) < 0:
		l.offset = l.last.Timestamp + 90 - l.squeezed(key)
		fallthrough
	default:
		l.index = l.last.index() + 1 - r.key
	}
	l.source, l.newest = map[uint16]arrived{}, arrived{}
}

// squeezed is the time of a packet to one who has joined late.
func (l *referenceLeg) squeezed(p arrived) uint32 {
	if p.extended >= l.live {
		return p.Timestamp
	}
	return uint32(int64(l.joined) - int64(int32(l.joined-p.Timestamp))/32)
}

func (l *referenceLeg) check(t *testing.T, got packet, p arrived) {
	if want := l.leaves(p); got != want {
		t.Fatalf("leg %d got %v, want %v", l.identity.SSRC, got, want)
	}
	if guess := extendAs(l.last.index(), got.Sequence); l.Packets > 0 && guess != got.index() {
		t.Fatalf("leg %d: %v after %v has roll-over counter %d, which SRTP takes for %d", l.identity.SSRC, got, l.last, got.Rollover, guess>>16)
	}
	if p.extended > l.newest.extended {
		l.newest, l.last = p, got
	}
	l.source[got.Sequence] = p
	l.Packets++
	l.Bytes += uint64(len(p.Payload))
	l.halves = min(l.halves+1, 1024)
}

// leaves returns a packet as the leg's subscriber sees it.
func (l *referenceLeg) leaves(p arrived) packet {
	index := p.extended + l.index
	return packet{l.identity.SSRC, l.identity.PayloadTypes[p.codec], uint16(index), l.squeezed(p) + l.offset, p.Marker, string(p.Payload), uint32(index >> 16)}
}

func (p packet) index() uint64 { return uint64(p.Rollover)<<16 + uint64(p.Sequence) }

// extendAs is the index that a receiver of SRTP takes a packet for, as RFC 3711 §3.3.1
// has it.
func extendAs(highest uint64, sequence uint16) uint64 {
	rollover, last := int64(highest>>16), int64(uint16(highest))
	switch n := int64(sequence); {
	case last < 1<<15 && n-last > 1<<15:
		rollover--
	case last >= 1<<15 && last-(1<<15) > n:
		rollover++
	}
	return uint64(rollover)<<16 | uint64(sequence)
}

// resend asks for every number around the newest: what the ring has and has left must
// come, once, while the budget lasts.
func (l *referenceLeg) resend(r *reference, back uint16) {
	var lost []uint16
	var want []packet
	for i := range uint16(40) {
		sequence := l.last.Sequence - back - 20 + i
		lost = append(lost, sequence, sequence)
		p, ok := l.source[sequence]
		if ok && r.kept[p.extended%ringSize] == p.extended && l.newest.extended-p.extended < 1<<15 {
			want = append(want, l.leaves(p))
		}
	}
	resend(r.fanout, l.leg, lost...)
	able := min(len(want), l.halves/2)
	l.halves -= 2 * able
	l.Resent += uint64(able)
	l.ResendsRefused += uint64(len(want) - able)
	if len(l.got.resent) != able {
		r.t.Fatalf("leg %d: %d are sent again, want %d of %d", l.identity.SSRC, len(l.got.resent), able, len(want))
	}
	for i, got := range l.got.resent {
		if got != want[i] {
			r.t.Fatalf("sent again to leg %d: %v, want %v", l.identity.SSRC, got, want[i])
		}
	}
	l.got.resent = nil
	counted := l.leg.Sent()
	for mine, leg := range map[*time.Time]time.Time{
		&l.First.Media: counted.First.Media, &l.First.Keyframe: counted.First.Keyframe, &l.First.Picture: counted.First.Picture,
	} {
		if mine.IsZero() && l.Packets > 0 {
			*mine = leg // stays what it is
		}
	}
	if counted.Keyframes = 0; counted != l.Sent {
		r.t.Fatalf("leg %d counts %+v, want %+v", l.identity.SSRC, counted, l.Sent)
	}
}

// checkReport checks that the leg has been told the publisher's clock if it is due.
func (l *referenceLeg) checkReport(r *reference, due bool) {
	var want []SenderReport
	if r.clock != nil && due {
		want = []SenderReport{{l.identity.SSRC, r.clock.NTPTime, r.clock.RTPTime + l.offset, uint32(l.Packets), uint32(l.Bytes)}}
	}
	if len(l.got.reports) != len(want) || len(want) > 0 && l.got.reports[0] != want[0] {
		r.t.Fatalf("leg %d reports %+v, want %+v", l.identity.SSRC, l.got.reports, want)
	}
	l.got.reports = nil
}
