package pion

import (
	"iter"
	"sync"
	"sync/atomic"
	"time"
)

// What may wait for a publisher's goroutine: 2 MB, and nothing for longer than half a
// second, since live media that is late is of no use. What comes when there is more is
// dropped, newest first.
const (
	inboxLimit = 2 << 20
	inboxLag   = 500 * time.Millisecond
)

// inbox holds what has come from a publisher, still encrypted, until its goroutine
// takes it. What is taken at once is one burst.
type inbox struct {
	ready   chan struct{} // there is something to take, or to look at
	dropped atomic.Uint64

	mu      sync.Mutex
	waiting batch
	since   time.Time // when the first of those that wait came
}

// batch is a run of packets in one piece of memory.
type batch struct {
	octets []byte
	ends   []int // of each packet in octets
}

func newInbox() *inbox { return &inbox{ready: make(chan struct{}, 1)} }

// put copies a packet in that has come now. It does not block.
func (b *inbox) put(packet []byte, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.waiting.ends) == 0 {
		b.since = now
	}
	if len(b.waiting.octets)+len(packet) > inboxLimit || now.Sub(b.since) > inboxLag {
		b.dropped.Add(1)
		return
	}
	b.waiting.octets = append(b.waiting.octets, packet...)
	b.waiting.ends = append(b.waiting.ends, len(b.waiting.octets))
}

// wake has the publisher's goroutine look. It does not block.
func (b *inbox) wake() {
	select {
	case b.ready <- struct{}{}:
	default: // it has been told
	}
}

// take returns what waits and gives the memory of another batch for what comes
// next; that batch must not be used any more.
func (b *inbox) take(spare batch) batch {
	b.mu.Lock()
	defer b.mu.Unlock()
	taken := b.waiting
	b.waiting = batch{spare.octets[:0], spare.ends[:0]}
	return taken
}

// packets returns the packets of a batch. Each may be changed in place.
func (b batch) packets() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		begin := 0
		for _, end := range b.ends {
			if !yield(b.octets[begin:end:end]) {
				return
			}
			begin = end
		}
	}
}
