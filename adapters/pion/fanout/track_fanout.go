package fanout

import (
	"sync/atomic"
	"time"

	"github.com/pion/rtp"

	"rostrum/domain"
)

// maxCatchUp is how many packets a late joiner is sent at once to catch up; where it
// would be more, it waits for the next key frame.
const maxCatchUp = 256

// keyframeFlight is the longest round trip that is believed when a request for a key
// frame may have crossed one.
const keyframeFlight = 100 * time.Millisecond

// Clock is one instant on the publisher's wall clock and on a track's RTP clock,
// as its sender reports pair them.
type Clock struct {
	NTPTime uint64
	RTPTime uint32
}

// TrackFanout is the live distribution of one track to the room's subscribers. One
// goroutine, the source's, receives, reports and flushes; everything else may be
// called from any. The legs are sent to by the workers while the source waits, so
// that the ring needs no lock.
type TrackFanout struct {
	kind    domain.MediaKind
	workers *Workers
	wake    func()

	codec   domain.Codec // of the packets in burst
	over    uint64       // up to this number the source has sent in another codec, or as another stream
	epoch   uint32       // how often it has begun anew
	flushed uint64       // up to this number all has been flushed
	burst   []*Packet    // received since then; they are in the ring
	ring    ring
	header  rtp.Header // reused by Receive
	pass    pass       // reused by Flush
	clock   clock

	roster    *roster
	waiting   atomic.Bool // a leg waits for a key frame
	keyframes *KeyframeRequests
	received  received
}

// clock is what the publisher's last sender report said.
type clock struct {
	Clock
	known, news bool // news: legs have not been told
}

// NewTrackFanout returns a fan-out without legs. askKeyframe asks the publisher for
// one and must not block; Run calls it, for video alone. wake must not block: it is
// called, by any goroutine, when Flush has something to do besides packets.
func NewTrackFanout(kind domain.MediaKind, workers *Workers, askKeyframe, wake func()) *TrackFanout {
	f := &TrackFanout{kind: kind, workers: workers, wake: wake, roster: newRoster()}
	f.keyframes = NewKeyframeRequests(askKeyframe, f.waiting.Load)
	return f
}

// Run passes requests for key frames on until done is closed.
func (f *TrackFanout) Run(done <-chan struct{}) { f.keyframes.Run(done) }

// SetLegs makes legs the table from the next flush on, and wakes the source for it.
// The slice is retained and must not be changed afterwards. It does not wait for a
// flush that goes on, which may still send to legs that are no longer in the table.
func (f *TrackFanout) SetLegs(legs []*Leg) {
	f.roster.set(legs)
	f.wake()
}

// Detach empties the table and waits until the flush that goes on, if there is one,
// has let go of the legs: then another track may have them. A sender must not call
// it.
func (f *TrackFanout) Detach() {
	f.roster.clear()
	f.waiting.Store(false)
}

// Resend queues the packets that left to the leg's subscriber under these sequence
// numbers to be sent again with the next flush, as far as they are still remembered,
// and within bounds: see Sent. It wakes the source and does not wait for it.
func (f *TrackFanout) Resend(leg *Leg, sequences []uint16) {
	if f.roster.call(leg, sequences) {
		f.wake()
	}
}

// AskKeyframe asks the publisher for a key frame, within what it can be asked. A
// track of sound has none.
func (f *TrackFanout) AskKeyframe() {
	if f.kind == domain.Video {
		f.keyframes.Ask()
	}
}

// PictureLost asks for a key frame since a leg's subscriber has lost the picture. If
// one has left to it within the round trip, of which no more than 100 ms are believed,
// the subscriber asked before it could have come: then that is the answer. With a
// round trip of 0 it is asked for in any case.
func (f *TrackFanout) PictureLost(leg *Leg, roundTrip time.Duration) {
	if !leg.counted.hadKeyframe(min(roundTrip, keyframeFlight)) {
		f.AskKeyframe()
	}
}
