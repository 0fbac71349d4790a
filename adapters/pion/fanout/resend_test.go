package fanout

import (
	"slices"
	"testing"

	"rostrum/domain"
)

// sendRun sends a key frame and n-1 packets after it, from first on.
func sendRun(t *testing.T, f *TrackFanout, first uint16, n int) {
	t.Helper()
	feed(t, f, domain.VP8, wire(t, first, vp8Key))
	for i := 1; i < n; i++ {
		feed(t, f, domain.VP8, wire(t, first+uint16(i), vp8Delta+string(rune('a'+i%26))))
	}
}

func TestResendIsWhatWasSent(t *testing.T) {
	for name, first := range map[string]uint16{"plainly": 1000, "over the top of 2^16": 65_500} {
		t.Run(name, func(t *testing.T) {
			f, leg, sent := newVideo(t)
			sendRun(t, f, first, 100)
			for _, p := range sent.sent {
				resend(f, leg, p.Sequence, p.Sequence)
			}
			if !slices.Equal(sent.resent, sent.sent) {
				t.Errorf("%d packets were sent again, not as the %d were that left", len(sent.resent), len(sent.sent))
			}
		})
	}
}

func TestResendReachesAsFarAsTheRing(t *testing.T) {
	f, leg, sent := newVideo(t)
	sendRun(t, f, 60_000, 3*ringSize)
	last := len(sent.sent) - 1
	for back, want := range map[int]int{0: 1, 1: 1, ringSize - 1: 1, ringSize: 0, 2 * ringSize: 0} {
		sent.resent = nil
		resend(f, leg, sent.sent[last-back].Sequence)
		if len(sent.resent) != want {
			t.Errorf("%d packets back: %d are sent again, want %d", back, len(sent.resent), want)
		}
	}
}

func TestResendOfWhatNeverLeft(t *testing.T) {
	f, leg, sent := newVideo(t)
	resend(f, leg, 0, 1, 2)
	feed(t, f, domain.VP8, wire(t, 1, vp8Key), wire(t, 3, vp8Delta))
	at := sent.sent[0].Sequence
	resend(f, leg, at+1, at+3, at+1000, at+40_000)
	resend(f, leg)
	if len(sent.resent) != 0 {
		t.Errorf("sent again: %v", sent.resent)
	}
}

// A subscriber that joins late gets nothing from before by asking for it.
func TestResendOfWhatLeftBeforeTheLegBegan(t *testing.T) {
	f, leg, sent := newVideo(t)
	feed(t, f, domain.VP8, wire(t, 1, vp8Delta), wire(t, 2, vp8Delta), wire(t, 3, vp8Key))
	at := sent.sent[0].Sequence
	resend(f, leg, at-1, at-2)
	if len(sent.resent) != 0 {
		t.Errorf("these never left to this subscriber: %v", sent.resent)
	}
}

// After a change of codec the packets of the old one must not leave under the
// payload type of the new one.
func TestResendAcrossACodecChange(t *testing.T) {
	f, leg, sent := newVideo(t)
	feed(t, f, domain.VP8, wire(t, 1, vp8Key), wire(t, 2, vp8Delta))
	feed(t, f, domain.H264, wire(t, 3, h264Delta)) // never sent: no key frame yet
	feed(t, f, domain.H264, wire(t, 4, h264Key))
	at := sent.sent[0].Sequence
	resend(f, leg, at, at+1, at+2, at+3)
	for _, p := range sent.resent {
		if !slices.Contains(sent.sent, p) {
			t.Errorf("sent again, but it never left so: %v", p)
		}
	}
	if !slices.Contains(sent.resent, sent.sent[2]) {
		t.Error("the new codec's key frame is not sent again")
	}
}

// A packet of a codec that the leg was not open for has never left, even when those
// around it have.
func TestResendOfAnotherCodec(t *testing.T) {
	f, leg, sent := newVideo(t)
	feed(t, f, domain.H264, wire(t, 1, h264Key))
	feed(t, f, domain.VP8, wire(t, 2, vp8Delta))
	feed(t, f, domain.H264, wire(t, 3, h264Key))
	feed(t, f, domain.H264, wire(t, 4, h264Delta))
	first := sent.sent[0].Sequence
	resend(f, leg, run(first-5, 10)...)
	if len(sent.sent) != 3 || !slices.Equal(sent.resent, sent.sent[1:]) {
		t.Errorf("sent %v and again %v", sent.sent, sent.resent)
	}
}
