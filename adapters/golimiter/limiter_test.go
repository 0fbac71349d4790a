package golimiter_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"rostrum/adapters/golimiter"
	"rostrum/domain"
	"rostrum/ports"
	"rostrum/ports/porttest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t *testing.T, tokens uint64, interval time.Duration) *golimiter.Limiter {
	t.Helper()
	l, err := golimiter.New(tokens, interval)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
	return l
}

func TestLimiter(t *testing.T) {
	porttest.Limiter(t, func(t *testing.T, tokens uint64, interval time.Duration) ports.Limiter {
		return open(t, tokens, interval)
	})
}

func TestNewRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		tokens   uint64
		interval time.Duration
		advice   string
	}{
		"no tokens":                 {0, time.Minute, "allow at least 1"},
		"no interval":               {1, 0, "make the interval 1ms or longer"},
		"interval before now":       {1, -time.Minute, "make the interval 1ms or longer"},
		"more than the store gives": {31_623, time.Second, "allow at most 31622"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := golimiter.New(c.tokens, c.interval)
			if err == nil || !strings.Contains(err.Error(), c.advice) {
				t.Errorf("New(%d, %v): %v, want advice to %s", c.tokens, c.interval, err, c.advice)
			}
		})
	}
}

// The greatest limit that New lets through still has its whole allowance again.
func TestGreatestLimitIsGivenBackWhole(t *testing.T) {
	l := open(t, 10_000, 100*time.Millisecond)
	first := take(t, l)
	<-time.After(time.Until(first.Reset) + time.Millisecond)
	if a := take(t, l); a.Remaining != a.Limit-1 {
		t.Errorf("the first take of a new interval leaves %d of %d", a.Remaining, a.Limit)
	}
}

// In the bubble the sweeper's ticks come at once, but the store reads the real
// clock: a minute of sweeps in a moment.
func TestSweepingForgetsNoOneWithinTheInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := open(t, 1, 30*time.Second)
		take(t, l)
		for range 3 {
			time.Sleep(30 * time.Second)
			synctest.Wait()
			if a := take(t, l); a.OK {
				t.Error("a sweep gave a key back what it had taken in this interval")
			}
		}
	})
}

// The sweeper's ticks come when the test lets them, and find by the real clock that every
// interval is over.
func TestSweepingGivesMemoryBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := open(t, 1, time.Millisecond)
		before := heap()
		for i := range 100_000 {
			if _, err := l.Take(t.Context(), fmt.Sprintf("key %d", i)); err != nil {
				t.Fatal(err)
			}
		}
		full := heap() - before
		for range 2 {
			time.Sleep(time.Second)
			synctest.Wait()
		}
		if left := heap() - before; left > full/2 {
			t.Errorf("100,000 keys took %d bytes; when they are swept %d are still held", full, left)
		}
		t.Logf("%d bytes a key", full/100_000)
	})
}

func TestClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := open(t, 1, time.Minute)
		for range 2 {
			if err := l.Close(t.Context()); err != nil {
				t.Errorf("Close: %v", err)
			}
		}
		if _, err := l.Take(t.Context(), "key"); !errors.Is(err, domain.ErrShuttingDown) {
			t.Errorf("Take after Close: %v, want ErrShuttingDown", err)
		}
	}) // the bubble ends only when the sweeper has
}

func take(t *testing.T, l *golimiter.Limiter) ports.Allowance {
	t.Helper()
	a, err := l.Take(t.Context(), "key")
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
