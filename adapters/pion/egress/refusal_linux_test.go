package egress

import (
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"rostrum/adapters/pion/fanout"
)

// The kernel does not segment for a socket without checksums, nor into datagrams that
// are longer than the socket's MTU: all the same, everything arrives.
func TestKernelRefusesSegments(t *testing.T) {
	for name, c := range map[string]struct {
		address              string
		level, option, value int
	}{
		"no checksums":         {"127.0.0.1", unix.SOL_SOCKET, unix.SO_NO_CHECK, 1},
		"longer than the MTU":  {"::1", unix.IPPROTO_IPV6, unix.IPV6_MTU, 1_280},
		"as long as it can be": {"::1", unix.IPPROTO_IPV6, unix.IPV6_MTU, 1_500},
	} {
		t.Run(name, func(t *testing.T) {
			outlet, s := session(t, gcm128, c.address)
			outlet.To(0, s.addr())
			l, sender := lane(t, c.address), outlet.NewSender(0, nil)
			raw, err := l.queues[0].socket.SyscallConn()
			must(t, err)
			must(t, raw.Control(func(fd uintptr) {
				err = unix.SetsockoptInt(int(fd), c.level, c.option, c.value)
			}))
			must(t, err)
			burst := frame(1, sizes(9, 1_500-40-8-headerSize-16)...)
			sendAll(l, []*Sender{sender}, burst)
			arrive(t, s, burst)
			fits := c.value == 1_500
			if single := outlet.to.Load().single.Load(); single == fits {
				t.Errorf("packets leave one by one: %t", single)
			}
			messages := l.Stats().Messages
			if want := map[bool]uint64{false: 9, true: 1}[fits]; messages != want {
				t.Errorf("%d messages left, want %d", messages, want)
			}
		})
	}
}

// nowhere is a socket that takes everything.
type nowhere struct{}

func (nowhere) writeBatch(messages []message, _ bool) (int, error) { return len(messages), nil }
func (nowhere) setWriteDeadline(time.Time) error                   { return nil }

// Nothing is allocated on the way of a packet to its socket.
func TestQueueingDoesNotAllocate(t *testing.T) {
	_, senders := crowd(t, 20)
	l := lane(t, "127.0.0.1")
	l.queues[0].writer.conn = nowhere{}
	if n := allocations(l, senders); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// allocations returns how many there are for all that a flush may have for legs.
func allocations(l *Lane, senders []*Sender) float64 {
	burst := frame(1, 1_187, 1_188, 1_188, 1_188, 1_188, 1_188, 1_188, 1_188, 600)
	return testing.AllocsPerRun(100, func() {
		for _, s := range senders {
			s.Send(l, video, burst)
			s.Resend(l, video, burst[0])
			s.Report(l, fanout.SenderReport{SSRC: videoSSRC})
		}
		l.Flush()
	})
}
