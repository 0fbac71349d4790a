package fanout

import (
	"encoding/binary"
	"fmt"
	"testing"

	"rostrum/domain"
)

// null is a Sender to nowhere, for measuring what comes before it.
type null struct{ packets int }

func (n *null) Send(_ Lane, _ Stream, burst []*Packet) { n.packets += len(burst) }
func (n *null) Resend(Lane, Stream, *Packet)           {}
func (n *null) Report(Lane, SenderReport)              {}

// burstSize and packetSize are a frame of 2.5 Mbit/s at 30 frames a second.
const (
	burstSize  = 9
	packetSize = 1200
)

// warm is a fan-out to n legs that are open, whose ring has gone round once, and
// the packets of one burst.
func warm(t testing.TB, n int) (*TrackFanout, [][]byte, *null) {
	t.Helper()
	f, sender := quietly(t, domain.Video), &null{}
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

// relay receives and flushes a burst, and numbers it on for the next time.
func relay(f *TrackFanout, burst [][]byte) {
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
		if allocated := testing.AllocsPerRun(runs, func() { relay(f, burst) }); allocated != 0 {
			t.Errorf("%d legs: %v allocations for a burst", legs, allocated)
		}
		if got, want := sender.packets-before, (runs+1)*burstSize*legs; got != want { // it runs once more, to warm up
			t.Errorf("%d legs: %d packets were sent, want %d", legs, got, want)
		}
	}
}

// Nor do packets that are asked for again, and reports, each from within the flush.
func TestNoAllocationPerResendAndReport(t *testing.T) {
	f, burst, _ := warm(t, 10)
	legs, lost := f.roster.legs, make([]uint16, burstSize/2)
	again := func() {
		for _, leg := range legs {
			for i := range lost {
				lost[i] = uint16(leg.newest.index) - uint16(i)
			}
			f.Resend(leg, lost)
		}
		f.Report(Clock{NTPTime: 1})
		relay(f, burst)
	}
	for range 4 {
		again()
	}
	before := legs[0].Sent().Resent
	const runs = 200
	if allocated := testing.AllocsPerRun(runs, again); allocated != 0 {
		t.Errorf("%v allocations", allocated)
	}
	if got := legs[0].Sent().Resent - before; got != uint64((runs+1)*len(lost)) {
		t.Errorf("%d packets were sent again", got)
	}
}

func BenchmarkReceive(b *testing.B) {
	f, burst, _ := warm(b, 0)
	b.ReportAllocs()
	for b.Loop() {
		relay(f, burst)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*burstSize), "ns/packet")
}

func BenchmarkFlush(b *testing.B) {
	for _, legs := range []int{1, 100, 1000} {
		b.Run(fmt.Sprintf("legs=%d", legs), func(b *testing.B) {
			f, burst, _ := warm(b, legs)
			b.ReportAllocs()
			for b.Loop() {
				relay(f, burst)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*burstSize*legs), "ns/packet/leg")
		})
	}
}
