package fanout

import (
	"sync"
	"sync/atomic"
	"time"

	"rostrum/domain"
)

// pass is all that one flush has for the legs. The source's goroutine makes it, and
// while the workers read it, waits.
type pass struct {
	track *TrackFanout
	epoch uint32       // of the track's source
	codec domain.Codec // of the packets; "" before the first
	at    time.Time

	burst  burst
	before uint64 // the newest of what was flushed before the burst
	entry  entry
	past   []*Packet // reused for what is caught up with
	clock  *Clock    // the publisher's; nil: unknown
	report bool      // the clock is news to everybody

	legs    []*Leg
	first   int         // whose turn it is to be first
	waiting atomic.Bool // a leg waits for a key frame that would be of use to it
	parts   sync.WaitGroup
}

// entry is what a leg gets that begins now: empty if it has to wait. Packets below
// live are those that it catches up with, up to the time joined.
type entry struct {
	burst
	live   uint64
	joined uint32
}

// send serves a run of the legs, counted from the one that is first.
func (p *pass) send(lane Lane, from, to int) {
	for i := from; i < to; i++ {
		n := i + p.first
		if n >= len(p.legs) {
			n -= len(p.legs)
		}
		if p.legs[n].serve(lane, p) {
			p.waiting.Store(true)
		}
	}
}
