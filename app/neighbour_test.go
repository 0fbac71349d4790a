package app_test

import (
	"errors"
	"testing"
	"time"

	"rostrum/app"
	"rostrum/domain"
	"rostrum/ports"
)

// neighbour changes a room as another server that shares the database does.
func (h house) neighbour(t *testing.T, room domain.RoomName, change func(*domain.ProvisionedRoom) error) {
	t.Helper()
	err := h.rooms.Update(t.Context(), room, func(now *domain.ProvisionedRoom) (*domain.ProvisionedRoom, []ports.AuditEntry, error) {
		return now, nil, change(now)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What another server has changed holds in a live room from the next request on that asks
// for it: its token is taken, and who came by one that it has revoked ends.
func TestWhatANeighbourChangesHoldsWithTheNextRequest(t *testing.T) {
	h := newHouse(app.Settings{})
	defer h.Close()
	provision(t, h, "demo")
	old, oldSecret := h.mint(t, "demo", domain.ActionPlay)
	viewer := h.comes(t, oldSecret, "demo")

	secret := domain.NewTokenSecret("demo", "THEIRS")
	h.neighbour(t, "demo", func(r *domain.ProvisionedRoom) error {
		return r.Mint(domain.RoomToken{ID: "THEIRS", Action: domain.ActionPlay, Subject: "token:THEIRS", Hash: secret.Hash(), Created: time.Now()})
	})
	second := h.comes(t, secret, "demo")
	h.lives(t, viewer)

	h.neighbour(t, "demo", func(r *domain.ProvisionedRoom) error { return r.Revoke(old, time.Now()) })
	if _, err := h.Identify(t.Context(), string(oldSecret)); !errors.Is(err, domain.ErrTokenInvalid) {
		t.Errorf("the token that was revoked: %v", err)
	}
	play(t, h, "demo")
	h.ended(t, viewer, domain.EndedByRevoking)
	h.lives(t, second)
}
