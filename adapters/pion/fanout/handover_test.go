package fanout

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"rostrum/domain"
)

// handOver moves a leg from one track to a new one of a kind.
func handOver(t testing.TB, from *TrackFanout, kind domain.MediaKind, leg *Leg) *TrackFanout {
	from.Detach()
	next := quietly(t, kind)
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
				old, sent := quietly(t, c.kind), &recorder{}
				leg := NewLeg(forAll, sent)
				old.SetLegs([]*Leg{leg})
				feed(t, old, c.old, wire(t, 65_534, vp8Key), wire(t, 65_535, vp8Delta))
				feed(t, old, c.old, wire(t, 0, vp8Delta))
				last := sent.sent[2]

				next := handOver(t, old, c.kind, leg)
				time.Sleep(c.pause)
				feed(t, next, c.codec, wire(t, 30_000, c.payload+"1"))
				feed(t, next, c.codec, wire(t, 30_001, c.payload+"2"))
				feed(t, old, c.old, wire(t, 1, vp8Key)) // it still comes, and is nobody's
				if len(sent.sent) != 5 {
					t.Fatalf("sent %v", sent.sent)
				}
				for i, p := range sent.sent[3:] {
					want := packet{forAll.SSRC, c.pt, last.Sequence + 1 + uint16(i), last.Timestamp + c.later + 3000*uint32(i), false, c.payload + string(rune('1'+i)), 0}
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
	old, leg, sent := newVideo(t)
	feed(t, old, domain.VP8, wire(t, 1, vp8Key), wire(t, 2, vp8Delta), wire(t, 5, vp8Delta))
	feed(t, old, domain.VP8, wire(t, 3, vp8Delta))
	next := handOver(t, old, domain.Video, leg)
	feed(t, next, domain.VP8, wire(t, 100, vp8Key))
	highest, first := sent.sent[2], sent.sent[4]
	if first.Sequence != highest.Sequence+1 || int32(first.Timestamp-highest.Timestamp) <= 0 {
		t.Errorf("%v after %v", first, highest)
	}
}

// A picture of the new source begins with its key frame, which is asked for; until
// then nothing leaves.
func TestANewSourceBeginsWithAKeyframe(t *testing.T) {
	old, leg, sent := newVideo(t)
	feed(t, old, domain.VP8, wire(t, 1, vp8Key))
	next := handOver(t, old, domain.Video, leg)
	next.Flush()
	if old.waiting.Load() || !next.waiting.Load() {
		t.Errorf("a leg waits: for the old %v, for the new %v", old.waiting.Load(), next.waiting.Load())
	}
	feed(t, next, domain.VP8, wire(t, 100, vp8Delta), wire(t, 101, vp8Delta))
	if len(sent.sent) != 1 || !next.waiting.Load() {
		t.Errorf("sent %v before a key frame", sent.sent)
	}
	feed(t, next, domain.VP8, wire(t, 102, vp8Delta), wire(t, 103, vp8Key), wire(t, 104, vp8Delta))
	if len(sent.sent) != 3 || sent.sent[1].Sequence != sent.sent[0].Sequence+1 || next.waiting.Load() {
		t.Errorf("sent %v", sent.sent)
	}
}

// What left from the old source cannot be had again, nor what the new one sent before
// its key frame.
func TestResendAfterAHandOver(t *testing.T) {
	old, leg, sent := newVideo(t)
	sendRun(t, old, 10, 5)
	next := handOver(t, old, domain.Video, leg)
	ofOld := run(sent.sent[0].Sequence, 5)
	resend(next, leg, ofOld...)
	feed(t, next, domain.VP8, wire(t, 98, vp8Delta), wire(t, 99, vp8Delta), wire(t, 100, vp8Key), wire(t, 101, vp8Delta))
	resend(next, leg, ofOld...)
	resend(old, leg, ofOld...)
	resend(old, leg, sent.sent[5].Sequence)
	if len(sent.resent) != 0 {
		t.Errorf("sent again: %v", sent.resent)
	}
	resend(next, leg, sent.sent[5].Sequence, sent.sent[6].Sequence)
	if !slices.Equal(sent.resent, sent.sent[5:]) {
		t.Errorf("sent again %v, want %v", sent.resent, sent.sent[5:])
	}
}

// Clocks of two publishers have nothing to do with each other: only that of the
// present source is passed on, with the first packet if it is known by then, and the
// counts are the stream's own.
func TestReportsAreOfThePresentSource(t *testing.T) {
	old, leg, sent := newVideo(t)
	feed(t, old, domain.VP8, wire(t, 1, vp8Key+"old"))
	next := handOver(t, old, domain.Video, leg)
	report(next, Clock{NTPTime: 1, RTPTime: 1}) // nothing of it has left
	report(old, Clock{NTPTime: 2, RTPTime: 2})
	if len(sent.reports) != 0 {
		t.Errorf("reports %+v", sent.reports)
	}
	feed(t, next, domain.VP8, wire(t, 100, vp8Key+"new"))
	report(old, Clock{NTPTime: 3, RTPTime: 3})
	report(next, Clock{NTPTime: 4, RTPTime: 300_000})
	shift := sent.sent[1].Timestamp - 300_000
	want := []SenderReport{
		{SSRC: 7, NTPTime: 1, RTPTime: 1 + shift, Packets: 2, Octets: 10},
		{SSRC: 7, NTPTime: 4, RTPTime: 300_000 + shift, Packets: 2, Octets: 10},
	}
	if !slices.Equal(sent.reports, want) {
		t.Errorf("reports %+v, want %+v", sent.reports, want)
	}
}
