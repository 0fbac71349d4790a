package fanout

import (
	"slices"
	"testing"

	"rostrum/domain"
)

// frames feeds n frames of two packets each, 3000 ticks apart, from a number and the
// frame's time on; the first begins with a key frame.
func frames(t *testing.T, f *TrackFanout, first uint16, timestamp uint32, n int) {
	t.Helper()
	for i := range n {
		payload := vp8Delta
		if i == 0 {
			payload = vp8Key
		}
		s, ts := first+uint16(2*i), timestamp+3000*uint32(i)
		feed(t, f, domain.VP8, at(t, s, ts, payload+string(rune(i))), at(t, s+1, ts, vp8Delta))
	}
}

// join adds a new leg to a fan-out and flushes, as a source does when it is woken.
func join(f *TrackFanout) (*Leg, *recorder) {
	sent := &recorder{}
	leg := NewLeg(forAll, sent)
	f.SetLegs([]*Leg{leg})
	f.Flush()
	return leg, sent
}

// Who joins late gets the picture at once, from the last key frame on, and the past
// goes by in a moment: its last frame leaves with the time that it has live.
func TestALateJoinerCatchesUp(t *testing.T) {
	f := quietly(t, domain.Video)
	frames(t, f, 65_400, 1<<32-300_000, 5)
	frames(t, f, 65_410, 1<<32-100_000, 100)
	leg, sent := join(f)
	if len(sent.sent) != 200 || leg.Sent().Keyframes != 1 || f.waiting.Load() {
		t.Fatalf("%d packets at once, a leg waits: %v", len(sent.sent), f.waiting.Load())
	}
	first, last := sent.sent[0], sent.sent[199]
	if got := last.Timestamp - first.Timestamp; got != 99*3000/32+1 && got != 99*3000/32 || last.Sequence != first.Sequence+199 {
		t.Errorf("from %v to %v in %d ticks", first, last, got)
	}
	for i := 0; i < 200; i += 2 {
		if sent.sent[i].Timestamp != sent.sent[i+1].Timestamp || i > 0 && sent.sent[i].Timestamp <= sent.sent[i-1].Timestamp && first.Timestamp < last.Timestamp {
			t.Errorf("frame %d: %v, %v", i/2, sent.sent[i], sent.sent[i+1])
		}
	}
	f.Flush()
	feed(t, f, domain.VP8, at(t, 65_410+200-1<<16, 1<<32-100_000+99*3000-1<<32, vp8Delta+"same frame"))
	feed(t, f, domain.VP8, at(t, 65_410+201-1<<16, 1<<32-100_000+100*3000-1<<32, vp8Delta+"next"))
	same, next := sent.sent[200], sent.sent[201]
	if same.Timestamp != last.Timestamp || next.Timestamp != last.Timestamp+3000 || next.Sequence != last.Sequence+2 {
		t.Errorf("%v and %v after %v", same, next, last)
	}
	resend(f, leg, first.Sequence, sent.sent[50].Sequence, next.Sequence)
	if want := []packet{first, sent.sent[50], next}; !slices.Equal(sent.resent, want) {
		t.Errorf("sent again %v, want %v", sent.resent, want)
	}
}

func TestWhoCannotCatchUpWaits(t *testing.T) {
	for name, c := range map[string]struct {
		before func(*testing.T, *TrackFanout)
		sent   int
	}{
		"all that may be": {func(t *testing.T, f *TrackFanout) { frames(t, f, 9, 9, maxCatchUp/2) }, maxCatchUp},
		"too many": {func(t *testing.T, f *TrackFanout) {
			frames(t, f, 9, 9, maxCatchUp/2)
			feed(t, f, domain.VP8, wire(t, 9+maxCatchUp, vp8Delta))
		}, 0},
		"one is missing": {func(t *testing.T, f *TrackFanout) {
			frames(t, f, 9, 9, 10)
			feed(t, f, domain.VP8, wire(t, 9+21, vp8Delta))
		}, 0},
		"it came late": {func(t *testing.T, f *TrackFanout) {
			frames(t, f, 9, 9, 10)
			feed(t, f, domain.VP8, wire(t, 9+21, vp8Delta))
			feed(t, f, domain.VP8, wire(t, 9+20, vp8Delta))
		}, 22},
		"the codec is another": {func(t *testing.T, f *TrackFanout) {
			frames(t, f, 9, 9, 10)
			feed(t, f, domain.H264, wire(t, 30, h264Delta))
		}, 0},
		"no key frame": {func(t *testing.T, f *TrackFanout) { feed(t, f, domain.VP8, wire(t, 9, vp8Delta)) }, 0},
		"nothing":      {func(*testing.T, *TrackFanout) {}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			f := quietly(t, domain.Video)
			c.before(t, f)
			_, sent := join(f)
			if len(sent.sent) != c.sent || f.waiting.Load() != (c.sent == 0) {
				t.Errorf("%d packets, want %d; a leg waits: %v", len(sent.sent), c.sent, f.waiting.Load())
			}
		})
	}
}

// A key frame that has come in part is begun with its first packet, not the part that
// comes now.
func TestAKeyframeThatHasBegunIsCaughtUpWith(t *testing.T) {
	f, sent := quietly(t, domain.Video), &recorder{}
	feed(t, f, domain.H264, at(t, 1, 900, "\x67\x42sps"), at(t, 2, 900, "\x68\x42pps"))
	f.SetLegs([]*Leg{NewLeg(forAll, sent)})
	feed(t, f, domain.H264, at(t, 3, 900, h264Key))
	if got := sent.payloads(); len(got) != 3 || got[0] != "\x67\x42sps" {
		t.Errorf("sent %q", got)
	}
}

// What is missing can still come: then who waits is served without a key frame.
func TestALatePacketEndsTheWaiting(t *testing.T) {
	f := quietly(t, domain.Video)
	feed(t, f, domain.VP8, wire(t, 1, vp8Key), wire(t, 3, vp8Delta))
	_, sent := join(f)
	feed(t, f, domain.VP8, wire(t, 4, vp8Delta))
	feed(t, f, domain.VP8, wire(t, 2, vp8Delta))
	if len(sent.sent) != 4 || f.waiting.Load() {
		t.Errorf("sent %v", sent.sent)
	}
}

func TestSoundDoesNotCatchUp(t *testing.T) {
	f := quietly(t, domain.Audio)
	feed(t, f, domain.Opus, wire(t, 1, "\xfca"))
	_, sent := join(f)
	feed(t, f, domain.Opus, wire(t, 3, "\xfcc"), wire(t, 2, "\xfcb"))
	if got := sent.payloads(); !slices.Equal(got, []string{"\xfcc", "\xfcb"}) {
		t.Errorf("sent %q", got)
	}
}

// A leg that has left the table for a while has missed frames: it begins again, behind
// what it has sent, and neither its numbers nor its time go back.
func TestALegThatWasAwayBeginsAgain(t *testing.T) {
	for name, away := range map[string]int{"a moment": 1, "longer than the ring": 2 * ringSize, "half a round": 40_000} {
		t.Run(name, func(t *testing.T) {
			f := quietly(t, domain.Video)
			leg, sent := join(f)
			frames(t, f, 1, 3000, 20)
			f.SetLegs(nil)
			for i := range away {
				feed(t, f, domain.VP8, at(t, uint16(41+i), 63_000+uint32(i), vp8Delta))
			}
			before := sent.sent[len(sent.sent)-1]
			f.SetLegs([]*Leg{leg})
			f.Flush()
			if away > maxCatchUp {
				feed(t, f, domain.VP8, at(t, uint16(41+away), 63_000+uint32(away), vp8Key))
			}
			if len(sent.sent) < 41 {
				t.Fatal("it does not begin again")
			}
			after := sent.sent[40]
			if after.Payload[:2] != vp8Key || after.index() != before.index()+1 || int32(after.Timestamp-before.Timestamp) <= 0 {
				t.Errorf("%v after %v", after, before)
			}
		})
	}
}
