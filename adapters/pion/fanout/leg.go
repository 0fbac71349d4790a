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
	Unwatched    bool // it is no viewer: what leaves to it is no picture that somebody sees
}

// Leg is one subscriber's share of what is published in its room: one stream to it,
// whatever sources that is made of. A video leg begins with a key frame of its
// source, so that a decoder can begin with what it gets: one that the ring still
// has, else the next.
//
// A leg belongs to the flush of the track it is routed from; others queue what is to
// be sent again, and read its counters. TrackFanout.Detach hands it over.
type Leg struct {
	identity Identity
	sender   Sender

	source *TrackFanout // nil: nothing has left yet
	epoch  uint32       // of the source
	codec  domain.Codec
	stream Stream
	first  uint64 // the source's number that it began with
	newest sent
	budget budget
	key    keyframe // of the source: the first that goes whole, if it has pictures

	roster  atomic.Pointer[roster] // whose table it is in
	called  bool                   // its roster's own
	resends resends
	counted counters
}

// sent is what has left last, and when.
type sent struct {
	sequence  uint64 // the source's
	index     uint64
	timestamp uint32
	at        time.Time
}

// NewLeg returns a leg that sends nothing until a TrackFanout has it in its table.
func NewLeg(identity Identity, sender Sender) *Leg {
	return &Leg{identity: identity, sender: sender, budget: newBudget()}
}

// serve sends all that a flush has for the leg: packets, then what is asked for
// again, then the report. It reports whether the leg waits for a key frame.
func (l *Leg) serve(lane Lane, p *pass) (waits bool) {
	follows, began := l.follows(p), false
	if follows {
		l.send(lane, p.burst.since(l.first), p.at)
	} else if waits = l.waitsFor(p); !waits {
		began = l.begin(lane, p)
	}
	if l.resends.waiting() {
		l.resendAsked(lane, p)
	}
	if p.clock != nil && (began || follows && p.report) {
		l.report(lane, *p.clock)
	}
	return waits
}

// follows reports whether the leg has got all of what the source has sent since it
// began, so that it can go on with what comes now.
func (l *Leg) follows(p *pass) bool {
	return l.source == p.track && l.epoch == p.epoch && l.codec == p.codec && l.newest.sequence == p.before
}

// waitsFor reports whether the leg can only begin with a key frame that has not
// come. One that does not take the codec waits for nothing.
func (l *Leg) waitsFor(p *pass) bool {
	if p.track.kind != domain.Video || !p.entry.empty() {
		return false
	}
	_, takes := l.identity.PayloadTypes[p.codec]
	return takes || p.codec == ""
}

// begin opens the leg for a source and its codec. It reports false where there is
// nothing to begin with, or the subscriber does not take the codec.
func (l *Leg) begin(lane Lane, p *pass) bool {
	pt, takes := l.identity.PayloadTypes[p.codec]
	if !takes || p.entry.empty() {
		return false
	}
	l.counted.first.media.happen(p.at)
	rewrite := l.numbering(p)
	l.source, l.epoch, l.codec, l.first = p.track, p.epoch, p.codec, p.entry.oldest.Sequence
	l.stream = Stream{SSRC: l.identity.SSRC, PayloadType: pt, Rewrite: rewrite, Epoch: p.epoch}
	l.newest.sequence = 0 // the other source's, or from before the break
	l.key = keyframe{whole: p.track.kind != domain.Video}
	l.send(lane, &p.entry.burst, p.at)
	return true
}

// numbering returns how a source's numbers leave from the first packet on. The very
// first leaves at random (RFC 3550 §5.1), low enough for a roll-over counter of 0.
// Later ones leave right behind what has left: as much later as they are after
// another source, and by the same clock as before after a break of this one.
func (l *Leg) numbering(p *pass) Rewrite {
	first, past := p.entry.oldest, Rewrite{Live: p.entry.live, Joined: p.entry.joined}
	switch {
	case l.source == nil:
		return past.aligned(first, rand.Uint64N(1<<15), rand.Uint32()) //nolint:gosec // no secret: it leaves in the clear
	case l.source == p.track && l.epoch == p.epoch:
		timestamp := past.TimestampOf(first) + l.stream.Rewrite.Timestamp
		soonest := l.newest.timestamp + ticks(p.track.kind, time.Millisecond)
		if int32(timestamp-soonest) < 0 { //nolint:gosec // RTP arithmetic is modulo 2^32
			timestamp = soonest
		}
		return past.aligned(first, l.newest.index+1, timestamp)
	default:
		pause := max(p.at.Sub(l.newest.at), time.Millisecond)
		return past.aligned(first, l.newest.index+1, l.newest.timestamp+ticks(p.track.kind, pause))
	}
}

// ticks returns how far the RTP clock of a kind of media goes in a time.
func ticks(kind domain.MediaKind, d time.Duration) uint32 {
	rate := time.Duration(90_000)
	if kind == domain.Audio {
		rate = 48_000
	}
	return uint32(d/time.Second*rate + d%time.Second*rate/time.Second) //nolint:gosec // RTP counts modulo 2^32
}

// send sends packets that the leg follows or begins with.
func (l *Leg) send(lane Lane, b *burst, at time.Time) {
	if b.empty() {
		return
	}
	l.sender.Send(lane, l.stream, b.packets)
	if p := b.newest; p.Sequence > l.newest.sequence { // a burst can be of late packets alone
		l.newest = sent{p.Sequence, l.stream.Rewrite.IndexOf(p), l.stream.Rewrite.TimestampOf(p), at}
	}
	l.budget.earn(len(b.packets))
	l.counted.add(b, at)
	if !l.key.whole && l.key.add(b.packets) {
		l.shown(at)
	}
}

// shown takes note that a key frame of the source has left whole.
func (l *Leg) shown(at time.Time) {
	l.counted.first.picture.happen(at)
	if !l.identity.Unwatched {
		l.source.received.first.picture.happen(at)
	}
}

// Fed reports whether the leg is in the table of a track now. Any goroutine may call it.
func (l *Leg) Fed() bool { return l.roster.Load() != nil }

// report sends a sender report that carries the publisher's clock over to the leg's
// timestamps.
func (l *Leg) report(lane Lane, clock Clock) {
	l.sender.Report(lane, SenderReport{
		SSRC:    l.identity.SSRC,
		NTPTime: clock.NTPTime,
		RTPTime: clock.RTPTime + l.stream.Rewrite.Timestamp,
		Packets: uint32(l.counted.packets.Load()), //nolint:gosec // RTCP counts modulo 2^32
		Octets:  uint32(l.counted.octets.Load()),  //nolint:gosec // likewise
	})
}
