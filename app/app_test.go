package app_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"rostrum/app"
	"rostrum/domain"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	alice = domain.Caller{Grant: domain.Grant{Subject: "alice"}, Address: "192.0.2.7", UserAgent: "encoder/1"}
	bob   = domain.Caller{Grant: domain.Grant{Subject: "bob"}, Address: "2001:db8:1:2::3"}
)

func TestPublisherIsFollowedByConnectedSubscribersAlone(t *testing.T) {
	h := newHouse(app.Settings{AutoCreate: true})
	publisher := publish(t, h, "demo")
	first, second := play(t, h, "demo"), play(t, h, "demo")
	if legs := h.media.last().Routes[0].Legs; len(legs) != 0 {
		t.Errorf("legs %v before anybody is connected", legs)
	}
	h.Connected(publisher)
	h.Connected(first)
	want := []domain.Leg{{Subscriber: first}}
	if legs := h.media.last().Routes[0].Legs; !slices.Equal(legs, want) {
		t.Errorf("legs %v, want %v", legs, want)
	}
	h.Connected(second)
	h.Ended(first, domain.EndedByPeer)
	want = []domain.Leg{{Subscriber: second}}
	if legs := h.media.last().Routes[0].Legs; !slices.Equal(legs, want) {
		t.Errorf("legs %v after one has left, want %v", legs, want)
	}
	h.Close()
}

func TestPublishersEndEndsTheRoom(t *testing.T) {
	for name, end := range map[string]func(house, domain.SessionID) error{
		"DELETE":      func(h house, id domain.SessionID) error { return h.End(alice, domain.RolePublisher, id) },
		"DTLS closed": func(h house, id domain.SessionID) error { h.Ended(id, domain.EndedByPeer); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(app.Settings{AutoCreate: true})
			publisher, subscriber := publish(t, h, "demo"), play(t, h, "demo")
			h.Connected(subscriber)
			if err := end(h, publisher); err != nil {
				t.Fatal(err)
			}
			if fan := h.media.last(); fan.Publisher != "" || len(fan.Routes) != 0 {
				t.Errorf("still routed: %+v", fan)
			}
			if !h.media.hasEnded(publisher) || !h.media.hasEnded(subscriber) {
				t.Error("a connection was not closed")
			}
			for _, role := range []domain.Role{domain.RolePublisher, domain.RoleSubscriber} {
				if err := h.End(alice, role, publisher); !errors.Is(err, domain.ErrSessionUnknown) {
					t.Errorf("ending it again as %s: %v", role, err)
				}
			}
			publish(t, h, "demo") // the room is free at once
			h.Close()
		})
	}
}

func TestUnusableOfferLeavesTheRoomFree(t *testing.T) {
	h := newHouse(app.Settings{AutoCreate: true})
	h.media.fail = domain.ErrOffer
	if _, err := h.Publish(t.Context(), alice, "demo", "nonsense"); !errors.Is(err, domain.ErrOffer) {
		t.Fatalf("publish: %v", err)
	}
	h.media.fail = nil
	publish(t, h, "demo")
	h.media.fail = domain.ErrNoCommonCodec
	if _, err := h.Play(t.Context(), bob, "demo", "nonsense"); !errors.Is(err, domain.ErrNoCommonCodec) {
		t.Fatalf("play: %v", err)
	}
	h.Close()
}

func TestRefusals(t *testing.T) {
	h := newHouse(app.Settings{MaxRooms: 1, Rules: domain.RoomRules{MaxSubscribers: 1}})
	provision(t, h, "known", "other")
	if _, err := h.Publish(t.Context(), alice, "unknown", ""); !errors.Is(err, domain.ErrRoomUnknown) {
		t.Errorf("publish into an unknown room: %v", err)
	}
	if _, err := h.Play(t.Context(), bob, "unknown", ""); !errors.Is(err, domain.ErrRoomUnknown) {
		t.Errorf("play in an unknown room: %v", err)
	}
	publisher := publish(t, h, "known")
	if _, err := h.Publish(t.Context(), bob, "known", ""); !errors.Is(err, domain.ErrRoomBusy) {
		t.Errorf("publish into a busy room: %v", err)
	}
	if _, err := h.Publish(t.Context(), bob, "other", ""); !errors.Is(err, domain.ErrTooManyRooms) {
		t.Errorf("publish into a room too many: %v", err)
	}
	play(t, h, "known")
	if _, err := h.Play(t.Context(), bob, "known", ""); !errors.Is(err, domain.ErrRoomFull) {
		t.Errorf("play in a full room: %v", err)
	}
	if err := h.End(bob, domain.RolePublisher, publisher); !errors.Is(err, domain.ErrForbidden) {
		t.Errorf("end a stranger's session: %v", err)
	}
	if err := h.End(alice, domain.RoleSubscriber, publisher); !errors.Is(err, domain.ErrSessionUnknown) {
		t.Errorf("end a publisher as a subscriber: %v", err)
	}
	h.Close()
	if _, err := h.Publish(t.Context(), alice, "known", ""); !errors.Is(err, domain.ErrShuttingDown) {
		t.Errorf("publish after Close: %v", err)
	}
	if _, err := h.Play(t.Context(), alice, "known", ""); !errors.Is(err, domain.ErrShuttingDown) {
		t.Errorf("play after Close: %v", err)
	}
}

// TestCloseDuringNegotiation closes the house while offers are being answered: all
// of them end, and Close returns.
func TestCloseDuringNegotiation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(app.Settings{AutoCreate: true})
		h.media.delay = time.Second
		results := make(chan error, 20)
		for i := range cap(results) {
			go func() {
				_, err := h.Publish(context.Background(), alice, domain.RoomName(fmt.Sprint("room-", i)), "")
				results <- err
			}()
		}
		time.Sleep(500 * time.Millisecond)
		h.Close()
		for range cap(results) {
			if err := <-results; !errors.Is(err, domain.ErrUnavailable) {
				t.Errorf("an offer that the shutdown overtook: %v", err)
			}
		}
	})
}

// TestRoomsComeAndGo has many sessions of a few rooms come and go at once. At the
// end nobody is left, and every room can be published into.
func TestRoomsComeAndGo(t *testing.T) {
	h := newHouse(app.Settings{AutoCreate: true})
	var all sync.WaitGroup
	for i := range 64 {
		all.Go(func() {
			room := domain.RoomName(fmt.Sprint("room-", i%4))
			for range 20 {
				if a, err := h.Publish(t.Context(), alice, room, ""); err == nil {
					h.Connected(a.Session)
					_ = h.End(alice, domain.RolePublisher, a.Session)
				}
				if a, err := h.Play(t.Context(), bob, room, ""); err == nil {
					h.Connected(a.Session)
					h.Ended(a.Session, domain.EndedByPeer)
				}
			}
		})
	}
	all.Wait()
	for i := range 4 {
		publish(t, h, domain.RoomName(fmt.Sprint("room-", i)))
	}
	h.Close()
}

func publish(t *testing.T, h house, room domain.RoomName) domain.SessionID {
	t.Helper()
	a, err := h.Publish(t.Context(), alice, room, "offer")
	if err != nil {
		t.Fatal(err)
	}
	if a.SDP != "answer to offer" {
		t.Errorf("answer %q", a.SDP)
	}
	return a.Session
}

func play(t *testing.T, h house, room domain.RoomName) domain.SessionID {
	t.Helper()
	a, err := h.Play(t.Context(), bob, room, "offer")
	if err != nil {
		t.Fatal(err)
	}
	return a.Session
}

func provision(t *testing.T, h house, names ...domain.RoomName) {
	t.Helper()
	for _, name := range names {
		if _, err := h.CreateRoom(t.Context(), alice, name, domain.RoomSettings{}); err != nil {
			t.Fatal(err)
		}
	}
}
