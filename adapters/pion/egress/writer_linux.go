package egress

import (
	"errors"
	"net"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// segments tells that messages may be of several packets.
const segments = true

// patience is for how long a writer waits for room in the kernel's buffers between
// two calls of renew, all its waiting together.
const patience = 10 * time.Millisecond

// batchWriter is what a writer needs of a socket.
type batchWriter interface {
	writeBatch(messages []message, wait bool) (int, error)
	setWriteDeadline(t time.Time) error
}

// writer sends messages by sendmmsg, those of several packets by UDP_SEGMENT.
type writer struct {
	conn    batchWriter
	tally   *tally
	singles []message // of a message that is split
	until   time.Time // when patience ends; zero while none was needed
}

func newWriter(socket *net.UDPConn, t *tally) *writer {
	return &writer{conn: newSendmmsg(socket), tally: t, singles: make([]message, 0, maxSegments)}
}

// send sends messages in order, or drops and counts them; nothing is kept.
func (w *writer) send(messages []message) {
	for len(messages) > 0 {
		n := whole(messages)
		if n == 0 { // it has to be split
			w.send(messages[0].split(w.singles[:0]))
			messages = messages[1:]
			continue
		}
		n, err := w.write(messages[:n])
		for i := range messages[:n] {
			messages[i].sent(w.tally)
		}
		messages = messages[n:]
		if err != nil && len(messages) > 0 {
			messages = w.refused(messages, err)
		}
	}
}

// whole returns how many messages there are up to the first that has to be split, and
// no more than a batch takes.
func whole(messages []message) int {
	messages = messages[:min(len(messages), maxSegments)]
	for i := range messages {
		if messages[i].packets > 1 && messages[i].to.single.Load() {
			return i
		}
	}
	return len(messages)
}

// write sends some of the messages and returns how many. An error is the next one's.
func (w *writer) write(messages []message) (int, error) {
	w.tally.calls.Add(1)
	n, err := w.conn.writeBatch(messages, false)
	if errors.Is(err, unix.EAGAIN) {
		if w.until.IsZero() {
			w.until = time.Now().Add(patience)
		}
		_ = w.conn.setWriteDeadline(w.until) // if it fails, so does writing
		w.tally.calls.Add(1)
		n, err = w.conn.writeBatch(messages, true)
		_ = w.conn.setWriteDeadline(time.Time{})
	}
	return n, err
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
			messages[i].drop(&w.tally.full)
		}
		return nil
	case first.packets > 1 && refusesSegments(err):
		first.to.single.Store(true)
		w.tally.unsegmented.Add(1)
		return messages
	}
	first.drop(&w.tally.refused)
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
