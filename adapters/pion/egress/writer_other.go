//go:build !linux

package egress

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"sync/atomic"
	"time"
)

// segments tells that messages are of one packet each when they leave.
const segments = false

// patience is for how long a writer waits for room in the kernel's buffers for one
// batch.
const patience = 10 * time.Millisecond

// writer sends packet by packet.
type writer struct {
	socket  *net.UDPConn
	tally   *tally
	singles []message // of a message that is split
}

func newWriter(socket *net.UDPConn, t *tally) *writer {
	return &writer{socket: socket, tally: t, singles: make([]message, 0, maxSegments)}
}

// send sends messages in order, or drops and counts them; nothing is kept.
func (w *writer) send(messages []message) {
	_ = w.socket.SetWriteDeadline(time.Now().Add(patience)) // if it fails, so does writing
	for i := range messages {
		for _, m := range messages[i].split(w.singles[:0]) {
			w.tally.calls.Add(1)
			if _, err := w.socket.WriteToUDPAddrPort(m.data, m.to.addr); err != nil {
				m.drop(w.why(err))
				continue
			}
			m.sent(w.tally)
		}
	}
}

// why returns what a message that was not taken is counted as.
func (w *writer) why(err error) *atomic.Uint64 {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return &w.tally.full
	}
	return &w.tally.refused
}

func (w *writer) renew() {}

// nameOf is for systems that have a form of their own.
func nameOf(netip.AddrPort) []byte { return nil }
