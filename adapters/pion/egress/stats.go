package egress

import "sync/atomic"

// Stats are a lane's numbers since it was opened.
type Stats struct {
	Packets  uint64 // that have left
	Messages uint64 // that they left in: one, or several of one size (UDP_SEGMENT)
	Calls    uint64 // by which messages were handed to the kernel, those that it refused among them

	Unsegmented uint64 // how often a way has turned out not to take messages of several packets
	Full        uint64 // packets dropped: the kernel's buffers had no room in time
	Refused     uint64 // packets dropped: the kernel, or a connection that is closing, took them not for another reason
}

// Dropped returns how many packets could not be sent.
func (s Stats) Dropped() uint64 { return s.Full + s.Refused }

// Stats returns the numbers of now. Any goroutine may call it; it waits for nothing.
func (l *Lane) Stats() Stats {
	var s Stats
	l.direct.add(&s)
	for _, q := range l.queues {
		q.tally.add(&s)
	}
	return s
}

// tally counts what a queue has sent and dropped.
type tally struct {
	packets, messages, calls   atomic.Uint64
	unsegmented, full, refused atomic.Uint64
}

func (t *tally) add(to *Stats) {
	to.Packets += t.packets.Load()
	to.Messages += t.messages.Load()
	to.Calls += t.calls.Load()
	to.Unsegmented += t.unsegmented.Load()
	to.Full += t.full.Load()
	to.Refused += t.refused.Load()
}
