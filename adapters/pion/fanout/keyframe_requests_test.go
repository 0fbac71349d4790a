package fanout

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"rostrum/domain"
)

// requests records when a publisher was asked for a key frame, since the start.
type requests struct {
	start       time.Time
	done, ended chan struct{}

	mu sync.Mutex
	at []time.Duration
}

func newRequests() *requests {
	return &requests{start: time.Now(), done: make(chan struct{}), ended: make(chan struct{})}
}

func (r *requests) request() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.at = append(r.at, time.Since(r.start))
}

// taken returns the requests since it was last called, when all that is due at
// this instant has happened.
func (r *requests) taken() []time.Duration {
	synctest.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	at := r.at
	r.at = nil
	return at
}

// run runs a limiter until stop, which waits for its end.
func (r *requests) run(limiter func(<-chan struct{})) {
	go func() {
		defer close(r.ended)
		limiter(r.done)
	}()
}

func (r *requests) stop() {
	close(r.done)
	<-r.ended
}

func runRequests(needed func() bool) (*KeyframeRequests, *requests) {
	r := newRequests()
	k := NewKeyframeRequests(r.request, needed)
	r.run(k.Run)
	return k, r
}

func never() bool { return false }

func TestKeyframeRequestsPassOn(t *testing.T) {
	ms := func(all ...int) (d []time.Duration) {
		for _, m := range all {
			d = append(d, time.Duration(m)*time.Millisecond)
		}
		return d
	}
	every := func(step, until int) (all []int) {
		for m := 0; m < until; m += step {
			all = append(all, m)
		}
		return all
	}
	for name, c := range map[string]struct {
		asked  []int // milliseconds since the start
		passed []int
	}{
		"nothing":                          {nil, nil},
		"a lone one at once":               {[]int{70}, []int{70}},
		"one too soon waits":               {[]int{0, 100}, []int{0, 500}},
		"the last moment waits as well":    {[]int{0, 499}, []int{0, 500}},
		"those that wait are one":          {[]int{0, 100, 200, 300}, []int{0, 500}},
		"far apart, each at once":          {[]int{0, 700, 5000}, []int{0, 700, 5000}},
		"a storm of two seconds":           {every(1, 2000), []int{0, 500, 1000, 1500, 2000}},
		"after a storm a lone one at once": {append(every(10, 400), 3000), []int{0, 500, 3000}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				k, r := runRequests(never)
				for _, at := range ms(c.asked...) {
					time.Sleep(time.Until(r.start.Add(at)))
					k.Ask()
					synctest.Wait()
				}
				time.Sleep(5 * time.Second)
				r.stop()
				if got, want := r.taken(), ms(c.passed...); !slices.Equal(got, want) {
					t.Errorf("passed on at %v, want %v", got, want)
				}
			})
		})
	}
}

func TestKeyframeRequestsAreRepeatedWhileNeeded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var needed atomic.Bool
		needed.Store(true)
		k, r := runRequests(needed.Load)
		k.Ask()
		time.Sleep(1700 * time.Millisecond)
		needed.Store(false)
		time.Sleep(time.Minute)
		r.stop()
		want := []time.Duration{0, keyframeInterval, 2 * keyframeInterval, 3 * keyframeInterval}
		if got := r.taken(); !slices.Equal(got, want) {
			t.Errorf("asked at %v, want %v", got, want)
		}
	})
}

// Asking never waits for who runs, or whether anybody does; what was asked before
// is passed on when it runs.
func TestAskBeforeRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		passed := 0
		k := NewKeyframeRequests(func() { passed++ }, never)
		for range 1000 {
			k.Ask()
		}
		done := make(chan struct{})
		go k.Run(done)
		time.Sleep(time.Minute)
		close(done)
		synctest.Wait()
		if passed != 1 {
			t.Errorf("%d are passed on, want 1", passed)
		}
	})
}

// Run ends at once, also in mid-interval; synctest fails if its goroutine stays.
func TestRunEndsWithDone(t *testing.T) {
	for name, asked := range map[string]bool{"idle": false, "within the interval": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				k, r := runRequests(func() bool { return true })
				if asked {
					k.Ask()
				}
				synctest.Wait()
				r.stop()
				if d := time.Since(r.start); d != 0 {
					t.Errorf("Run ended after %v", d)
				}
			})
		})
	}
}

// publisherOf runs a fan-out whose source is asked for key frames.
func publisherOf(kind domain.MediaKind) (*TrackFanout, *requests) {
	r := newRequests()
	f := NewTrackFanout(kind, r.request)
	r.run(f.Run)
	return f, r
}

func TestALegThatWaitsAsksUntilItHasBegun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, r := publisherOf(domain.Video)
		f.SetLegs([]*Leg{NewLeg(forAll, &recorder{}), NewLeg(forAll, &recorder{})})
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
		"an empty table": {domain.Video, func(f *TrackFanout) { f.SetLegs(nil) }},
		"sound":          {domain.Audio, func(f *TrackFanout) { f.SetLegs([]*Leg{NewLeg(forAll, &recorder{})}); f.AskKeyframe() }},
		"who has begun": {domain.Video, func(f *TrackFanout) {
			leg := NewLeg(forAll, &recorder{})
			f.legs.Store(&[]*Leg{leg})
			feed(t, f, domain.VP8, wire(t, 1, vp8Key))
			f.SetLegs([]*Leg{leg})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, r := publisherOf(c.kind)
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
		f, r := publisherOf(domain.Video)
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
		f, r := publisherOf(domain.Video)
		f.SetLegs([]*Leg{NewLeg(Identity{SSRC: 1, PayloadTypes: map[domain.Codec]uint8{domain.VP8: 96}}, &recorder{})})
		feed(t, f, domain.H264, wire(t, 1, h264Key))
		time.Sleep(keyframeInterval + 1)
		r.taken()
		time.Sleep(time.Minute)
		r.stop()
		if got := r.taken(); len(got) != 0 {
			t.Errorf("asked %d times in a minute for H264 that nobody takes", len(got))
		}
	})
}
