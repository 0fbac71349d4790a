package egress

import (
	"errors"
	"net"
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"rostrum/adapters/pion/fanout"
)

// faulty is a socket whose kernel refuses what fault says, as sendmmsg does: it sends
// up to the first that is refused, whose error it tells when it comes first.
type faulty struct {
	batchWriter
	fault    func(m *message, wait bool) error
	most     int // messages that it takes at once
	refused  int
	deadline []time.Time
}

func (f *faulty) writeBatch(messages []message, wait bool) (int, error) {
	for i := range messages {
		err := f.fault(&messages[i], wait)
		switch {
		case err == nil && i < f.most:
			continue
		case i > 0:
			return f.batchWriter.writeBatch(messages[:i], wait)
		}
		f.refused++
		return 0, &net.OpError{Op: "write", Net: "udp", Err: os.NewSyscallError("sendmmsg", err)}
	}
	return f.batchWriter.writeBatch(messages, wait)
}

func (f *faulty) setWriteDeadline(at time.Time) error {
	f.deadline = append(f.deadline, at)
	return f.batchWriter.setWriteDeadline(at)
}

// faultyLane returns a lane whose socket has a fault.
func faultyLane(t *testing.T, fault func(m *message, wait bool) error) (*Lane, *faulty) {
	t.Helper()
	l := lane(t, "127.0.0.1")
	f := &faulty{batchWriter: l.queues[0].writer.conn, fault: fault, most: batch}
	l.queues[0].writer.conn = f
	return l, f
}

// sendAll sends a burst to each.
func sendAll(l *Lane, senders []*Sender, burst []*fanout.Packet) {
	for _, s := range senders {
		s.Send(l, video, burst)
	}
	l.Flush()
}

// arrive fails the test unless exactly the burst has come.
func arrive(t *testing.T, s *subscriber, burst []*fanout.Packet) {
	t.Helper()
	for _, p := range burst {
		compare(t, s.rtp(), p)
	}
	if more := s.rest(); len(more) > 0 {
		t.Errorf("%d packets came twice", len(more))
	}
}

// Segments that are refused on the way to a subscriber leave one by one, and do so
// from the beginning the next time; the others' leave as before.
func TestRefusedSegments(t *testing.T) {
	for _, refusal := range []error{unix.EINVAL, unix.EIO, unix.EMSGSIZE, unix.ENOTSUP, unix.ENOPROTOOPT} {
		t.Run(refusal.Error(), func(t *testing.T) {
			subscribers, senders := crowd(t, 5)
			odd := subscribers[2].addr()
			l, f := faultyLane(t, func(m *message, _ bool) error {
				if m.packets > 1 && m.to.addr == odd {
					return refusal
				}
				return nil
			})
			for round := range uint64(3) {
				burst := frame(1+9*round, 1_188, 1_187, 1_188, 1_188, 1_188, 1_188, 1_188, 1_188, 500)
				sendAll(l, senders, burst)
				for _, s := range subscribers {
					arrive(t, s, burst)
				}
			}
			want := Stats{Packets: 5 * 3 * 9, Messages: 4*3 + 3*9, Calls: l.Stats().Calls, Unsegmented: 1}
			if got := l.Stats(); got != want || got.Calls < 3 || got.Calls >= got.Messages {
				t.Errorf("counted %+v, want %+v in few calls", got, want)
			}
			if f.refused != 1 {
				t.Errorf("%d messages were refused, want the first one alone", f.refused)
			}
			senders[2].outlet.To(0, odd)
			sendAll(l, senders, frame(100, 10, 10))
			if f.refused != 2 {
				t.Errorf("%d messages were refused, want one more for a new path", f.refused)
			}
		})
	}
}

// Where packets leave one by one, padding would gain nothing.
func TestNoPaddingWithoutSegments(t *testing.T) {
	subscribers, senders := crowd(t, 1)
	l, _ := faultyLane(t, func(m *message, _ bool) error {
		if m.packets > 1 {
			return unix.EIO
		}
		return nil
	})
	for i, want := range []int{1_188, 1_187} {
		burst := frame(uint64(1+2*i), 1_187, 1_188)
		sendAll(l, senders, burst)
		sealed := subscribers[0].datagram()
		if got := len(sealed) - headerSize - 16; got != want {
			t.Errorf("burst %d began with %d bytes, want %d", i, got, want)
		}
		compare(t, subscribers[0].open(sealed), burst[0])
		arrive(t, subscribers[0], burst[1:])
	}
}

// An error costs the message that met it, wherever in a batch that stands.
func TestErrorsOfOneMessage(t *testing.T) {
	for _, refusal := range []error{unix.ECONNREFUSED, unix.EPERM, unix.ENETUNREACH, unix.ENOBUFS} {
		for _, bad := range [][]bool{{true}, {false, true}, {true, true, false}, {false, true, false, true, true, false, false, true}} {
			subscribers, senders := crowd(t, len(bad))
			l, f := faultyLane(t, nil)
			f.fault = func(m *message, _ bool) error {
				for i, s := range subscribers {
					if bad[i] && s.addr() == m.to.addr {
						return refusal
					}
				}
				return nil
			}
			burst := frame(1, sizes(9, 1_188)...)
			sendAll(l, senders, burst)
			for i, s := range subscribers {
				want, dropped := burst, uint64(0)
				if bad[i] {
					want, dropped = nil, 9
				}
				arrive(t, s, want)
				if got := senders[i].outlet.Dropped(); got != dropped {
					t.Errorf("%v: %d packets are counted as dropped for subscriber %d, want %d", refusal, got, i, dropped)
				}
			}
		}
	}
}

// A kernel that takes fewer messages than it is given gets the others again.
func TestFewerAtOnce(t *testing.T) {
	subscribers, senders := crowd(t, 2*batch+1)
	l, f := faultyLane(t, func(*message, bool) error { return nil })
	f.most = 3
	burst := frame(1, sizes(9, 1_188)...)
	sendAll(l, senders, burst)
	for _, s := range subscribers {
		arrive(t, s, burst)
	}
}

// full is a kernel without room for who does not wait.
func full(_ *message, wait bool) error {
	if !wait {
		return unix.EAGAIN
	}
	return nil
}

// With no room in the kernel's buffers a lane waits, until a deadline that all waiting
// between two flushes shares, and does not keep.
func TestWaitsForRoom(t *testing.T) {
	subscribers, senders := crowd(t, 2*batch)
	l, f := faultyLane(t, full)
	burst := frame(1, sizes(9, 1_188)...)
	sendAll(l, senders, burst)
	for _, s := range subscribers {
		arrive(t, s, burst)
	}
	if len(f.deadline) != 4 || f.deadline[0].IsZero() || f.deadline[2] != f.deadline[0] || !f.deadline[1].IsZero() || !f.deadline[3].IsZero() {
		t.Errorf("the deadlines were %v, want one of both batches, taken back each time", f.deadline)
	}
	sendAll(l, senders[:1], frame(10, 1))
	if last := f.deadline[len(f.deadline)-2]; !last.After(f.deadline[0]) {
		t.Errorf("the next flush had the deadline %v of the one before, %v", last, f.deadline[0])
	}
}

// When room does not come in time, everything is dropped, counted and forgotten.
func TestRoomDoesNotCome(t *testing.T) {
	subscribers, senders := crowd(t, 2*batch)
	l, f := faultyLane(t, func(m *message, wait bool) error {
		if err := full(m, wait); err != nil {
			return err
		}
		return os.ErrDeadlineExceeded
	})
	sendAll(l, senders, frame(1, sizes(9, 1_188)...))
	for i, s := range senders {
		if got := s.outlet.Dropped(); got != 9 {
			t.Errorf("%d packets are counted as dropped for subscriber %d, want 9", got, i)
		}
	}
	if got, want := l.Stats(), (Stats{Calls: 4, Full: 2 * batch * 9}); got != want {
		t.Errorf("counted %+v, want %+v", got, want)
	}
	f.fault = func(*message, bool) error { return nil }
	burst := frame(10, sizes(9, 1_188)...)
	sendAll(l, senders, burst)
	for _, s := range subscribers {
		arrive(t, s, burst)
	}
}

// A real socket whose deadline passes says what the writer takes for it.
func TestPassedDeadlineIsRecognised(t *testing.T) {
	l := lane(t, "127.0.0.1")
	conn := l.queues[0].writer.conn
	must(t, conn.setWriteDeadline(time.Now().Add(-time.Second)))
	to := listen(t, "127.0.0.1").LocalAddr().(*net.UDPAddr).AddrPort()
	_, err := conn.writeBatch([]message{{to: &destination{name: nameOf(to)}, data: []byte{1}, packets: 1}}, true)
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got %v, want %v", err, os.ErrDeadlineExceeded)
	}
}
