package egress

import (
	"errors"
	"net"
	"slices"

	"rostrum/adapters/pion/fanout"
)

var _ fanout.Lane = (*Lane)(nil)

// Lane is one worker's way to the network. It belongs to that worker's goroutine;
// Stats alone may be called from any.
//
// What senders put into it leaves when a socket's queue is full, and by Flush. A lane
// waits for the kernel's buffers for some milliseconds between two calls of Flush,
// then it drops and counts: no worker stands still.
type Lane struct {
	queues []*queue // one a socket

	nonce   nonce  // room to work in for who seals into the lane
	report  []byte // likewise
	scratch []byte // likewise, and the buffer of what leaves through writers
	direct  tally  // what did
}

// NewLane returns a lane over sockets that nobody else writes to: descriptors of its
// own, since Go lets one writer at a time into each. The lane owns them.
func NewLane(sockets []*net.UDPConn) *Lane {
	l := &Lane{}
	for _, s := range sockets {
		l.queues = append(l.queues, newQueue(s))
	}
	return l
}

// Flush sends what has gathered.
func (l *Lane) Flush() {
	for _, q := range l.queues {
		q.flush()
		q.writer.renew()
	}
}

// Close closes the lane's sockets. Its worker must have ended.
func (l *Lane) Close() error {
	var errs []error
	for _, q := range l.queues {
		errs = append(errs, q.socket.Close())
	}
	return errors.Join(errs...)
}

// room returns where to make a packet of that size for a destination: it leaves by
// put, or never if the next call is of room again. There is none for a packet that no
// datagram holds.
func (l *Lane) room(d *destination, size int) []byte {
	if size > maxMessage {
		return nil
	}
	if d.writer != nil {
		l.scratch = slices.Grow(l.scratch[:0], size)[:size]
		return l.scratch
	}
	return l.queues[d.socket].room(d, size)
}

// put sends what was made in the room.
func (l *Lane) put(d *destination, packet []byte) {
	if d.writer == nil {
		l.queues[d.socket].put(d, packet)
		return
	}
	l.direct.calls.Add(1)
	if _, err := d.writer.Write(packet); err != nil { // the connection is closing, or full
		d.drop(1)
		l.direct.refused.Add(1)
		return
	}
	l.direct.packets.Add(1)
	l.direct.messages.Add(1)
}
