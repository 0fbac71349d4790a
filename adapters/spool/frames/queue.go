package frames

import (
	"cmp"
	"slices"
	"time"

	"rostrum/ports"
)

// What may wait behind a missing packet. Twice as much is kept before it is looked
// at; what comes then is dropped.
const (
	maxWaiting      = 2_048
	maxWaitingBytes = 4 << 20
)

// packet is a packet that waits, with a payload of its own.
type packet struct {
	sequence  uint64
	timestamp uint32
	marker    bool
	payload   []byte
	arrived   time.Time
}

// queue gives packets out in the order of their numbers.
type queue struct {
	next    uint64 // the number that is due
	begun   bool   // next is known
	given   bool   // a packet has been given out
	flushed bool
	waiting []packet // by number, none twice, none below next
	memory  []packet // for waiting, once that is empty
	bytes   int
	octets  []byte // where payloads are kept; what is not used yet is behind its end
}

// add takes in a packet, unless it is there or its turn is over.
func (q *queue) add(p ports.Packet, now time.Time) {
	if !q.begun || !q.given && p.Sequence < q.next {
		q.next, q.begun = p.Sequence, true
	}
	if p.Sequence < q.next || len(q.waiting) >= 2*maxWaiting || q.bytes+len(p.Payload) > 2*maxWaitingBytes {
		return
	}
	at := len(q.waiting)
	if at > 0 && q.waiting[at-1].sequence >= p.Sequence {
		var found bool
		at, found = slices.BinarySearchFunc(q.waiting, p.Sequence, func(w packet, s uint64) int {
			return cmp.Compare(w.sequence, s)
		})
		if found {
			return
		}
	}
	q.bytes += len(p.Payload)
	q.waiting = slices.Insert(q.waiting, at, packet{
		sequence:  p.Sequence,
		timestamp: p.Timestamp,
		marker:    p.Marker,
		payload:   q.keep(p.Payload),
		arrived:   now,
	})
	if cap(q.waiting) > cap(q.memory) {
		q.memory = q.waiting
	}
}

// payloads is how much memory is taken at once to keep payloads in.
const payloads = 32 << 10

// keep copies a payload.
func (q *queue) keep(payload []byte) []byte {
	if len(payload) > cap(q.octets)-len(q.octets) {
		q.octets = make([]byte, 0, max(payloads, len(payload)))
	}
	begin := len(q.octets)
	q.octets = append(q.octets, payload...)
	return q.octets[begin:len(q.octets):len(q.octets)]
}

// peek returns the packet that is due, if it is there or the next one behind it has
// waited for it long enough. lost says, once, that packets before it have been given
// up.
func (q *queue) peek(now time.Time) (p packet, lost, ok bool) {
	if len(q.waiting) == 0 {
		return packet{}, false, false
	}
	p = q.waiting[0]
	if p.sequence == q.next {
		return p, false, true
	}
	if !q.flushed && len(q.waiting) < maxWaiting && q.bytes < maxWaitingBytes && now.Sub(q.oldest()) < Patience {
		return packet{}, false, false
	}
	q.next = p.sequence
	return p, true, true
}

// pop takes the packet away that peek has returned.
func (q *queue) pop() {
	p := q.waiting[0]
	q.bytes -= len(p.payload)
	q.waiting[0] = packet{}
	if q.waiting = q.waiting[1:]; len(q.waiting) == 0 {
		q.waiting = q.memory[:0]
	}
	q.next, q.given = p.sequence+1, true
}

// oldest returns when the first of those that wait came.
func (q *queue) oldest() time.Time {
	first := q.waiting[0].arrived
	for _, p := range q.waiting[1:] {
		if p.arrived.Before(first) {
			first = p.arrived
		}
	}
	return first
}
