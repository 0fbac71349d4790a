package main

import (
	"context"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"rostrum/ports/porttest/webrtcpeer"
)

// TestNothingRemains has publishers come, send to a subscriber and leave, and
// finds goroutines, descriptors and memory where they were. The clients are in the
// same process, so what they leave would show as well.
func TestNothingRemains(t *testing.T) {
	const rounds = 200
	server := startServer(t)
	publishRounds(t, server, 10) // fills pools and caches
	before := measure(t)
	publishRounds(t, server, rounds)
	after := before
	waitFor(t, 20*time.Second, "goroutines to end", func() bool {
		after = measure(t)
		return after.goroutines <= before.goroutines
	})
	if after.descriptors > before.descriptors {
		t.Errorf("%d descriptors, were %d", after.descriptors, before.descriptors)
	}
	if grown := after.heap - before.heap; grown > 4<<20 {
		t.Errorf("%d rounds left %d bytes of heap behind", rounds, grown)
	}
	t.Logf("before %+v, after %d rounds %+v", before, rounds, after)
}

// publishRounds makes publications one after another, as a test of its own: what
// it holds for cleaning up is let go with it.
func publishRounds(t *testing.T, server string, rounds int) {
	t.Helper()
	t.Run("rounds", func(t *testing.T) {
		for range rounds {
			publishAndLeave(t, server)
		}
	})
}

// publishAndLeave is one publication that a subscriber sees; the publisher leaves
// by DELETE, and the subscriber must be closed by that.
func publishAndLeave(t *testing.T, server string) {
	t.Helper()
	publisher := webrtcpeer.Publisher(t)
	session := connect(t, publisher, server, "/api/whip/publish/round")
	ctx, stop := context.WithCancel(t.Context())
	var streaming sync.WaitGroup
	streaming.Go(func() { publisher.Stream(ctx) })

	onTrack, seen := firstPackets()
	subscriber := webrtcpeer.Subscriber(t, onTrack)
	connect(t, subscriber, server, "/api/whep/play/round")
	for range 2 {
		select {
		case <-seen:
		case <-time.After(5 * time.Second):
			t.Fatal("no media within 5 s")
		}
	}
	end(t, session)
	subscriber.WaitClosed()
	stop()
	streaming.Wait()
	subscriber.Close()
}

type footprint struct {
	goroutines, descriptors int
	heap                    int64
}

func measure(t *testing.T) footprint {
	t.Helper()
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatalf("this test counts descriptors in /proc: %v", err)
	}
	return footprint{runtime.NumGoroutine(), len(open), int64(m.HeapAlloc)}
}
