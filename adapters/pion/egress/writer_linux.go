package egress

import (
	"encoding/binary"
	"errors"
	"net"
	"os"
	"time"

	"golang.org/x/net/ipv4"
	"golang.org/x/sys/unix"
)

// segments tells that messages may be of several packets.
const segments = true

// patience is for how long a writer waits for room in the kernel's buffers between
// two calls of renew, all its waiting together.
const patience = 10 * time.Millisecond

// batchWriter is what a writer needs of a socket. ipv4.PacketConn has it, for sockets
// of IPv6 as well.
type batchWriter interface {
	WriteBatch(messages []ipv4.Message, flags int) (int, error)
	SetWriteDeadline(t time.Time) error
}

// writer sends messages by sendmmsg, those of several packets by UDP_SEGMENT.
type writer struct {
	conn  batchWriter
	tally *tally

	out      [maxSegments]ipv4.Message
	buffers  [maxSegments][1][]byte
	controls [maxSegments][]byte // one UDP_SEGMENT each
	singles  []message           // of a message that is split
	until    time.Time           // when patience ends; zero while none was needed
}

func newWriter(socket *net.UDPConn, t *tally) *writer {
	w := &writer{conn: ipv4.NewPacketConn(socket), tally: t, singles: make([]message, 0, maxSegments)}
	for i := range w.out {
		w.out[i].Buffers = w.buffers[i][:]
		w.controls[i] = segmentControl()
	}
	return w
}

// segmentControl returns a control message that says the size of segments, which
// setSegment sets.
func segmentControl() []byte {
	header := unix.Cmsghdr{Level: unix.SOL_UDP, Type: unix.UDP_SEGMENT}
	header.SetLen(unix.CmsgLen(2))
	control := make([]byte, unix.CmsgSpace(2))
	_, _ = binary.Encode(control, binary.NativeEndian, header) // it has a fixed size, and room
	return control
}

func setSegment(control []byte, size int) {
	binary.NativeEndian.PutUint16(control[unix.CmsgLen(0):], uint16(size)) //nolint:gosec // a datagram's
}

// send sends messages in order, or drops and counts them; nothing is kept.
func (w *writer) send(messages []message) {
	for len(messages) > 0 {
		n := w.pack(messages)
		if n == 0 { // it has to be split
			w.send(messages[0].split(w.singles[:0]))
			messages = messages[1:]
			continue
		}
		n, err := w.write(w.out[:n])
		for i := range messages[:n] {
			messages[i].sent(w.tally)
		}
		messages = messages[n:]
		if err != nil && len(messages) > 0 {
			messages = w.refused(messages, err)
		}
	}
}

// pack prepares messages up to the first that has to be split, and returns how many.
func (w *writer) pack(messages []message) int {
	n := 0
	for i := range messages[:min(len(messages), len(w.out))] {
		m, out := &messages[i], &w.out[i]
		out.OOB = nil
		if m.packets > 1 {
			if m.to.single.Load() {
				break
			}
			out.OOB = w.controls[i]
			setSegment(out.OOB, m.segment)
		}
		out.Buffers[0], out.Addr = m.data, m.to.addr
		n++
	}
	return n
}

// write sends some of the messages and returns how many. An error is the next one's.
func (w *writer) write(messages []ipv4.Message) (int, error) {
	n, err := w.conn.WriteBatch(messages, unix.MSG_DONTWAIT)
	if errors.Is(err, unix.EAGAIN) {
		if w.until.IsZero() {
			w.until = time.Now().Add(patience)
		}
		_ = w.conn.SetWriteDeadline(w.until) // if it fails, so does writing
		n, err = w.conn.WriteBatch(messages, 0)
		_ = w.conn.SetWriteDeadline(time.Time{})
	}
	return max(n, 0), err
}

// refused deals with the error that the first of messages has met, and returns those
// that are still to be sent. If its segmentation was refused, for the segments' size or
// by the device on the way (EIO), it leaves packet by packet, as will all that follows
// to that destination. If there is no room in the kernel's buffers, all are dropped.
// Any other error is of that message alone.
func (w *writer) refused(messages []message, err error) []message {
	first := &messages[0]
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		for i := range messages {
			messages[i].drop(w.tally)
		}
		return nil
	case first.packets > 1 && refusesSegments(err):
		first.to.single.Store(true)
		return messages
	}
	first.drop(w.tally)
	return messages[1:]
}

func refusesSegments(err error) bool {
	for _, refusal := range []error{unix.EINVAL, unix.EIO, unix.EMSGSIZE, unix.ENOTSUP, unix.ENOPROTOOPT} {
		if errors.Is(err, refusal) {
			return true
		}
	}
	return false
}

// renew renews patience. A lane's flush ends by it.
func (w *writer) renew() { w.until = time.Time{} }
