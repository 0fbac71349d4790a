package spool_test

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"
)

// A clock that is set back, or on, while a recording is made moves nothing in it.
func TestClockIsSet(t *testing.T) {
	k := demo(t).first(2 * time.Second)
	for name, by := range map[string]time.Duration{"back": -time.Hour, "on": time.Hour} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, dir, 0)
			var off atomic.Int64
			s.SetClock(func() time.Time { return set(time.Now(), time.Duration(off.Load())) })
			var first, second *camera
			var began time.Time
			synctest.Test(t, func(t *testing.T) {
				began = time.Now()
				take := record(t, s, "A", deaf{})
				defer take.Close()
				first, second = newCamera("P", take), newCamera("Q", take)
				first.play(k)
				off.Store(int64(by))
				first.play(k)
				second.play(k)
			})
			r := finalize(t, s, "A")
			if len(r.Parts) != 2 || r.Parts[0].Pictures != first.pictures || r.Parts[1].Pictures != second.pictures {
				t.Fatalf("parts %+v, want two with %d and %d pictures", r.Parts, first.pictures, second.pictures)
			}
			for i, p := range r.Parts {
				probe(t, dir, "A", p)
				if want := began.Add(time.Duration(i) * 4 * time.Second); p.Started.Sub(want).Abs() > 100*time.Millisecond {
					t.Errorf("part %d began at %v, want %v", i+1, p.Started, want)
				}
			}
			if length := r.Ended.Sub(began) - 6*time.Second; length.Abs() > 100*time.Millisecond {
				t.Errorf("it ended at %v, want 6 s after %v", r.Ended, began)
			}
		})
	}
}

// set returns t as a system tells it whose clock has been set since: the wall clock is
// another one, the monotonic clock is not. There is no other way to have such a time,
// and a bubble has no monotonic clock at all.
func set(t time.Time, by time.Duration) time.Time {
	const hasMonotonic = 1 << 63
	shifted := t.Add(by)
	wall := uint64(shifted.Unix()-time.Date(1885, 1, 1, 0, 0, 0, 0, time.UTC).Unix())<<30 | uint64(shifted.Nanosecond())
	made := struct {
		wall uint64
		ext  int64
		loc  *time.Location
	}{hasMonotonic | wall, t.UnixNano(), time.UTC}
	return *(*time.Time)(unsafe.Pointer(&made))
}

// The rest of the test is worth nothing should times be made otherwise one day.
func TestTimesAreMadeAsTheTestThinks(t *testing.T) {
	now := time.Now()
	before, after := set(now, 0), set(now.Add(time.Second), -time.Hour)
	if got := after.Sub(before); got != time.Second {
		t.Errorf("on the monotonic clock a second has passed, not %v", got)
	}
	if got := after.UnixNano() - before.UnixNano(); got != int64(time.Second-time.Hour) {
		t.Errorf("on the wall clock an hour but a second has gone back, not %v", time.Duration(got))
	}
}
