package egress

import (
	"net"
	"sync/atomic"
)

// batch is how many messages are sent at once.
const batch = 8

// queue gathers messages for one socket and sends them in order.
type queue struct {
	socket *net.UDPConn
	writer *writer
	tally  tally

	buffer   []byte // room for a full batch, whatever its messages' sizes
	used     int
	messages []message // at most batch
}

// message is one packet for a destination, or several of one size, of which the last
// may be shorter.
type message struct {
	to      *destination
	data    []byte // in the queue's buffer
	segment int    // the size of each
	packets int
}

func newQueue(socket *net.UDPConn) *queue {
	q := &queue{
		socket:   socket,
		buffer:   make([]byte, batch*maxMessage),
		messages: make([]message, 0, batch),
	}
	q.writer = newWriter(socket, &q.tally)
	return q
}

// takes reports whether another packet can become part of the message.
func (m *message) takes(d *destination, size int) bool {
	return m.to == d && size <= m.segment && len(m.data) == m.packets*m.segment &&
		m.packets < maxSegments && len(m.data)+size <= maxMessage
}

// last returns the message that a packet joins, nil if it needs one of its own.
func (q *queue) last(d *destination, size int) *message {
	if n := len(q.messages); n > 0 && q.messages[n-1].takes(d, size) {
		return &q.messages[n-1]
	}
	return nil
}

// room returns where the next packet is to be made. It sends a full batch first.
func (q *queue) room(d *destination, size int) []byte {
	if len(q.messages) == batch && q.last(d, size) == nil {
		q.flush()
	}
	return q.buffer[q.used : q.used+size : q.used+size]
}

// put queues the packet that was made in the room.
func (q *queue) put(d *destination, packet []byte) {
	start := q.used
	q.used += len(packet)
	if m := q.last(d, len(packet)); m != nil {
		start -= len(m.data)
		m.data = q.buffer[start:q.used]
		m.packets++
		return
	}
	q.messages = append(q.messages, message{to: d, data: q.buffer[start:q.used], segment: len(packet), packets: 1})
}

// flush sends what has gathered.
func (q *queue) flush() {
	q.writer.send(q.messages)
	q.used, q.messages = 0, q.messages[:0]
}

// split appends a message's packets, each a message of its own, to dst.
func (m *message) split(dst []message) []message {
	for rest := m.data; len(rest) > 0; {
		n := min(m.segment, len(rest))
		dst = append(dst, message{to: m.to, data: rest[:n], segment: n, packets: 1})
		rest = rest[n:]
	}
	return dst
}

// drop counts a message that could not be sent, as one that was dropped for why.
func (m *message) drop(why *atomic.Uint64) {
	m.to.drop(m.packets)
	why.Add(uint64(m.packets)) //nolint:gosec // a count
}

// sent counts a message that has left.
func (m *message) sent(t *tally) {
	t.packets.Add(uint64(m.packets)) //nolint:gosec // a count
	t.messages.Add(1)
}
