package spool

import (
	"sync"
	"time"

	"rostrum/ports"
)

// What may wait for a take's goroutine, which writes to the disk: 8 MB, what is kept
// of each packet besides its payload included, and nothing for longer than 4 s. What
// comes when there is more is dropped until the goroutine has taken what waits.
const (
	inboxLimit = 8 << 20
	inboxLag   = 4 * time.Second

	packetCost = 64  // what a packet counts for besides its payload
	burstCost  = 192 // what a call counts for besides its packets
)

// idleBatch is how large a batch's memory may be to be kept when little was in it.
const idleBatch = 1 << 20

// inbox holds what a take has received until its goroutine takes it.
type inbox struct {
	mu      sync.Mutex
	waiting batch
	size    int
	dropped []drop // since the last take: then nothing more is let in
	closed  bool
}

// batch is a run of bursts in one piece of memory.
type batch struct {
	bursts  []burst
	packets []queued
	octets  []byte
}

// burst is what one call has brought: packets of a stream, or a report of it.
type burst struct {
	stream     ports.Stream
	at         time.Time
	begin, end int // of its packets in batch.packets; a report has none
	clock      ports.Clock
}

// queued is a packet whose payload is in batch.octets.
type queued struct {
	ports.Packet
	begin, end int
}

// drop is a stretch of a stream that there was no room for.
type drop struct {
	stream ports.Stream
	first  uint32    // the RTP timestamp of the first packet
	last   time.Time // when the last came
}

// put copies packets in that have come now, all of them or none. It does not block.
func (b *inbox) put(stream ports.Stream, packets []ports.Packet, now time.Time) {
	if len(packets) == 0 {
		return
	}
	size := burstCost
	for i := range packets {
		size += packetCost + len(packets[i].Payload)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.admit(size, now) {
		b.drop(stream, packets[0].Timestamp, now)
		return
	}
	w := &b.waiting
	begin := len(w.packets)
	for _, p := range packets {
		at := len(w.octets)
		w.octets = append(w.octets, p.Payload...)
		p.Payload = nil
		w.packets = append(w.packets, queued{p, at, len(w.octets)})
	}
	w.bursts = append(w.bursts, burst{stream: stream, at: now, begin: begin, end: len(w.packets)})
}

// report puts a report in that has come now. It does not block.
func (b *inbox) report(stream ports.Stream, clock ports.Clock, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.admit(burstCost, now) {
		b.waiting.bursts = append(b.waiting.bursts, burst{stream: stream, at: now, clock: clock})
	}
}

// admit says whether there is room for something that has come now, and reserves it.
func (b *inbox) admit(size int, now time.Time) bool {
	late := len(b.waiting.bursts) > 0 && now.Sub(b.waiting.bursts[0].at) > inboxLag
	if b.closed || len(b.dropped) > 0 || late || b.size+size > inboxLimit {
		return false
	}
	b.size += size
	return true
}

// drop remembers the stretch that a stream has lost. Streams that come while nothing
// is taken are few.
func (b *inbox) drop(stream ports.Stream, first uint32, now time.Time) {
	for i := range b.dropped {
		if b.dropped[i].stream == stream {
			b.dropped[i].last = now
			return
		}
	}
	if !b.closed && len(b.dropped) < 16 {
		b.dropped = append(b.dropped, drop{stream, first, now})
	}
}

// take returns what waits, and what has been dropped behind it. It gives the memory
// of another batch for what comes next; that batch must not be used any more.
func (b *inbox) take(spare batch) (batch, []drop) {
	if cap(spare.octets) > idleBatch && len(spare.octets) < idleBatch/4 {
		spare = batch{}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	taken, dropped := b.waiting, b.dropped
	b.waiting = batch{spare.bursts[:0], spare.packets[:0], spare.octets[:0]}
	b.size, b.dropped = 0, nil
	return taken, dropped
}

// close lets nothing in any more.
func (b *inbox) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
}

// packet returns a packet of the batch. Its payload is valid until the batch is given
// back.
func (b batch) packet(i int) ports.Packet {
	q := b.packets[i]
	q.Payload = b.octets[q.begin:q.end:q.end]
	return q.Packet
}
