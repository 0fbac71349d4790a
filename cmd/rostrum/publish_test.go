package main

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/pion/webrtc/v4"

	"rostrum/cmd/rostrum/rig"
	"rostrum/ports/porttest/webrtcpeer"
)

// TestOnePublisherOfMany has 50 publishers come to one room at the same instant,
// and 50 more while the first of them sends.
func TestOnePublisherOfMany(t *testing.T) {
	const rivals = 50
	server := startServer(t)

	peers := make([]*webrtcpeer.Peer, rivals)
	offers := make([]string, rivals)
	for i := range peers {
		peers[i] = webrtcpeer.Publisher(t)
		offers[i] = peers[i].Offer()
	}
	statuses, winner := race(t, server, offers)
	if statuses[http.StatusCreated] != 1 || statuses[http.StatusConflict] != rivals-1 {
		t.Fatalf("statuses %v, want one 201 and %d of 409", statuses, rivals-1)
	}

	publisher := peers[winner.index]
	publisher.Accept(string(winner.body))
	publisher.WaitConnected()
	ctx, stop := context.WithCancel(t.Context())
	var streaming sync.WaitGroup
	streaming.Go(func() { publisher.Stream(ctx) })
	defer streaming.Wait()
	defer stop()

	gaps, received := watchForGaps(t, server)
	before := received.Load()
	if statuses, _ := race(t, server, offers); statuses[http.StatusConflict] != rivals {
		t.Errorf("statuses %v while there is a publisher, want 409 alone", statuses)
	}
	rig.Eventually(t, "media to go on after the refusals", func() bool { return received.Load() > before+50 })
	if n := gaps.Load(); n != 0 {
		t.Errorf("%d gaps in what a subscriber receives", n)
	}
}

// accepted is the answer to the offer with that index.
type accepted struct {
	answer
	index int
}

// race posts all offers at once and counts the statuses.
func race(t *testing.T, server string, offers []string) (map[int]int, accepted) {
	t.Helper()
	var (
		mu       sync.Mutex
		statuses = map[int]int{}
		winner   accepted
		gate     = make(chan struct{})
		all      sync.WaitGroup
	)
	for i, offer := range offers {
		all.Go(func() {
			<-gate
			a := post(t, server+"/api/whip/publish/rivals", offer)
			mu.Lock()
			defer mu.Unlock()
			statuses[a.StatusCode]++
			switch a.StatusCode {
			case http.StatusCreated:
				winner = accepted{a, i}
			case http.StatusConflict:
				if p := a.problem(t); p.Code != "room_busy" || !p.Retryable {
					t.Errorf("409 with %+v", p)
				}
			}
		})
	}
	close(gate)
	all.Wait()
	return statuses, winner
}

// watchForGaps subscribes and counts the video packets that come, and the gaps in
// their numbers.
func watchForGaps(t *testing.T, server string) (gaps, received *atomic.Int64) {
	t.Helper()
	gaps, received = &atomic.Int64{}, &atomic.Int64{}
	subscriber := webrtcpeer.Subscriber(t, func(track *webrtc.TrackRemote) {
		if track.Kind() != webrtc.RTPCodecTypeVideo {
			return
		}
		var last uint16
		for {
			p, _, err := track.ReadRTP()
			if err != nil {
				return
			}
			if received.Add(1) > 1 && p.SequenceNumber != last+1 {
				gaps.Add(1)
			}
			last = p.SequenceNumber
		}
	})
	connect(t, subscriber, server, "/api/whep/play/rivals")
	rig.Eventually(t, "the first picture", func() bool { return received.Load() > 0 })
	return gaps, received
}
