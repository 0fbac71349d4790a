package fanout

import (
	"slices"
	"sync"
	"sync/atomic"
)

const (
	// maxResends is how many packets may wait to be sent again to one subscriber.
	// More are refused, and counted.
	maxResends = 256

	// maxTrackResends is how many may wait on one track. More are refused, and
	// counted for who asked.
	maxTrackResends = 4096
)

// resends is what a subscriber has asked for again, by the 16 bits that it knows, until
// the next flush: each number once.
type resends struct {
	mu    sync.Mutex
	queue []uint16
	taken []uint16 // the flush's own: what it works off

	some atomic.Bool // the queue is not empty
}

// add queues numbers, at most room of them, and returns how many it has queued and
// how many it has refused.
func (r *resends) add(sequences []uint16, room int) (queued, refused int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, sequence := range sequences {
		switch {
		case slices.Contains(r.queue, sequence):
		case queued >= room || len(r.queue) >= maxResends:
			refused++
		default:
			r.queue = append(r.queue, sequence)
			queued++
		}
	}
	r.some.Store(len(r.queue) > 0)
	return queued, refused
}

// forget empties the queue.
func (r *resends) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.queue = r.queue[:0]
	r.some.Store(false)
}

// waiting reports whether something is queued.
func (r *resends) waiting() bool { return r.some.Load() }

// take empties the queue into a slice that is valid until the next take.
func (r *resends) take() []uint16 {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.queue, r.taken = r.taken[:0], r.queue
	r.some.Store(false)
	return r.taken
}

// resendAsked sends again what the subscriber has asked for, as far as it has left,
// is still remembered and the budget reaches.
func (l *Leg) resendAsked(lane Lane, p *pass) {
	for _, sequence := range l.resends.take() {
		lost := l.sentAs(sequence, p)
		switch {
		case lost == nil:
		case l.budget.spend():
			l.sender.Resend(lane, l.stream, lost)
			l.counted.resent.Add(1)
		default:
			l.counted.refused.Add(1)
		}
	}
}

// sentAs returns the packet that left last under a number, or nil if none has since
// the leg began with its source, or the ring has it no more.
func (l *Leg) sentAs(sequence uint16, p *pass) *Packet {
	if l.source != p.track {
		return nil
	}
	number := extend(l.newest.sequence, sequence-uint16(l.stream.Rewrite.Sequence)) //nolint:gosec // RTP arithmetic is modulo 2^16
	if number < l.first || number > l.newest.sequence {
		return nil
	}
	return p.track.ring.get(number)
}

// budget bounds what is sent again by what is sent, in halves of a packet: one
// subscriber's losses cost no more than a share of what it gets anyway.
type budget struct{ halves int }

const (
	resendsToBegin = 128 // at least so many in any case
	resendsToSave  = 512 // and never more at once
)

func newBudget() budget { return budget{2 * resendsToBegin} }

// earn takes note of packets sent: every second one buys one to be sent again.
func (b *budget) earn(packets int) { b.halves = min(b.halves+packets, 2*resendsToSave) }

// spend reports whether one more may be sent again.
func (b *budget) spend() bool {
	if b.halves < 2 {
		return false
	}
	b.halves -= 2
	return true
}
