package egress

import (
	"testing"

	"rostrum/adapters/pion/fanout"
)

// crowd is n subscribers with their senders.
func crowd(t *testing.T, n int) ([]*subscriber, []*Sender) {
	t.Helper()
	subscribers, senders := make([]*subscriber, n), make([]*Sender, n)
	for i := range subscribers {
		var outlet *Outlet
		outlet, subscribers[i] = session(t, gcm128, "127.0.0.1")
		outlet.To(0, subscribers[i].addr())
		senders[i] = outlet.NewSender(rtxSSRC, map[uint8]uint8{videoType: rtxType})
	}
	return subscribers, senders
}

// One flush reaches more subscribers than a batch holds: a message for each of them.
func TestManySubscribers(t *testing.T) {
	const n = 3*batch + 1
	subscribers, senders := crowd(t, n)
	l := lane(t, "127.0.0.1")
	burst := frame(1, append(sizes(8, 1_188), 500)...)
	for _, s := range senders {
		s.Send(l, video, burst)
	}
	l.Flush()
	for _, s := range subscribers {
		for _, p := range burst {
			compare(t, s.rtp(), p)
		}
	}
	if stats := l.Stats(); stats.Packets != n*9 || segments && stats.Messages != n || stats.Dropped() != 0 {
		t.Errorf("counted %+v", stats)
	}
}

// Messages of the greatest size fill the buffer and leave before it is full.
func TestBufferHoldsTheGreatestMessages(t *testing.T) {
	subscribers, senders := crowd(t, 2*batch+1)
	l := lane(t, "127.0.0.1")
	burst := frame(1, maxMessage-headerSize-16)
	for _, s := range senders {
		s.Send(l, video, burst)
	}
	l.Flush()
	for _, s := range subscribers {
		compare(t, s.rtp(), burst[0])
	}
}

// A packet that no datagram holds costs nobody else anything.
func TestPacketOverTheGreatestSizeIsDropped(t *testing.T) {
	subscribers, senders := crowd(t, 2)
	l := lane(t, "127.0.0.1")
	burst := frame(1, 100, maxMessage, 100)
	for _, s := range senders {
		s.Send(l, video, burst)
	}
	l.Flush()
	for i, s := range subscribers {
		compare(t, s.rtp(), burst[0])
		compare(t, s.rtp(), burst[2])
		if got := senders[i].outlet.Dropped(); got != 1 {
			t.Errorf("%d packets are counted as dropped, want 1", got)
		}
	}
}

// A subscriber that is gone costs the others nothing, however often it is sent to.
func TestGoneSubscriber(t *testing.T) {
	subscribers, senders := crowd(t, 3)
	must(t, subscribers[1].conn.Close())
	l := lane(t, "127.0.0.1")
	for round := range uint64(20) {
		burst := frame(1+9*round, sizes(9, 1_188)...)
		for _, s := range senders {
			s.Send(l, video, burst)
		}
		l.Flush()
		for _, i := range []int{0, 2} {
			for _, p := range burst {
				compare(t, subscribers[i].rtp(), p)
			}
		}
	}
}

// A lane that is closed drops and counts, and says so without stopping its worker.
func TestClosedLane(t *testing.T) {
	subscribers, senders := crowd(t, 2)
	l := lane(t, "127.0.0.1")
	must(t, l.Close())
	for _, s := range senders {
		s.Send(l, video, frame(1, sizes(9, 1_188)...))
		s.Report(l, fanout.SenderReport{})
	}
	l.Flush()
	for i, s := range subscribers {
		if got := senders[i].outlet.Dropped(); got != 10 || len(s.rest()) != 0 {
			t.Errorf("%d packets are counted as dropped, want 10", got)
		}
	}
	if stats := l.Stats(); stats.Refused != 20 || stats.Full != 0 || stats.Calls == 0 {
		t.Errorf("counted %+v, want 20 refused", stats)
	}
}
