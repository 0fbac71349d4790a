package egress

import (
	"errors"
	"net/netip"
	"slices"
	"sync"
	"testing"

	"rostrum/adapters/pion/fanout"
)

func TestNothingLeavesBeforeItHasAnAddress(t *testing.T) {
	outlet, s := session(t, gcm128, "127.0.0.1")
	l, sender := lane(t, "127.0.0.1"), outlet.NewSender(0, nil)
	burst := frame(1, sizes(9, 1_188)...)
	sender.Send(l, video, burst)
	sender.Resend(l, video, burst[0])
	sender.Report(l, fanout.SenderReport{})
	l.Flush()
	if got := outlet.Dropped(); got != 11 {
		t.Errorf("%d packets are counted as dropped, want 11", got)
	}
	outlet.To(0, s.addr())
	sender.Send(l, video, burst[:1])
	l.Flush()
	compare(t, s.rtp(), burst[0])
	if got := outlet.Dropped(); got != 11 {
		t.Errorf("%d packets are counted as dropped, want 11 still", got)
	}
}

// A subscriber that moves is sent to where it is, through the socket that reaches it,
// and in the order that it was sent in.
func TestSubscriberMoves(t *testing.T) {
	outlet, four := session(t, gcm128, "127.0.0.1")
	six := &subscriber{t: t, conn: listen(t, "::1"), context: four.context}
	l := lane(t, "127.0.0.1")
	l.queues = append(l.queues, lane(t, "::1").queues...)
	sender := outlet.NewSender(0, nil)
	burst := frame(1, sizes(9, 1_188)...)

	mapped := netip.AddrPortFrom(netip.AddrFrom16(four.addr().Addr().As16()), four.addr().Port())
	outlet.To(0, mapped)
	sender.Send(l, video, burst[:3])
	outlet.To(1, six.addr())
	sender.Send(l, video, burst[3:6])
	outlet.To(0, four.addr())
	sender.Send(l, video, burst[6:])
	l.Flush()
	for i, p := range slices.Concat(burst[:3], burst[6:]) {
		if got := four.rtp(); got.SequenceNumber != uint16(p.Sequence) {
			t.Errorf("packet %d over IPv4 has number %d, want %d", i, got.SequenceNumber, p.Sequence)
		}
	}
	for _, p := range burst[3:6] {
		compare(t, six.rtp(), p)
	}
	if outlet.Dropped() != 0 {
		t.Errorf("%d packets are counted as dropped, want none", outlet.Dropped())
	}
}

// recorder is a writer that keeps what is written, and fails when it is full.
type recorder struct {
	packets [][]byte
	room    int
}

func (r *recorder) Write(p []byte) (int, error) {
	if len(r.packets) == r.room {
		return 0, errors.New("no room")
	}
	r.packets = append(r.packets, slices.Clone(p))
	return len(p), nil
}

// Through a writer everything leaves packet by packet, at once and without padding.
func TestThroughWriter(t *testing.T) {
	outlet, s := session(t, gcm256, "127.0.0.1")
	to := &recorder{room: 6}
	outlet.Through(to)
	l, sender := lane(t, "127.0.0.1"), outlet.NewSender(rtxSSRC, map[uint8]uint8{videoType: rtxType})
	burst := frame(1, 1_187, 1_188, 1_188, 90)
	sender.Send(l, video, burst)
	sender.Resend(l, video, burst[0])
	sender.Report(l, fanout.SenderReport{SSRC: videoSSRC})
	sender.Send(l, video, burst[:2])
	if len(to.packets) != 6 || outlet.Dropped() != 2 {
		t.Fatalf("%d packets were written and %d dropped, want 6 and 2", len(to.packets), outlet.Dropped())
	}
	for i, p := range burst {
		if want := headerSize + len(p.Payload) + 16; len(to.packets[i]) != want {
			t.Errorf("packet %d has %d bytes, want %d", i, len(to.packets[i]), want)
		}
		compare(t, s.open(to.packets[i]), p)
	}
	if got := s.open(to.packets[4]); got.SSRC != rtxSSRC {
		t.Errorf("the retransmission has SSRC %x", got.SSRC)
	}
	if _, err := s.context.DecryptRTCP(nil, to.packets[5], nil); err != nil {
		t.Errorf("the report: %v", err)
	}
	if s := l.Stats(); s.Packets != 6 || s.Messages != 6 || s.Dropped() != 2 {
		t.Errorf("counted %+v", s)
	}
}

// Workers send a subscriber's legs side by side while it moves: every packet comes to
// one of its addresses, once.
func TestLegsOfOneSubscriberSideBySide(t *testing.T) {
	for _, profile := range profiles {
		t.Run(profile.String(), func(t *testing.T) {
			const rounds = 40 // as much as a socket holds
			outlet, here := session(t, profile, "127.0.0.1")
			there := &subscriber{t: t, conn: listen(t, "127.0.0.1"), context: here.context}
			outlet.To(0, here.addr())
			var workers sync.WaitGroup
			for leg := range uint32(2) {
				l, sender := lane(t, "127.0.0.1"), outlet.NewSender(0, nil)
				stream := fanout.Stream{SSRC: videoSSRC + leg, PayloadType: videoType}
				burst := frame(1, 100, 100)
				workers.Go(func() {
					for range rounds {
						sender.Send(l, stream, burst)
						l.Flush()
						burst[0].Sequence, burst[1].Sequence = burst[0].Sequence+2, burst[1].Sequence+2
					}
				})
			}
			for i := range rounds {
				outlet.To(0, []*subscriber{there, here}[i%2].addr())
			}
			outlet.To(0, here.addr())
			workers.Wait()
			seen := map[[2]uint32]int{}
			for _, s := range []*subscriber{here, there} {
				for _, p := range s.rest() {
					seen[[2]uint32{p.SSRC, uint32(p.SequenceNumber)}]++
				}
			}
			if len(seen) != 2*2*rounds || outlet.Dropped() != 0 {
				t.Errorf("%d different packets came, %d were dropped, want %d and none", len(seen), outlet.Dropped(), 2*2*rounds)
			}
		})
	}
}
