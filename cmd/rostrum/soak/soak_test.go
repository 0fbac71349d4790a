//go:build soak

package soak

import (
	"slices"
	"testing"
	"time"
)

// What a soak is measured by.
const (
	warmUp     = 10 * time.Second // pools, caches and the ring fill
	samples    = 50               // of memory
	mostGrowth = 8 << 20          // bytes, from the first fifth of the samples to the last
	leastSeen  = 0.95             // of the publisher's pictures that Chromium decodes
	mostFrozen = 0.02             // of the time
)

// TestSoak runs a room for a while. Nothing may be missing in the end, and nothing
// may have grown.
func TestSoak(t *testing.T) {
	const room = "soak"
	length := soakFor(t)
	server, address := startServer(t)
	publisher := run(t, "publish", func(string) {}, "publish", "--server", address, "--demo", room)
	s := subscribe(t, address, room)
	w := watch(t, address, room)
	await(t, "sound and picture come to the subscriber", func() bool {
		sound, _, _ := s.audio.counts()
		_, _, frames := s.video.counts()
		return sound > 100 && frames > 100
	})
	await(t, "Chromium sees and hears", func() bool { seen := w.sees(); return seen.Decoded > 50 && seen.Energy > 0 })
	<-time.After(warmUp)

	before := w.sees()
	_, _, framesBefore := s.video.counts()
	memory := sample(t, length, server, publisher, s)
	after := w.sees()
	_, _, frames := s.video.counts()

	checkPackets(t, s)
	checkSights(t, before, after, frames-framesBefore, length)
	checkMemory(t, memory)
}

// sample watches for so long, and returns the server's memory at even intervals.
func sample(t *testing.T, length time.Duration, server, publisher *process, s *subscriber) []int64 {
	t.Helper()
	var memory []int64
	tick := time.NewTicker(length / samples)
	defer tick.Stop()
	for range samples {
		<-tick.C
		if !server.runs() || !publisher.runs() {
			t.Fatal("the server or the publisher has ended")
		}
		if lost := s.video.lost() + s.audio.lost(); lost > 0 {
			t.Errorf("%d packets are lost for good", lost)
		}
		memory = append(memory, server.resident(t))
	}
	return memory
}

func checkPackets(t *testing.T, s *subscriber) {
	t.Helper()
	for _, c := range []*continuity{s.video, s.audio} {
		await(t, "what is missing of "+c.kind+" is repaired", c.whole)
		packets, repaired, _ := c.counts()
		t.Logf("%s: %d packets, %d of them repaired", c.kind, packets, repaired)
		if least := packets / oneIn / 2; c == s.video && repaired < least {
			t.Errorf("%d packets of the picture were repaired, want %d at least", repaired, least)
		}
		for _, fault := range c.faults {
			t.Error(fault)
		}
	}
}

func checkSights(t *testing.T, before, after sights, sent int, length time.Duration) {
	t.Helper()
	decoded := after.Decoded - before.Decoded
	frozen := after.Frozen - before.Frozen
	t.Logf("Chromium decoded %d of %d pictures, dropped %d, lost %d packets, was frozen for %.2f s", decoded, sent, after.Dropped-before.Dropped, after.Lost-before.Lost, frozen)
	if float64(decoded) < leastSeen*float64(sent) {
		t.Errorf("Chromium decoded %d of %d pictures, want %.0f %%", decoded, sent, 100*leastSeen)
	}
	if frozen > mostFrozen*length.Seconds() {
		t.Errorf("Chromium's picture was frozen for %.2f s of %v, want %.0f %% at most", frozen, length, 100*mostFrozen)
	}
	if after.State != "live" || after.Energy <= before.Energy {
		t.Errorf("the page ends in state %q, its sound went from %g to %g", after.State, before.Energy, after.Energy)
	}
}

func checkMemory(t *testing.T, memory []int64) {
	t.Helper()
	first, last := median(memory[:samples/5]), median(memory[samples-samples/5:])
	t.Logf("the server's memory: %.1f MB in the first fifth, %.1f MB in the last", float64(first)/1e6, float64(last)/1e6)
	if last-first > mostGrowth {
		t.Errorf("the server has grown from %d to %d bytes, want %d more at most", first, last, mostGrowth)
	}
}

func median(values []int64) int64 { return slices.Sorted(slices.Values(values))[len(values)/2] }

// await waits until a condition holds.
func await(t *testing.T, what string, condition func() bool) {
	t.Helper()
	const patience = 30 * time.Second
	for deadline := time.Now().Add(patience); !condition(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within %v: %s", patience, what)
		}
	}
}
