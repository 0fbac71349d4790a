package pion_test

import (
	"log/slog"
	"sync"
	"testing"
	"time"

	"rostrum/adapters/pion"
	"rostrum/domain"
	"rostrum/ports"
)

// patience is how long a test waits for what must happen, on however busy a machine.
const patience = time.Minute

// await waits until a condition holds.
func await(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !condition(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within %v: %s", patience, what)
		}
	}
}

// hall is a media port and what it tells.
type hall struct {
	*testing.T
	media *pion.Media
	told  *told
}

func newHall(t *testing.T, change ...func(*pion.Config)) *hall {
	t.Helper()
	config := pion.Config{UDPAddr: "127.0.0.1:0", Log: slog.New(slog.DiscardHandler)}
	for _, c := range change {
		c(&config)
	}
	media, err := pion.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := media.Close(); err != nil {
			t.Error(err)
		}
	})
	return &hall{T: t, media: media, told: &told{connected: map[domain.SessionID]bool{}}}
}

// told is what a media port has told of its sessions.
type told struct {
	mu        sync.Mutex
	connected map[domain.SessionID]bool
}

func (e *told) Connected(id domain.SessionID) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.connected[id] = true
}

func (e *told) TrackChanged(domain.SessionID, domain.Track) {}

func (e *told) Ended(domain.SessionID, domain.EndReason) {}

func (e *told) isConnected(id domain.SessionID) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.connected[id]
}

// publish has a client offer to publish and take the answer. It returns the tracks.
func (h *hall) publish(id domain.SessionID, c *client) []domain.Track {
	h.Helper()
	publication, err := h.media.Publish(h.Context(), ports.Offer{Session: id, SDP: c.offerSDP(), Events: h.told})
	if err != nil {
		h.Fatal(err)
	}
	c.accept(publication.Answer)
	return publication.Tracks
}

// subscribe has a client offer to subscribe and take the answer.
func (h *hall) subscribe(id domain.SessionID, c *client, tracks []domain.Track) {
	h.Helper()
	subscription, err := h.media.Subscribe(h.Context(), ports.Offer{Session: id, SDP: c.offerSDP(), Events: h.told}, tracks)
	if err != nil {
		h.Fatal(err)
	}
	c.accept(subscription.Answer)
}

// connected waits until both sides of a session are.
func (h *hall) connected(id domain.SessionID, c *client) {
	h.Helper()
	await(h.T, string(id)+" is connected", func() bool {
		select {
		case <-c.connected:
			return h.told.isConnected(id)
		default:
			return false
		}
	})
}

// admit is publish until both sides are connected.
func (h *hall) admit(id domain.SessionID, c *client) []domain.Track {
	h.Helper()
	tracks := h.publish(id, c)
	h.connected(id, c)
	return tracks
}

// seat is subscribe until both sides are connected.
func (h *hall) seat(id domain.SessionID, c *client, tracks []domain.Track) {
	h.Helper()
	h.subscribe(id, c, tracks)
	h.connected(id, c)
}

// route gives subscribers every track of a room's publisher.
func (h *hall) route(room domain.RoomName, publisher domain.SessionID, tracks []domain.Track, subscribers ...domain.SessionID) {
	fan := domain.FanOut{Room: room, Publisher: publisher}
	for _, track := range tracks {
		route := domain.Route{Track: track}
		for _, id := range subscribers {
			route.Legs = append(route.Legs, domain.Leg{Subscriber: id})
		}
		fan.Routes = append(fan.Routes, route)
	}
	h.media.Route(fan)
}
