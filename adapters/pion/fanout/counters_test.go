package fanout

import (
	"fmt"
	"testing"
	"time"

	"rostrum/domain"
)

func TestCounters(t *testing.T) {
	old, leg, sent := newVideo(t)
	received := func(f *TrackFanout) string {
		r := f.Received()
		return fmt.Sprint(r.Packets, r.Bytes, r.Keyframes)
	}
	left := func(l *Leg) string {
		s := l.Sent()
		return fmt.Sprint(s.Packets, s.Bytes, s.Keyframes, s.Resent, s.ResendsRefused)
	}
	check := func(what, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %s, want %s", what, got, want)
		}
	}
	feed(t, old, domain.VP8, wire(t, 1, vp8Delta), wire(t, 2, vp8Key), wire(t, 3, vp8Delta+"x"))
	old.Receive(domain.VP8, wire(t, 3, vp8Delta)) // a duplicate
	old.Receive(domain.VP8, []byte("no RTP"))
	check("received", received(old), "3 7 1")
	check("sent", left(leg), "2 5 1 0 0")
	resend(old, leg, sent.sent[0].Sequence)
	check("sent, and one again", left(leg), "2 5 1 1 0")
	next := handOver(t, old, domain.Video, leg)
	feed(t, next, domain.H264, wire(t, 9, h264Key), wire(t, 10, h264Key))
	check("received by the next", received(next), "2 4 2")
	check("sent of both", left(leg), "3 7 2 1 0")
	check("received by the old", received(old), "3 7 1")
}

// A key frame whose parts all look like a beginning is one.
func TestAKeyframeInPartsIsCountedOnce(t *testing.T) {
	f, leg, _ := newVideo(t)
	for n := range uint16(4) {
		feed(t, f, domain.H264, at(t, n, 9000, h264Key))
	}
	if keys := f.Received().Keyframes; keys != 1 || leg.Sent().Keyframes != 1 {
		t.Errorf("%d received, %d sent", keys, leg.Sent().Keyframes)
	}
}

// When media came and left first is known, and stays what it was.
func TestTheFirstPacketIsTimed(t *testing.T) {
	f, leg, _ := newVideo(t)
	if !f.Received().First.Media.IsZero() || !leg.Sent().First.Media.IsZero() {
		t.Error("something was first where nothing has come")
	}
	before := time.Now()
	feed(t, f, domain.VP8, wire(t, 1, vp8Delta))
	came := f.Received().First.Media
	if came.Before(before) || !leg.Sent().First.Media.IsZero() {
		t.Errorf("begun at %v, the first came at %v and left at %v, want none to leave without a key frame", before, came, leg.Sent().First.Media)
	}
	feed(t, f, domain.VP8, wire(t, 2, vp8Key))
	left := leg.Sent().First.Media
	if left.Before(came) {
		t.Errorf("the first came at %v and left at %v", came, left)
	}
	next := handOver(t, f, domain.Video, leg)
	feed(t, next, domain.VP8, wire(t, 9, vp8Key))
	if leg.Sent().First.Media != left || f.Received().First.Media != came || next.Received().First.Media.Before(left) {
		t.Errorf("then the first left at %v, came at %v, and to the next at %v", leg.Sent().First.Media, f.Received().First.Media, next.Received().First.Media)
	}
}
