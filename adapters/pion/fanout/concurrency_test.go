package fanout

import (
	"encoding/binary"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"rostrum/domain"
)

// reader is a Sender that looks at every byte that it is given, so that the race
// detector sees who writes meanwhile, and notices if two call it at once.
type reader struct {
	t              *testing.T
	inside         atomic.Int32
	newest         atomic.Uint64
	last, bytes    uint64
	again, reports int
}

func (r *reader) Send(_ Lane, s Stream, burst []*Packet) {
	defer r.enter()()
	for _, p := range burst {
		r.look(p)
		index := s.Rewrite.IndexOf(p)
		if r.last > 0 && index != r.last+1 {
			r.t.Errorf("packet %d after %d", index, r.last)
		}
		r.last = index
		r.newest.Store(index)
	}
}

func (r *reader) Resend(_ Lane, _ Stream, p *Packet) {
	defer r.enter()()
	r.look(p)
	r.again++
}

func (r *reader) Report(Lane, SenderReport) {
	defer r.enter()()
	r.reports++
}

func (r *reader) enter() (leave func()) {
	if r.inside.Add(1) != 1 {
		r.t.Error("two workers at once")
	}
	return func() { r.inside.Add(-1) }
}

func (r *reader) look(p *Packet) {
	r.bytes += uint64(p.Timestamp)
	for _, b := range p.Payload {
		r.bytes += uint64(b)
	}
}

// until repeats something until done is closed, once at least, and lets the others run
// in between.
func until(done <-chan struct{}, do func()) {
	for {
		do()
		runtime.Gosched()
		select {
		case <-done:
			return
		default:
		}
	}
}

// The table is swapped and packets are asked for again while a source goes round the
// ring many times, over several workers.
func TestOthersMayCallBesideTheSource(t *testing.T) {
	const packets, size = 2 * ringSize, 40
	f := NewTrackFanout(domain.Video, newWorkers(t, 3), func() {}, func() {})
	seen, table := make([]*reader, size), make([]*Leg, size)
	for i := range table {
		seen[i] = &reader{t: t}
		table[i] = NewLeg(forAll, seen[i])
	}
	f.SetLegs(table)
	feed(t, f, domain.VP8, wire(t, 0, vp8Key))

	done := make(chan struct{})
	var beside sync.WaitGroup
	for _, do := range []func(){
		func() { f.SetLegs(append(table[:size:size], NewLeg(forAll, &reader{t: t}))) },
		func() {
			for i := range table {
				f.Resend(table[i], run(uint16(seen[i].newest.Load())-7, 8))
			}
		},
		func() { f.PictureLost(table[0], 1); table[1].Sent(); f.Received() },
	} {
		beside.Go(func() { until(done, do) })
	}
	beside.Go(func() { f.Run(done) })
	codecs := []domain.Codec{domain.VP8, domain.H264}
	payloads := []string{vp8Key, h264Key}
	for n := 1; n <= packets; n++ {
		if n%50 == 0 {
			f.Report(Clock{NTPTime: uint64(n)})
		}
		which := n / ringSize % 2
		feed(t, f, codecs[which], wire(t, uint16(n), payloads[which]))
	}
	close(done)
	beside.Wait()
	for i, leg := range table {
		if got := leg.Sent(); got.Packets != packets+1 || got.Resent == 0 || int(got.Resent) != seen[i].again || seen[i].reports < packets/50 {
			t.Errorf("leg %d: %+v, %d again, %d reports", i, got, seen[i].again, seen[i].reports)
		}
	}
}

// One leg goes from source to source while all of them send, asks for packets again
// from any of them, and is never served by two at once. Its numbers have no gap.
func TestHandOversWhileAllSend(t *testing.T) {
	const sources, turns = 3, 300
	workers := newWorkers(t, 3)
	all, seen := make([]*TrackFanout, sources), &reader{t: t}
	leg := NewLeg(forAll, seen)
	done := make(chan struct{})
	var beside sync.WaitGroup
	for i := range all {
		all[i] = NewTrackFanout(domain.Video, workers, func() {}, func() {})
		key := wire(t, uint16(1000*i), vp8Key)
		beside.Go(func() {
			until(done, func() {
				all[i].Receive(domain.VP8, key)
				all[i].Flush()
				all[i].Flush() // there may be somebody who has called
				binary.BigEndian.PutUint16(key[2:], binary.BigEndian.Uint16(key[2:])+1)
				binary.BigEndian.PutUint32(key[4:], binary.BigEndian.Uint32(key[4:])+3000)
			})
		})
		beside.Go(func() {
			until(done, func() { all[i].Resend(leg, run(uint16(seen.newest.Load()), 2)) })
		})
	}
	for turn := range turns {
		if turn > 0 {
			all[(turn-1)%sources].Detach()
		}
		before := leg.Sent().Packets
		all[turn%sources].SetLegs([]*Leg{leg})
		for leg.Sent().Packets < before+3 {
			runtime.Gosched()
		}
	}
	close(done)
	beside.Wait()
	if got := leg.Sent(); got.Packets < 3*turns || got.Resent == 0 || int(got.Resent) != seen.again {
		t.Errorf("%+v, %d again", got, seen.again)
	}
}

// Detach returns when the flush that goes on has let go of the legs, and no later
// flush sends to them, although they have called.
func TestDetachWaitsForTheFlush(t *testing.T) {
	f, first := quietly(t, domain.Video), wire(t, 1, vp8Key)
	g := &gate{inside: make(chan struct{}), letGo: make(chan struct{})}
	leg := NewLeg(forAll, g)
	f.SetLegs([]*Leg{leg})
	flushed, detached := make(chan struct{}), make(chan struct{})
	go func() { f.Receive(domain.VP8, first); f.Flush(); close(flushed) }()
	<-g.inside
	f.Resend(leg, run(0, 100))
	go func() { f.Detach(); close(detached) }()
	for leg.roster.Load() != nil { // until it has emptied the table
		runtime.Gosched()
	}
	select {
	case <-detached:
		t.Error("detached while the leg is in use")
	default:
	}
	close(g.letGo)
	<-detached
	<-flushed
	f.Resend(leg, run(0, 100))
	feed(t, f, domain.VP8, wire(t, 2, vp8Key))
	if got := leg.Sent(); got.Packets != 1 || got.Resent != 0 {
		t.Errorf("%+v, want one packet", got)
	}
}

// gate is a Sender that stays in Send until it is let go.
type gate struct {
	null
	inside, letGo chan struct{}
}

func (g *gate) Send(Lane, Stream, []*Packet) {
	g.inside <- struct{}{}
	<-g.letGo
}
