package main

import (
	"context"
	"net/http"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"rostrum/cmd/rostrum/config"
	"rostrum/cmd/rostrum/rig"
	"rostrum/ports/porttest/webrtcpeer"
)

// TestNothingRemains has publishers come, send to a subscriber and leave, and
// finds goroutines, descriptors and memory where they were. The clients are in the
// same process, so what they leave would show as well.
func TestNothingRemains(t *testing.T) {
	const rounds = 200
	server := startServer(t, func(c *config.Config) { c.Database.URL = "memory:" }) // one that opens connections as it needs them opens descriptors
	rooms := []string{"one", "two", "three", "four"}
	leavesNothing(t, rounds, rooms, func(t *testing.T, room string) { publishAndLeave(t, server, room) })
}

// TestNothingRemainsOfUnfriendlySessions does the same with clients that come and do
// not behave.
func TestNothingRemainsOfUnfriendlySessions(t *testing.T) {
	const rounds = 100
	server := startServer(t, func(c *config.Config) { c.Database.URL = "memory:" }) // likewise
	for name, round := range map[string]func(t *testing.T, session string, peer *webrtcpeer.Peer, answer string){
		"no ICE": func(t *testing.T, session string, _ *webrtcpeer.Peer, _ string) { end(t, session) },
		"DELETE in mid-flight": func(t *testing.T, session string, p *webrtcpeer.Peer, answer string) {
			p.Accept(answer)
			end(t, session)
		},
		"two DELETEs at once": func(t *testing.T, session string, _ *webrtcpeer.Peer, _ string) {
			var both sync.WaitGroup
			for range 2 {
				both.Go(func() {
					if a := send(t, http.MethodDelete, session, nil); a.StatusCode != http.StatusOK && a.StatusCode != http.StatusNotFound {
						t.Errorf("DELETE: %s", a.Status)
					}
				})
			}
			both.Wait()
		},
		"gone without DELETE": func(_ *testing.T, _ string, p *webrtcpeer.Peer, answer string) {
			p.Accept(answer)
			p.WaitConnected()
			p.Close()
		},
	} {
		t.Run(name, func(t *testing.T) {
			leavesNothing(t, rounds, []string{"unfriendly"}, func(t *testing.T, room string) {
				peer := webrtcpeer.Publisher(t)
				offer := peer.Offer()
				var a answer
				rig.Eventually(t, "the room to be free", func() bool {
					a = post(t, server+"/api/whip/publish/"+room, offer)
					return a.StatusCode == http.StatusCreated
				})
				round(t, server+a.Header.Get("Location"), peer, string(a.body))
				peer.Close()
			})
		})
	}
}

// leavesNothing makes rounds in rooms, and finds goroutines, descriptors and memory where
// they were.
func leavesNothing(t *testing.T, rounds int, rooms []string, round func(t *testing.T, room string)) {
	t.Helper()
	const most = 4 << 20                   // bytes of heap, for all rounds together
	repeat(t, 10*len(rooms), rooms, round) // fills pools and caches
	http.DefaultClient.CloseIdleConnections()
	before := measure(t)
	repeat(t, rounds, rooms, round)
	var after footprint
	for deadline := time.Now().Add(rig.Patience); ; time.Sleep(10 * time.Millisecond) { // goroutines end, and let go
		http.DefaultClient.CloseIdleConnections()
		after = measure(t)
		settled := after.goroutines <= before.goroutines && after.descriptors <= before.descriptors && after.heap-before.heap <= most
		if settled || time.Now().After(deadline) {
			break
		}
	}
	if after.goroutines > before.goroutines {
		t.Errorf("%d goroutines, were %d", after.goroutines, before.goroutines)
	}
	if after.descriptors > before.descriptors {
		t.Errorf("%d descriptors, were %d", after.descriptors, before.descriptors)
	}
	if grown := after.heap - before.heap; grown > most {
		t.Errorf("%d rounds left %d bytes of heap behind", rounds, grown)
	}
	t.Logf("before %+v, after %d rounds %+v", before, rounds, after)
}

// repeat makes rounds in all rooms at once, in each one after another, as a test of its
// own: what it holds for cleaning up is let go with it.
func repeat(t *testing.T, rounds int, rooms []string, round func(t *testing.T, room string)) {
	t.Helper()
	t.Run("rounds", func(t *testing.T) {
		for _, room := range rooms {
			t.Run(room, func(t *testing.T) {
				t.Parallel()
				for range rounds / len(rooms) {
					round(t, room)
				}
			})
		}
	})
}

// publishAndLeave is one publication that a subscriber sees; the publisher leaves
// by DELETE, and the subscriber must be closed by that.
func publishAndLeave(t *testing.T, server, room string) {
	t.Helper()
	publisher := webrtcpeer.Publisher(t)
	session := connect(t, publisher, server, "/api/whip/publish/"+room)
	ctx, stop := context.WithCancel(t.Context())
	var streaming sync.WaitGroup
	streaming.Go(func() { publisher.Stream(ctx) })

	onTrack, seen := firstPackets()
	subscriber := webrtcpeer.Subscriber(t, onTrack)
	connect(t, subscriber, server, "/api/whep/play/"+room)
	for range 2 {
		select {
		case <-seen:
		case <-time.After(rig.Patience):
			t.Fatalf("no media within %v", rig.Patience)
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
