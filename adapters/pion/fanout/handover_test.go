package fanout

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"rostrum/domain"
)

// handOver moves a leg from one track to a new one of a kind.
func handOver(from *TrackFanout, kind domain.MediaKind, leg *Leg) *TrackFanout {
	from.Detach()
	next := NewTrackFanout(kind, func() {})
	next.SetLegs([]*Leg{leg})
	return next
}

// To its subscriber a leg is one stream, whatever it is made of: the numbers go on,
// and the clock by as long as nothing came.
func TestALegGoesOnFromAnotherSource(t *testing.T) {
	for name, c := range map[string]struct {
		kind       domain.MediaKind
		old, codec domain.Codec
		pt         uint8
		payload    string
		pause      time.Duration
		later      uint32 // on the RTP clock
	}{
		"in the same codec":       {domain.Video, domain.VP8, domain.VP8, 96, vp8Key, time.Second, 90_000},
		"in another codec":        {domain.Video, domain.VP8, domain.H264, 102, h264Key, 3500 * time.Millisecond, 315_000},
		"at once":                 {domain.Video, domain.VP8, domain.VP8, 96, vp8Key, 0, 90},
		"after a grace":           {domain.Video, domain.VP8, domain.VP8, 96, vp8Key, 10 * time.Second, 900_000},
		"after the clock's round": {domain.Video, domain.VP8, domain.VP8, 96, vp8Key, 14 * time.Hour, uint32((14 * 3600 * 90_000) % (1 << 32))},
		"sound":                   {domain.Audio, domain.Opus, domain.Opus, 111, "\xfcx", 2 * time.Second, 96_000},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				old, sent := NewTrackFanout(c.kind, func() {}), &recorder{}
				leg := NewLeg(forAll, sent)
				old.SetLegs([]*Leg{leg})
				feed(t, old, c.old, wire(t, 65_534, vp8Key), wire(t, 65_535, vp8Delta))
				feed(t, old, c.old, wire(t, 0, vp8Delta))
				last := sent.sent[2]

				next := handOver(old, c.kind, leg)
				time.Sleep(c.pause)
				feed(t, next, c.codec, wire(t, 30_000, c.payload+"1"), wire(t, 30_001, c.payload+"2"))
				feed(t, old, c.old, wire(t, 1, vp8Key)) // it still comes, and is nobody's
				if len(sent.sent) != 5 {
					t.Fatalf("sent %v", sent.sent)
				}
				for i, p := range sent.sent[3:] {
					want := packet{forAll.SSRC, c.pt, last.Sequence + 1 + uint16(i), last.Timestamp + c.later + 3000*uint32(i), false, c.payload + string(rune('1'+i))}
					if p != want {
						t.Errorf("got %v, want %v", p, want)
					}
				}
			})
		})
	}
}

// The numbers go on behind the highest, also when what left last was late.
func TestALegGoesOnBehindALatePacket(t *testing.T) {
	old, leg, sent := newVideo()
	feed(t, old, domain.VP8, wire(t, 1, vp8Key), wire(t, 2, vp8Delta), wire(t, 5, vp8Delta))
	feed(t, old, domain.VP8, wire(t, 3, vp8Delta))
	next := handOver(old, domain.Video, leg)
	feed(t, next, domain.VP8, wire(t, 100, vp8Key))
	highest, first := sent.sent[2], sent.sent[4]
	if first.Sequence != highest.Sequence+1 || int32(first.Timestamp-highest.Timestamp) <= 0 {
		t.Errorf("%v after %v", first, highest)
	}
}

// A picture of the new source begins with its key frame, which is asked for; until
// then nothing leaves.
func TestANewSourceBeginsWithAKeyframe(t *testing.T) {
	old, leg, sent := newVideo()
	feed(t, old, domain.VP8, wire(t, 1, vp8Key))
	next := handOver(old, domain.Video, leg)
	if old.starving() || !next.starving() {
		t.Errorf("starving: the old %v, the new %v", old.starving(), next.starving())
	}
	feed(t, next, domain.VP8, wire(t, 100, vp8Delta), wire(t, 101, vp8Delta))
	if len(sent.sent) != 1 || !next.starving() {
		t.Errorf("sent %v before a key frame", sent.sent)
	}
	feed(t, next, domain.VP8, wire(t, 102, vp8Delta), wire(t, 103, vp8Key), wire(t, 104, vp8Delta))
	if len(sent.sent) != 3 || sent.sent[1].Sequence != sent.sent[0].Sequence+1 || next.starving() {
		t.Errorf("sent %v", sent.sent)
	}
}

// What left from the old source cannot be had again, nor what the new one sent before
// its key frame.
func TestResendAfterAHandOver(t *testing.T) {
	old, leg, sent := newVideo()
	sendRun(t, old, 10, 5)
	next := handOver(old, domain.Video, leg)
	ofOld := run(sent.sent[0].Sequence, 5)
	next.Resend(leg, ofOld)
	feed(t, next, domain.VP8, wire(t, 98, vp8Delta), wire(t, 99, vp8Delta), wire(t, 100, vp8Key), wire(t, 101, vp8Delta))
	next.Resend(leg, ofOld)
	old.Resend(leg, ofOld)
	old.Resend(leg, []uint16{sent.sent[5].Sequence})
	if len(sent.resent) != 0 {
		t.Errorf("sent again: %v", sent.resent)
	}
	next.Resend(leg, []uint16{sent.sent[5].Sequence, sent.sent[6].Sequence})
	if !slices.Equal(sent.resent, sent.sent[5:]) {
		t.Errorf("sent again %v, want %v", sent.resent, sent.sent[5:])
	}
}

// Clocks of two publishers have nothing to do with each other: only that of the
// present source is passed on, and the counts are the stream's own.
func TestReportsAreOfThePresentSource(t *testing.T) {
	old, leg, sent := newVideo()
	feed(t, old, domain.VP8, wire(t, 1, vp8Key+"old"))
	next := handOver(old, domain.Video, leg)
	next.Report(Clock{NTPTime: 1, RTPTime: 1}) // nothing of it has left
	old.Report(Clock{NTPTime: 2, RTPTime: 2})
	if len(sent.reports) != 0 {
		t.Errorf("reports %+v", sent.reports)
	}
	feed(t, next, domain.VP8, wire(t, 100, vp8Key+"new"))
	old.SetLegs([]*Leg{leg}) // as if it were routed by mistake
	old.Report(Clock{NTPTime: 3, RTPTime: 3})
	next.Report(Clock{NTPTime: 4, RTPTime: 300_000})
	want := SenderReport{SSRC: 7, NTPTime: 4, RTPTime: sent.sent[1].Timestamp, Packets: 2, Octets: 10}
	if !slices.Equal(sent.reports, []SenderReport{want}) {
		t.Errorf("reports %+v, want %+v", sent.reports, want)
	}
}

func TestCounters(t *testing.T) {
	old, leg, sent := newVideo()
	check := func(what string, got func() (packets, bytes, keyframes uint64), want string) {
		t.Helper()
		p, b, k := got()
		if text := fmt.Sprint(p, b, k); text != want {
			t.Errorf("%s: %s, want %s", what, text, want)
		}
	}
	feed(t, old, domain.VP8, wire(t, 1, vp8Delta), wire(t, 2, vp8Key), wire(t, 3, vp8Delta+"x"))
	old.Receive(domain.VP8, wire(t, 3, vp8Delta)) // a duplicate
	old.Receive(domain.VP8, []byte("no RTP"))
	check("received", old.Received, "3 7 1")
	check("sent", leg.Sent, "2 5 1")
	old.Resend(leg, []uint16{sent.sent[0].Sequence})
	check("sent, and one again", leg.Sent, "2 5 1")
	next := handOver(old, domain.Video, leg)
	feed(t, next, domain.H264, wire(t, 9, h264Key), wire(t, 10, h264Key))
	check("received by the next", next.Received, "2 4 2")
	check("sent of both", leg.Sent, "4 9 3")
	check("received by the old", old.Received, "3 7 1")
}

// gate is a Sender that stays in Send until it is let go.
type gate struct {
	null
	inside, letGo chan struct{}
}

func (g *gate) Send(s Stream, burst []*Packet) {
	g.null.Send(s, burst)
	g.inside <- struct{}{}
	<-g.letGo
}

func TestDetachWaitsForTheFlush(t *testing.T) {
	f, first := NewTrackFanout(domain.Video, func() {}), wire(t, 1, vp8Key)
	g := &gate{inside: make(chan struct{}), letGo: make(chan struct{})}
	f.SetLegs([]*Leg{NewLeg(forAll, g)})
	flushed, detached := make(chan struct{}), make(chan struct{})
	go func() { f.Receive(domain.VP8, first); f.Flush(); close(flushed) }()
	<-g.inside
	go func() { f.Detach(); close(detached) }()
	for f.mu.TryRLock() { // until it is at the door
		f.mu.RUnlock()
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
	feed(t, f, domain.VP8, wire(t, 2, vp8Key))
	if g.packets != 1 {
		t.Errorf("%d packets, want one", g.packets)
	}
}

// One leg goes from source to source while all of them send, and its stream never
// repeats a number, nor leaves one out.
func TestHandOversWhileAllSend(t *testing.T) {
	const sources, turns = 3, 30
	all, sent := make([]*TrackFanout, sources), &recorder{}
	leg := NewLeg(forAll, sent)
	done := make(chan struct{})
	var sending sync.WaitGroup
	for i := range all {
		all[i] = NewTrackFanout(domain.Video, func() {})
		key := wire(t, uint16(1000*i), vp8Key)
		sending.Go(func() { pump(all[i], key, done) })
	}
	for turn := range turns {
		if turn > 0 {
			all[(turn-1)%sources].Detach()
		}
		before, _, _ := leg.Sent()
		all[turn%sources].SetLegs([]*Leg{leg})
		for now := before; now < before+3; now, _, _ = leg.Sent() {
			if now > before && all[turn%sources].starving() {
				t.Error("it sends, and a leg waits")
			}
		}
	}
	close(done)
	sending.Wait()
	for i := 1; i < len(sent.sent); i++ {
		if a, b := sent.sent[i-1], sent.sent[i]; b.Sequence != a.Sequence+1 {
			t.Fatalf("packet %d: %v after %v", i, b, a)
		}
	}
	if packets, _, _ := leg.Sent(); int(packets) != len(sent.sent) || packets < 3*turns {
		t.Errorf("%d packets were counted, %d sent", packets, len(sent.sent))
	}
}

// pump sends a packet, each time under the next number, until done is closed.
func pump(f *TrackFanout, raw []byte, done <-chan struct{}) {
	for {
		select {
		case <-done:
			return
		default:
			f.Receive(domain.VP8, raw)
			f.Flush()
			binary.BigEndian.PutUint16(raw[2:], binary.BigEndian.Uint16(raw[2:])+1)
		}
	}
}
