package fanout

import (
	"fmt"
	"testing"

	"rostrum/domain"
)

func TestCounters(t *testing.T) {
	old, leg, sent := newVideo(t)
	received := func(f *TrackFanout) string {
		packets, bytes, keyframes := f.Received()
		return fmt.Sprint(packets, bytes, keyframes)
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
	check("sent", fmt.Sprint(leg.Sent()), "{2 5 1 0 0}")
	resend(old, leg, sent.sent[0].Sequence)
	check("sent, and one again", fmt.Sprint(leg.Sent()), "{2 5 1 1 0}")
	next := handOver(t, old, domain.Video, leg)
	feed(t, next, domain.H264, wire(t, 9, h264Key), wire(t, 10, h264Key))
	check("received by the next", received(next), "2 4 2")
	check("sent of both", fmt.Sprint(leg.Sent()), "{3 7 2 1 0}")
	check("received by the old", received(old), "3 7 1")
}

// A key frame whose parts all look like a beginning is one.
func TestAKeyframeInPartsIsCountedOnce(t *testing.T) {
	f, leg, _ := newVideo(t)
	for n := range uint16(4) {
		feed(t, f, domain.H264, at(t, n, 9000, h264Key))
	}
	if _, _, keys := f.Received(); keys != 1 || leg.Sent().Keyframes != 1 {
		t.Errorf("%d received, %d sent", keys, leg.Sent().Keyframes)
	}
}
