package pion

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// clockwork is gaps with a clock of its own.
type clockwork struct {
	gaps
	now time.Time
}

func (c *clockwork) come(sequences ...uint16) {
	for _, s := range sequences {
		c.note(s, c.now)
	}
}

// after lets time pass and returns what is asked for then.
func (c *clockwork) after(d, roundTrip time.Duration) []uint16 {
	c.now = c.now.Add(d)
	return c.due(nil, c.now, roundTrip)
}

// wait lets time pass until nothing is waited for.
func (c *clockwork) wait() {
	for !c.next().IsZero() {
		c.after(repairInterval, 0)
	}
}

func (c *clockwork) expectLost(t *testing.T, want uint64) {
	t.Helper()
	if c.lost != want {
		t.Errorf("%d are lost, want %d", c.lost, want)
	}
}

func (c *clockwork) expect(t *testing.T, got []uint16, want ...uint16) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("asked for %v, want %v", got, want)
	}
}

func TestGapsAreAskedFor(t *testing.T) {
	c := &clockwork{now: time.Unix(1, 0)}
	c.come(65533, 65534, 1, 2)
	c.expect(t, c.after(reorderPatience-1, 0))
	c.expect(t, c.after(1, 0), 65535, 0)
	c.come(0)
	c.expect(t, c.after(repairInterval-1, 0))
	c.expect(t, c.after(1, 0), 65535)
	if want := c.now.Add(repairInterval); !c.next().Equal(want) {
		t.Errorf("next at %v, want %v", c.next(), want)
	}
	c.come(65535)
	c.expect(t, c.after(time.Second, 0))
	if !c.next().IsZero() {
		t.Error("something is due and nothing is missing")
	}
}

func TestWhatOnlyCameOutOfOrderIsNotAskedFor(t *testing.T) {
	c := &clockwork{now: time.Unix(1, 0)}
	c.come(10, 13, 12, 11, 15, 14)
	c.expect(t, c.after(time.Second, 0))
}

func TestAFarPublisherIsAskedOnceARoundTrip(t *testing.T) {
	c := &clockwork{now: time.Unix(1, 0)}
	c.come(1, 3)
	c.expect(t, c.after(reorderPatience, 300*time.Millisecond), 2)
	c.expect(t, c.after(299*time.Millisecond, 300*time.Millisecond))
	c.expect(t, c.after(time.Millisecond, 300*time.Millisecond), 2)
}

func TestAPacketIsGivenUp(t *testing.T) {
	c := &clockwork{now: time.Unix(1, 0)}
	c.come(1, 3)
	asked := 0
	for !c.next().IsZero() {
		c.expectLost(t, 0)
		asked += len(c.after(repairInterval, 0))
	}
	if asked != maxRequests {
		t.Errorf("asked %d times, want %d", asked, maxRequests)
	}
	c.expectLost(t, 1)
}

// What answers the last request comes in time.
func TestThePacketOfTheLastRequest(t *testing.T) {
	c := &clockwork{now: time.Unix(1, 0)}
	c.come(1, 3)
	for range maxRequests {
		c.expect(t, c.after(repairInterval, 0), 2)
	}
	c.now = c.now.Add(repairInterval - 1)
	c.come(2)
	c.expect(t, c.after(time.Hour, 0))
	c.expectLost(t, 0)
}

// Each packet that never comes is lost once, whatever made it be given up; those that
// come after all are not.
func TestPacketsThatAreLost(t *testing.T) {
	for name, test := range map[string]struct {
		come []uint16
		lost uint64
	}{
		"none":                                 {[]uint16{1, 2, 3}, 0},
		"one of two, the other comes late":     {[]uint16{65_535, 2, 1}, 1},
		"more than are asked for":              {[]uint16{1, 3, 3 + maxGaps, 3}, maxGaps},
		"before the first, and twice":          {[]uint16{10, 9, 9, 10, 11}, 0},
		"many in a row":                        {[]uint16{1, 1 + maxDropout}, maxDropout - 1},
		"before many in a row":                 {[]uint16{1, 3, 3 + maxDropout}, maxDropout},
		"none, the numbers jump":               {[]uint16{1, 2 + maxDropout}, 0},
		"one, before the numbers jump onwards": {[]uint16{1, 3, 30_000}, 1},
		"one, before the numbers jump back":    {[]uint16{30_000, 30_002, 1}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			c := &clockwork{now: time.Unix(1, 0)}
			c.come(test.come...)
			c.wait()
			c.expectLost(t, test.lost)
		})
	}
}

// What comes when it has been given up is found again, once, and no more is found than
// was lost.
func TestALostPacketIsFound(t *testing.T) {
	c := &clockwork{now: time.Unix(1, 0)}
	c.come(10, 13)
	c.wait()
	c.expectLost(t, 2)
	if !c.note(11, c.now) {
		t.Error("a packet that was given up is taken for one that is waited for")
	}
	c.found()
	c.expectLost(t, 1)
	c.found()
	c.found()
	c.expectLost(t, 0)
}

// A stream that begins anew leaves behind what was missing of the one before it.
func TestAnotherStreamLeavesTheMissingBehind(t *testing.T) {
	c := &clockwork{now: time.Unix(1, 0)}
	c.come(10, 12)
	c.beginAnew()
	c.expectLost(t, 1)
	c.come(20, 21)
	c.expect(t, c.after(time.Hour, 0))
	c.expectLost(t, 1)
}

func TestAJumpIsNoLoss(t *testing.T) {
	for _, to := range []uint16{1 + maxGaps + 1, 30_000, 1<<16 - maxLate} {
		c := &clockwork{now: time.Unix(1, 0)}
		c.come(1, to)
		c.expect(t, c.after(time.Second, 0))
		c.come(to+2, to+3)
		c.expect(t, c.after(time.Second, 0), to+1)
	}
}

// Whatever comes, each packet that is asked for is one that has not come, lies behind
// the newest, and is bounded in number.
func TestGapsOfAnyHistory(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	c := &clockwork{now: time.Unix(1, 0)}
	come := map[uint16]bool{}
	newest := uint16(65_000)
	for range 50_000 {
		newest += uint16(r.IntN(4))
		late := newest - uint16(r.IntN(40))
		for _, s := range []uint16{newest, late} {
			c.come(s)
			come[s] = true
		}
		for ahead := range uint16(4) {
			delete(come, newest+1<<14+ahead) // of the last round
		}
		asked := c.after(time.Duration(r.IntN(10))*time.Millisecond, 0)
		if len(c.missing) > maxGaps {
			t.Fatalf("%d are remembered", len(c.missing))
		}
		for _, s := range asked {
			if behind := int16(newest - s); come[s] || behind <= 0 {
				t.Fatalf("asked for %d, which came: %t; the newest is %d", s, come[s], newest)
			}
		}
	}
}
