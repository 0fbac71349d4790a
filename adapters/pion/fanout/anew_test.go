package fanout

import (
	"testing"
	"testing/synctest"
	"time"

	"rostrum/domain"
)

// A publisher that goes on under another SSRC has other numbers and another clock. To
// the subscriber it is one stream: nothing of the new one is missing, the numbers go
// on, and the clock by as long as nothing came.
func TestAStreamBeginsAnew(t *testing.T) {
	for name, sequence := range map[string]uint16{"further on": 40_000, "further back": 60_000, "with the same numbers": 10, "one on": 13, "at the roll-over": 65_534} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, _, sent := newVideo(t)
				feed(t, f, domain.VP8, wire(t, 10, vp8Key), wire(t, 11, vp8Delta), wire(t, 12, vp8Delta))
				last := sent.sent[2]
				time.Sleep(2 * time.Second)
				f.BeginAnew()
				const base = 3_000_000_000
				feed(t, f, domain.VP8, at(t, sequence, base, vp8Key+"1"), at(t, sequence+1, base, vp8Delta+"2"))
				feed(t, f, domain.VP8, at(t, sequence+2, base+3000, vp8Delta+"3"))
				if len(sent.sent) != 6 {
					t.Fatalf("sent %v", sent.sent)
				}
				for i, later := range []uint32{180_000, 180_000, 183_000} {
					p := sent.sent[3+i]
					if p.Sequence != last.Sequence+1+uint16(i) || p.Timestamp != last.Timestamp+later || p.Payload[len(p.Payload)-1] != byte('1'+i) {
						t.Errorf("got %v after %v", p, last)
					}
				}
			})
		})
	}
}

// Nobody is shown the new stream from its middle on, and what left before it can be
// asked for no more.
func TestANewStreamBeginsWithAKeyframe(t *testing.T) {
	f, leg, sent := newVideo(t)
	feed(t, f, domain.VP8, wire(t, 10, vp8Key), wire(t, 11, vp8Delta))
	old := sent.sent[1]
	f.BeginAnew()
	feed(t, f, domain.VP8, at(t, 500, 9, vp8Delta))
	if len(sent.sent) != 2 || !f.waiting.Load() {
		t.Errorf("sent %v, and waits for a key frame: %t", sent.sent, f.waiting.Load())
	}
	feed(t, f, domain.VP8, at(t, 501, 3009, vp8Key))
	if len(sent.sent) != 3 || sent.sent[2].Sequence != old.Sequence+1 {
		t.Errorf("sent %v", sent.sent)
	}
	resend(f, leg, old.Sequence)
	if len(sent.resent) != 0 {
		t.Errorf("sent %v again, of the old stream", sent.resent)
	}
}

// The clock of the old stream says nothing of the new one's.
func TestANewStreamHasNoClockYet(t *testing.T) {
	f, _, sent := newVideo(t)
	feed(t, f, domain.VP8, wire(t, 10, vp8Key))
	report(f, Clock{1, 2})
	f.BeginAnew()
	feed(t, f, domain.VP8, at(t, 500, 9, vp8Key))
	if len(sent.reports) != 1 {
		t.Errorf("%d reports, want the old stream's alone", len(sent.reports))
	}
}

// Before anything has come there is nothing to go on from.
func TestAnewBeforeTheFirst(t *testing.T) {
	f, _, sent := newVideo(t)
	f.BeginAnew()
	feed(t, f, domain.VP8, wire(t, 10, vp8Key), wire(t, 11, vp8Delta))
	if len(sent.sent) != 2 || sent.sent[1].Sequence != sent.sent[0].Sequence+1 {
		t.Errorf("sent %v", sent.sent)
	}
}
