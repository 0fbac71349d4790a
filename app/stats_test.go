package app_test

import (
	"context"
	"errors"
	"testing"

	"rostrum/app"
	"rostrum/domain"
)

// counts returns how many sessions of a role have ended, for each reason that one has.
func (h house) counts(role domain.Role) map[domain.EndReason]uint64 {
	counts := map[domain.EndReason]uint64{}
	for reason, n := range h.Stats().Ended[role] {
		if n > 0 {
			counts[reason] = n
		}
	}
	return counts
}

// Who is there is counted while it is there, and once for good when it has left.
func TestSessionsAreCounted(t *testing.T) {
	h := newHouse(app.Settings{AutoCreate: true})
	defer h.Close()
	for _, role := range []domain.Role{domain.RolePublisher, domain.RoleSubscriber} {
		if got := h.Stats().Ended[role]; len(got) != len(domain.EndReasons()) || len(h.counts(role)) != 0 {
			t.Errorf("before anybody came, %s have ended for %v", role, got)
		}
	}
	publisher, err := h.Publish(context.Background(), alice, "hall", "offer")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := h.Play(context.Background(), alice, "hall", "offer"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.Publish(context.Background(), alice, "hall", "offer"); !errors.Is(err, domain.ErrRoomBusy) {
		t.Fatal(err)
	}
	if s := h.Stats(); s.Rooms != 1 || s.Sessions[domain.RolePublisher] != 1 || s.Sessions[domain.RoleSubscriber] != 2 {
		t.Errorf("a publisher and two subscribers in a room are %d rooms and %v", s.Rooms, s.Sessions)
	}
	if err := h.End(alice, domain.RolePublisher, publisher.Session); err != nil {
		t.Fatal(err)
	}
	h.Ended(publisher.Session, domain.EndedByPeer) // it closes as well, which is no other end
	if s := h.Stats(); s.Sessions[domain.RolePublisher] != 0 || s.Sessions[domain.RoleSubscriber] != 0 {
		t.Errorf("after the end there are %v", s.Sessions)
	}
	if got := h.counts(domain.RolePublisher); len(got) != 1 || got[domain.EndedByClient] != 1 {
		t.Errorf("publishers have ended for %v", got)
	}
	if got := h.counts(domain.RoleSubscriber); len(got) != 1 || got[domain.EndedByPublisher] != 2 {
		t.Errorf("subscribers have ended for %v", got)
	}
}
