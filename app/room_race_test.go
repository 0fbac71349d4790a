package app_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"rostrum/app"
	"rostrum/domain"
)

// atOnce does all of it at the same time, and waits.
func atOnce(all ...func()) {
	var running sync.WaitGroup
	ready := make(chan struct{})
	for _, do := range all {
		running.Go(func() { <-ready; do() })
	}
	close(ready)
	running.Wait()
}

// Changes of one room are made while it comes to life, and while they overtake each
// other: what holds in the live room in the end is what is kept.
func TestNoChangeOfARoomIsLost(t *testing.T) {
	h := newHouse(provisionedOnly)
	defer h.Close()
	for i := range 150 {
		room := domain.RoomName(fmt.Sprint("room-", i))
		provision(t, h, room)
		limit := func(most int) func() {
			return func() { h.change(t, room, func(s *domain.RoomSettings) { s.MaxSubscribers = most }) }
		}
		var first app.Answer
		atOnce(limit(2), limit(3), func() {
			var err error
			if first, err = h.Play(t.Context(), bob, room, ""); err != nil {
				t.Error(err)
			}
		}, limit(4))
		kept, err := h.rooms.Get(t.Context(), room)
		must(t, err)
		for n := 1; ; n++ {
			_, err := h.Play(t.Context(), bob, room, "")
			if err == nil {
				continue
			}
			if !errors.Is(err, domain.ErrRoomFull) || n != kept.Settings.MaxSubscribers {
				t.Fatalf("room %d takes %d subscribers (%v), it is kept with %d, version %d", i, n, err, kept.Settings.MaxSubscribers, kept.Version)
			}
			break
		}
		h.lives(t, first.Session)
	}
}

// A token is revoked while its bearers come, into a room that is live or not yet: none
// of them is there in the end.
func TestNobodyOutlivesARevokedToken(t *testing.T) {
	h := newHouse(provisionedOnly)
	defer h.Close()
	for i := range 150 {
		room := domain.RoomName(fmt.Sprint("room-", i))
		provision(t, h, room)
		id, secret := h.mint(t, room, domain.ActionPlay)
		by := h.bearer(t, secret)
		var mu sync.Mutex
		var came []domain.SessionID
		come := func() {
			a, err := h.Play(t.Context(), by, room, "")
			if err == nil {
				mu.Lock()
				defer mu.Unlock()
				came = append(came, a.Session)
			} else if !errors.Is(err, domain.ErrTokenInvalid) && !errors.Is(err, domain.ErrUnavailable) {
				t.Error(err)
			}
		}
		atOnce(come, func() { must(t, h.RevokeToken(t.Context(), alice, room, id)) }, come)
		for _, id := range came {
			h.ended(t, id, domain.EndedByRevoking)
		}
	}
}

// A room is deleted while somebody comes into it: nobody is in it in the end, where rooms
// are not made by publishing into them.
func TestNobodyOutlivesADeletedRoom(t *testing.T) {
	h := newHouse(provisionedOnly)
	defer h.Close()
	for i := range 150 {
		room := domain.RoomName(fmt.Sprint("room-", i))
		provision(t, h, room)
		var mu sync.Mutex
		var came []domain.SessionID
		come := func() {
			a, err := h.Play(t.Context(), bob, room, "")
			if err == nil {
				mu.Lock()
				defer mu.Unlock()
				came = append(came, a.Session)
			} else if !errors.Is(err, domain.ErrRoomUnknown) && !errors.Is(err, domain.ErrUnavailable) {
				t.Error(err)
			}
		}
		atOnce(come, func() { must(t, h.DeleteRoom(t.Context(), alice, room, always)) }, come)
		for _, id := range came {
			h.ended(t, id, domain.EndedByRemoval)
		}
		if _, err := h.Room(t.Context(), room); !errors.Is(err, domain.ErrRoomUnknown) {
			t.Errorf("it is there: %v", err)
		}
	}
}

// Changes that are made for one version at once: one is made, the others are told.
func TestOneOfManyChangesOfAVersionIsMade(t *testing.T) {
	h := newHouse(provisionedOnly)
	defer h.Close()
	provision(t, h, "demo")
	for version := int64(1); version < 50; version++ {
		var mu sync.Mutex
		made := 0
		change := func() {
			_, err := h.ChangeRoom(t.Context(), alice, "demo", only(version), func(s *domain.RoomSettings) { s.MaxSubscribers++ })
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				made++
			} else if !errors.Is(err, domain.ErrVersionStale) {
				t.Error(err)
			}
		}
		atOnce(change, change, change, change)
		room, err := h.rooms.Get(t.Context(), "demo")
		if err != nil || made != 1 || room.Version != version+1 || room.Settings.MaxSubscribers != int(version) {
			t.Fatalf("%d were made, and it is %+v, %v", made, room, err)
		}
	}
	if n := len(h.trail(t)); n != 50 {
		t.Errorf("the trail tells of %d", n)
	}
}
