package fanout

import (
	"encoding/binary"
	"fmt"
	"testing"

	"rostrum/domain"
)

// null is a Sender to nowhere, for measuring what comes before it.
type null struct{ packets int }

func (n *null) Send(_ Stream, burst []*Packet) { n.packets += len(burst) }
func (n *null) Resend(Stream, *Packet)         {}
func (n *null) Report(SenderReport)            {}

// burstSize and packetSize are a frame of 2.5 Mbit/s at 30 frames a second.
const (
	burstSize  = 9
	packetSize = 1200
)

// warm is a fan-out to n legs that are open, whose ring has gone round once, and
// the packets of one burst.
func warm(t testing.TB, n int) (*TrackFanout, [][]byte, *null) {
	t.Helper()
	f, sender := NewTrackFanout(domain.Video, func() {}), &null{}
	legs := make([]*Leg, n)
	for i := range legs {
		legs[i] = NewLeg(forAll, sender)
	}
	f.SetLegs(legs)
	payload := make([]byte, packetSize-12)
	copy(payload, h264Key)
	for s := range uint16(ringSize) {
		feed(t, f, domain.H264, wire(t, s, string(payload)))
	}
	copy(payload, h264Delta)
	burst := make([][]byte, burstSize)
	for i := range burst {
		burst[i] = wire(t, ringSize+uint16(i), string(payload))
	}
	return f, burst, sender
}

// pass receives and flushes a burst, and numbers it on for the next time.
func pass(f *TrackFanout, burst [][]byte) {
	for _, raw := range burst {
		f.Receive(domain.H264, raw)
		binary.BigEndian.PutUint16(raw[2:], binary.BigEndian.Uint16(raw[2:])+burstSize)
	}
	f.Flush()
}

// A packet costs no allocation on its way, to however many.
func TestNoAllocationPerPacketAndLeg(t *testing.T) {
	for _, legs := range []int{0, 1, 100} {
		f, burst, sender := warm(t, legs)
		before := sender.packets
		const runs = 200
		if allocated := testing.AllocsPerRun(runs, func() { pass(f, burst) }); allocated != 0 {
			t.Errorf("%d legs: %v allocations for a burst", legs, allocated)
		}
		if got, want := sender.packets-before, (runs+1)*burstSize*legs; got != want { // it runs once more, to warm up
			t.Errorf("%d legs: %d packets were sent, want %d", legs, got, want)
		}
	}
}

func BenchmarkFlush(b *testing.B) {
	for _, legs := range []int{1, 100, 1000} {
		b.Run(fmt.Sprintf("legs=%d", legs), func(b *testing.B) {
			f, burst, _ := warm(b, legs)
			b.ReportAllocs()
			for b.Loop() {
				pass(f, burst)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*burstSize*legs), "ns/packet/leg")
		})
	}
}
