package porttest

import (
	"sync/atomic"
	"testing"
	"time"

	"rostrum/ports"
)

// Limiter checks what ports.Limiter promises. open returns a limiter that allows
// so many in each interval, with nothing taken.
func Limiter(t *testing.T, open func(t *testing.T, tokens uint64, interval time.Duration) ports.Limiter) {
	t.Run("Take grants the allowance and no more", func(t *testing.T) { takeAll(t, open(t, 3, time.Hour)) })
	t.Run("Take tells when the interval is over", func(t *testing.T) { takeReset(t, open(t, 2, time.Hour)) })
	t.Run("Take counts each key for itself", func(t *testing.T) { takeKeys(t, open(t, 1, time.Hour)) })
	t.Run("Take at once grants no more either", func(t *testing.T) { takeAtOnce(t, open(t, 10, time.Hour)) })
	t.Run("Take has the whole allowance again at Reset", func(t *testing.T) { takeAgain(t, open(t, 7, 100*time.Millisecond)) })
}

func takeAll(t *testing.T, l ports.Limiter) {
	for i := range 5 {
		left := max(0, 2-i)
		a := take(t, l, "key")
		if a.OK != (i < 3) || a.Limit != 3 || a.Remaining != uint64(left) {
			t.Errorf("take %d of 3: %+v, want OK %v, Limit 3, Remaining %d", i+1, a, i < 3, left)
		}
	}
}

// takeReset reads the clock on both sides: the interval may have begun at any
// moment, but it ends ahead and not later than one interval from now.
func takeReset(t *testing.T, l ports.Limiter) {
	for i := range 4 {
		before := time.Now()
		a := take(t, l, "key")
		if !a.Reset.After(before) || a.Reset.After(time.Now().Add(time.Hour)) {
			t.Errorf("take %d of 2: Reset is %v from now, want within the hour", i+1, time.Until(a.Reset))
		}
	}
}

func takeKeys(t *testing.T, l ports.Limiter) {
	for _, key := range []string{"192.0.2.1", "192.0.2.10", "2001:db8::1", "", "KEY", "key", "a b:c*?\n"} {
		if !take(t, l, key).OK {
			t.Errorf("key %q was refused its first, others took only theirs", key)
		}
		if take(t, l, key).OK {
			t.Errorf("key %q was granted 2 of 1", key)
		}
	}
}

func takeAtOnce(t *testing.T, l ports.Limiter) {
	var granted atomic.Int64
	atOnce(t, 16, func(int) error {
		for range 4 {
			a, err := l.Take(t.Context(), "key")
			if err != nil {
				return err
			}
			if a.OK {
				granted.Add(1)
			}
		}
		return nil
	})
	if n := granted.Load(); n != 10 {
		t.Errorf("64 takes at once were granted %d, want 10", n)
	}
}

// takeAgain waits in real time, which a store outside of this process needs.
func takeAgain(t *testing.T, l ports.Limiter) {
	for i := range 3 {
		a := take(t, l, "key")
		if !a.OK || a.Remaining != 6 {
			t.Errorf("the first take of interval %d: %+v, want 6 of 7 left", i+1, a)
		}
		<-time.After(time.Until(a.Reset) + time.Millisecond)
	}
}

func take(t *testing.T, l ports.Limiter, key string) ports.Allowance {
	t.Helper()
	a, err := l.Take(t.Context(), key)
	if err != nil {
		t.Fatalf("Take of %q: %v", key, err)
	}
	return a
}
