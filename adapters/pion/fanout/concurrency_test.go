package fanout

import (
	"sync"
	"sync/atomic"
	"testing"

	"rostrum/domain"
)

// reader is a Sender that looks at every byte that it is given, from whichever
// goroutine, so that the race detector sees who writes meanwhile.
type reader struct {
	newest, bytes, again, reports atomic.Uint64
}

func (r *reader) Send(s Stream, burst []*Packet) {
	for _, p := range burst {
		r.look(p)
		r.newest.Store(uint64(s.Rewrite.SequenceOf(p)))
	}
}

func (r *reader) Resend(_ Stream, p *Packet) {
	r.look(p)
	r.again.Add(1)
}

func (r *reader) Report(SenderReport) { r.reports.Add(1) }

func (r *reader) look(p *Packet) {
	sum := uint64(p.Timestamp)
	for _, b := range p.Payload {
		sum += uint64(b)
	}
	r.bytes.Add(sum)
}

// The table is swapped, packets are sent again and reports go out while a source
// goes round the ring many times.
func TestOthersMayCallBesideTheReceiver(t *testing.T) {
	const packets = 10 * ringSize
	f := NewTrackFanout(domain.Video, func() {})
	seen := &reader{}
	stays := NewLeg(forAll, seen)
	f.SetLegs([]*Leg{stays})
	feed(t, f, domain.VP8, wire(t, 0, vp8Key))

	done := make(chan struct{})
	var beside sync.WaitGroup
	for _, do := range []func(){
		func() { f.SetLegs([]*Leg{stays, NewLeg(forAll, &reader{})}) },
		func() { f.Resend(stays, run(uint16(seen.newest.Load())-7, 8)) },
		func() { f.Report(Clock{NTPTime: 1, RTPTime: 2}) },
		f.AskKeyframe,
		func() { f.starving() },
	} {
		beside.Go(func() {
			for again := true; again; {
				do()
				select {
				case <-done:
					again = false
				default:
				}
			}
		})
	}
	beside.Go(func() { f.Run(done) })
	codecs := []domain.Codec{domain.VP8, domain.H264}
	payloads := []string{vp8Key, h264Key}
	for n := 1; n <= packets; n++ {
		which := n / ringSize % 2
		feed(t, f, codecs[which], wire(t, uint16(n), payloads[which]))
	}
	close(done)
	beside.Wait()

	if got := stays.packets.Load(); got != packets+1 {
		t.Errorf("the leg that stays got %d packets of %d", got, packets+1)
	}
	if seen.again.Load() == 0 || seen.reports.Load() == 0 {
		t.Errorf("%d packets again, %d reports: nothing ran beside", seen.again.Load(), seen.reports.Load())
	}
}
