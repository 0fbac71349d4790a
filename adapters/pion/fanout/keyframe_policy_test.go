package fanout

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"rostrum/domain"
)

// publisherOf runs a fan-out whose source is asked for key frames.
func publisherOf(t *testing.T, kind domain.MediaKind) (*TrackFanout, *requests) {
	r := newRequests()
	f := NewTrackFanout(kind, newWorkers(t, 1), r.request, func() {})
	r.run(f.Run)
	return f, r
}

func TestALegThatWaitsAsksUntilItHasBegun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, r := publisherOf(t, domain.Video)
		f.SetLegs([]*Leg{NewLeg(forAll, &recorder{}), NewLeg(forAll, &recorder{})})
		f.Flush()
		time.Sleep(1200 * time.Millisecond)
		feed(t, f, domain.VP8, wire(t, 1, vp8Key))
		time.Sleep(time.Minute)
		r.stop()
		want := []time.Duration{0, keyframeInterval, 2 * keyframeInterval}
		if got := r.taken(); !slices.Equal(got, want) {
			t.Errorf("asked at %v, want %v", got, want)
		}
	})
}

func TestNobodyAsksWithoutNeed(t *testing.T) {
	for name, c := range map[string]struct {
		kind domain.MediaKind
		do   func(*TrackFanout)
	}{
		"an empty table": {domain.Video, func(f *TrackFanout) { f.SetLegs(nil); f.Flush() }},
		"sound":          {domain.Audio, func(f *TrackFanout) { f.SetLegs([]*Leg{NewLeg(forAll, &recorder{})}); f.Flush(); f.AskKeyframe() }},
		"who has begun": {domain.Video, func(f *TrackFanout) {
			leg := NewLeg(forAll, &recorder{})
			f.SetLegs([]*Leg{leg})
			feed(t, f, domain.VP8, wire(t, 1, vp8Key))
			f.SetLegs([]*Leg{leg})
			f.Flush()
		}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, r := publisherOf(t, c.kind)
				c.do(f)
				time.Sleep(time.Minute)
				r.stop()
				if got := r.taken(); len(got) != 0 {
					t.Errorf("asked at %v", got)
				}
			})
		})
	}
}

// A source that goes on in another codec owes every leg a key frame of it, and is
// asked until that has come.
func TestACodecChangeAsksForAKeyframe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, r := publisherOf(t, domain.Video)
		f.SetLegs([]*Leg{NewLeg(forAll, &recorder{})})
		feed(t, f, domain.VP8, wire(t, 1, vp8Key))
		time.Sleep(time.Minute)
		r.taken()
		feed(t, f, domain.H264, wire(t, 2, h264Delta))
		time.Sleep(700 * time.Millisecond)
		if got := r.taken(); len(got) != 2 {
			t.Errorf("asked %d times in 700 ms, want 2", len(got))
		}
		feed(t, f, domain.H264, wire(t, 3, h264Key))
		time.Sleep(keyframeInterval)
		r.taken()
		time.Sleep(time.Minute)
		r.stop()
		if got := r.taken(); len(got) != 0 {
			t.Errorf("asked at %v, though it has come", got)
		}
	})
}

// A subscriber that cannot take what is sent costs only itself: no key frame could
// help it, and the others would pay for them.
func TestALegThatCannotBeServedAsksForNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, r := publisherOf(t, domain.Video)
		f.SetLegs([]*Leg{NewLeg(Identity{SSRC: 1, PayloadTypes: map[domain.Codec]uint8{domain.VP8: 96}}, &recorder{})})
		feed(t, f, domain.H264, wire(t, 1, h264Key))
		time.Sleep(time.Minute)
		r.stop()
		if got := r.taken(); len(got) != 0 {
			t.Errorf("asked %d times in a minute for H264 that nobody takes", len(got))
		}
	})
}

// A leg that joins while a key frame is being waited for costs no request of its own,
// nor does one that can catch up.
func TestJoinersShareARequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, r := publisherOf(t, domain.Video)
		feed(t, f, domain.VP8, wire(t, 1, vp8Delta))
		var legs []*Leg
		join := func() {
			legs = append(slices.Clone(legs), NewLeg(forAll, &recorder{}))
			f.SetLegs(legs)
			f.Flush()
			time.Sleep(10 * time.Millisecond)
		}
		for range 20 {
			join()
		}
		feed(t, f, domain.VP8, wire(t, 2, vp8Key))
		for range 20 {
			join()
		}
		time.Sleep(time.Minute)
		r.stop()
		if got := r.taken(); len(got) != 1 {
			t.Errorf("asked at %v, want once", got)
		}
	})
}

// Those who ask while a key frame is on its way from the publisher get that one; it
// costs no second.
func TestAKeyframeIsForAllWhoHaveAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, r := publisherOf(t, domain.Video)
		f.AskKeyframe()
		for range 5 {
			time.Sleep(20 * time.Millisecond)
			f.AskKeyframe()
		}
		feed(t, f, domain.VP8, wire(t, 1, vp8Key))
		time.Sleep(time.Minute)
		r.stop()
		if got := r.taken(); len(got) != 1 {
			t.Errorf("asked at %v, want once", got)
		}
	})
}

// That one leg is served alone says nothing of another that waits.
func TestWhoWaitsIsNotForgotten(t *testing.T) {
	f, leg, _ := newVideo(t)
	feed(t, f, domain.VP8, wire(t, 1, vp8Key), wire(t, 3, vp8Delta))
	f.SetLegs([]*Leg{leg, NewLeg(forAll, &recorder{})})
	f.Flush()
	resend(f, leg, uint16(leg.newest.index))
	if leg.Sent().Resent != 1 || !f.waiting.Load() {
		t.Errorf("%+v, and a leg waits: %v", leg.Sent(), f.waiting.Load())
	}
}

// Who asks for a key frame that is under way to it has asked before it came; any
// later request, and any after a longer time than is believed, counts.
func TestPictureLost(t *testing.T) {
	for name, c := range map[string]struct {
		after, roundTrip time.Duration
		asked            bool
	}{
		"within the round trip":         {50 * time.Millisecond, 60 * time.Millisecond, false},
		"after it":                      {50 * time.Millisecond, 40 * time.Millisecond, true},
		"with a round trip not known":   {time.Millisecond, 0, true},
		"with one that is not believed": {120 * time.Millisecond, time.Second, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, r := publisherOf(t, domain.Video)
				leg, never := NewLeg(forAll, &recorder{}), NewLeg(forAll, &recorder{})
				f.SetLegs([]*Leg{leg})
				feed(t, f, domain.VP8, wire(t, 1, vp8Key))
				time.Sleep(c.after)
				f.PictureLost(leg, c.roundTrip)
				if got := r.taken(); (len(got) == 1) != c.asked {
					t.Errorf("asked at %v", got)
				}
				time.Sleep(time.Minute)
				r.taken()
				f.PictureLost(never, time.Second)
				if got := r.taken(); len(got) != 1 {
					t.Errorf("asked %d times for a leg that has had none", len(got))
				}
				r.stop()
			})
		})
	}
}
