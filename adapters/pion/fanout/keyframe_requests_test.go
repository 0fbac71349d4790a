package fanout

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
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

// A key frame that has left answers who has asked before, and nobody after.
func TestAKeyframeAnswersWhoHasAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k, r := runRequests(never)
		k.Ask()
		time.Sleep(50 * time.Millisecond)
		k.Ask()
		k.Met()
		time.Sleep(time.Minute)
		k.Met()
		k.Ask()
		time.Sleep(time.Minute)
		r.stop()
		if got, want := r.taken(), []time.Duration{0, time.Minute + 50*time.Millisecond}; !slices.Equal(got, want) {
			t.Errorf("passed on at %v, want %v", got, want)
		}
	})
}
