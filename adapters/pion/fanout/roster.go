package fanout

import (
	"slices"
	"sync"
	"sync/atomic"
)

// roster is the legs of one track: its table, and those of them that have been called,
// since something waits for them besides packets. A leg is in one roster at most.
type roster struct {
	mu      sync.Mutex
	legs    []*Leg // never changed, only swapped
	called  []*Leg // each once
	ending  []*Leg // those called that the present flush serves
	queued  int    // packets that wait to be sent again, to all
	joined  bool   // the table has been swapped since the last flush
	sending bool   // a flush uses the legs
	idle    *sync.Cond

	due atomic.Bool // a flush has something to do for legs called or joined
}

func newRoster() *roster {
	r := &roster{}
	r.idle = sync.NewCond(&r.mu)
	return r
}

// set swaps the table.
func (r *roster) set(legs []*Leg) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, leg := range r.legs {
		leg.roster.CompareAndSwap(r, nil)
	}
	for _, leg := range legs {
		leg.roster.Store(r)
	}
	r.legs, r.joined = legs, true
	r.called = slices.DeleteFunc(r.called, r.gone)
	r.due.Store(true)
}

// gone reports whether a leg that is called has left the table, and lets go of it if
// so.
func (r *roster) gone(leg *Leg) bool {
	if leg.roster.Load() == r {
		return false
	}
	leg.called = false
	leg.resends.forget()
	return true
}

// clear empties the table and waits until the flush that goes on has let go of it.
func (r *roster) clear() {
	r.set(nil)
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.sending {
		r.idle.Wait()
	}
}

// call queues what is to be sent to a leg again. It reports whether a flush has to be
// woken for that. A leg that is not in the table is not served.
func (r *roster) call(leg *Leg, sequences []uint16) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if leg.roster.Load() != r {
		return false
	}
	queued, refused := leg.resends.add(sequences, maxTrackResends-r.queued)
	leg.counted.refused.Add(uint64(refused)) //nolint:gosec // a count
	if queued == 0 {
		return false
	}
	r.queued += queued
	if !leg.called {
		leg.called, r.called = true, append(r.called, leg)
	}
	return !r.due.Swap(true)
}

// open returns the legs of a flush, which it then owns until close: the whole table
// if it has something for all or somebody may have joined, else those that are called.
func (r *roster) open(all bool) (legs []*Leg, whole, joined bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.due.Store(false)
	joined, r.joined = r.joined, false
	r.called, r.ending = r.ending[:0], r.called
	for _, leg := range r.ending {
		leg.called = false
	}
	r.queued = 0
	whole, legs = all || joined, r.ending
	if whole {
		legs = r.legs
	}
	r.sending = len(legs) > 0
	return legs, whole, joined
}

// close lets go of the legs of a flush.
func (r *roster) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sending = false
	r.idle.Broadcast()
}
