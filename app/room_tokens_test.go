package app_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rostrum/app"
	"rostrum/domain"
)

// mint makes a token that does not expire.
func (h house) mint(t *testing.T, room domain.RoomName, action domain.Action) (domain.TokenID, domain.TokenSecret) {
	t.Helper()
	token, secret, err := h.MintToken(t.Context(), alice, room, app.TokenOrder{Action: action})
	if err != nil {
		t.Fatal(err)
	}
	return token.ID, secret
}

// bearer returns who comes by a secret.
func (h house) bearer(t *testing.T, secret domain.TokenSecret) domain.Caller {
	t.Helper()
	grant, err := h.Identify(t.Context(), string(secret))
	if err != nil {
		t.Fatal(err)
	}
	return domain.Caller{Grant: grant, Address: "192.0.2.9"}
}

// comes begins a session by a secret, as the token allows, and connects it.
func (h house) comes(t *testing.T, secret domain.TokenSecret, room domain.RoomName) domain.SessionID {
	t.Helper()
	by, enter := h.bearer(t, secret), h.Play
	if by.Permits(domain.ActionPublish, room, time.Now()) == nil {
		enter = h.Publish
	}
	a, err := enter(t.Context(), by, room, "offer")
	if err != nil {
		t.Fatal(err)
	}
	h.Connected(a.Session)
	return a.Session
}

// withRoom returns a house in which "demo" is provisioned.
func withRoom(t *testing.T, settings app.Settings) house {
	t.Helper()
	h := newHouse(settings)
	provision(t, h, "demo")
	return h
}

func TestOnlyTheHashOfATokenIsKept(t *testing.T) {
	h := withRoom(t, provisionedOnly)
	token, secret, err := h.MintToken(t.Context(), alice, "demo", app.TokenOrder{Action: domain.ActionPublish, Label: "studio 1"})
	if err != nil {
		t.Fatal(err)
	}
	random := strings.TrimPrefix(string(secret), "rostrum.demo.")
	if len(random) != 26 || token.Hash != secret.Hash() || token.Subject != domain.Subject("token:"+token.ID) || strings.Contains(string(token.ID), random) {
		t.Errorf("%+v of %d characters", token, len(random))
	}
	room, err := h.rooms.Get(t.Context(), "demo")
	if err != nil || len(room.Tokens) != 1 || room.Tokens[0] != token {
		t.Errorf("kept: %+v, %v", room.Tokens, err)
	}
	h.comes(t, secret, "demo")
	for _, strange := range []string{string(secret[:len(secret)-1]), string(secret) + "A", "rostrum.demo." + strings.ToLower(random), "rostrum.none." + random} {
		if _, err := h.Identify(t.Context(), strange); !errors.Is(err, domain.ErrTokenInvalid) {
			t.Errorf("a token that is nearly right: %v", err)
		}
	}
	h.Close()
	for _, line := range h.log.lines {
		if strings.Contains(line, random) {
			t.Errorf("the log tells the secret: %s", line)
		}
	}
	for _, e := range h.trail(t) {
		if strings.Contains(e.Detail+e.Object, random) {
			t.Errorf("the trail tells the secret: %+v", e)
		}
	}
}

func TestATokenAllowsOneActionInItsRoom(t *testing.T) {
	h := withRoom(t, provisionedOnly)
	defer h.Close()
	_, player := h.mint(t, "demo", domain.ActionPlay)
	if _, err := h.Authorize(t.Context(), string(player), domain.ActionPlay, "demo"); err != nil {
		t.Error(err)
	}
	for _, c := range []struct {
		action domain.Action
		room   string
		want   error
	}{
		{domain.ActionPublish, "demo", domain.ErrForbidden}, {domain.ActionAdmin, "demo", domain.ErrForbidden},
		{domain.ActionPlay, "other", domain.ErrForbidden}, {domain.ActionPlay, "de mo", domain.ErrRoomName},
	} {
		if _, err := h.Authorize(t.Context(), string(player), c.action, c.room); !errors.Is(err, c.want) {
			t.Errorf("%s in %s: %v", c.action, c.room, err)
		}
	}
	for name, order := range map[string]app.TokenOrder{
		"to administer": {Action: domain.ActionAdmin}, "for nothing": {}, "expired": {Action: domain.ActionPlay, Expires: time.Now().Add(-time.Second)},
	} {
		if _, _, err := h.MintToken(t.Context(), alice, "demo", order); !errors.Is(err, domain.ErrRoomToken) {
			t.Errorf("a token %s: %v", name, err)
		}
	}
	if _, _, err := h.MintToken(t.Context(), alice, "other", app.TokenOrder{Action: domain.ActionPlay}); !errors.Is(err, domain.ErrRoomUnknown) {
		t.Errorf("of a room that nobody provisioned: %v", err)
	}
}

func TestRevokingEndsThoseWhoCameByTheTokenAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := withRoom(t, provisionedOnly)
		defer h.Close()
		sender, sends := h.mint(t, "demo", domain.ActionPublish)
		player, plays := h.mint(t, "demo", domain.ActionPlay)
		_, others := h.mint(t, "demo", domain.ActionPlay)
		publisher, guest, other := h.comes(t, sends, "demo"), h.comes(t, plays, "demo"), h.comes(t, others, "demo")
		byName := play(t, h, "demo")
		if err := h.RevokeToken(t.Context(), alice, "demo", player); err != nil {
			t.Fatal(err)
		}
		h.ended(t, guest, domain.EndedByRevoking)
		h.lives(t, publisher)
		if err := h.RevokeToken(t.Context(), alice, "demo", sender); err != nil {
			t.Fatal(err)
		}
		h.ended(t, publisher, domain.EndedByRevoking)
		time.Sleep(grace - 1)
		synctest.Wait()
		h.lives(t, other)
		h.lives(t, byName)
		next := publish(t, h, "demo") // by another right
		h.Connected(next)
		time.Sleep(time.Hour)
		synctest.Wait()
		h.lives(t, other)
		h.lives(t, next)
		if _, err := h.Identify(t.Context(), string(sends)); !errors.Is(err, domain.ErrTokenInvalid) {
			t.Errorf("the revoked token: %v", err)
		}
		if err := h.RevokeToken(t.Context(), alice, "demo", sender); !errors.Is(err, domain.ErrTokenUnknown) {
			t.Errorf("revoking it again: %v", err)
		}
	})
}

// A token that is revoked between the check of its bearer and the room's decision opens
// nothing, whether the room is live or comes to life.
func TestATokenRevokedOnTheWayIn(t *testing.T) {
	for _, isLive := range []bool{false, true} {
		h := withRoom(t, provisionedOnly)
		sender, sends := h.mint(t, "demo", domain.ActionPublish)
		player, plays := h.mint(t, "demo", domain.ActionPlay)
		publishing, playing := h.bearer(t, sends), h.bearer(t, plays)
		if isLive {
			play(t, h, "demo")
		}
		for _, id := range []domain.TokenID{sender, player} {
			if err := h.RevokeToken(t.Context(), alice, "demo", id); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := h.Publish(t.Context(), publishing, "demo", ""); !errors.Is(err, domain.ErrTokenInvalid) {
			t.Errorf("live %v, publish: %v", isLive, err)
		}
		if _, err := h.Play(t.Context(), playing, "demo", ""); !errors.Is(err, domain.ErrTokenInvalid) {
			t.Errorf("live %v, play: %v", isLive, err)
		}
		h.Close()
	}
}

// A token that is revoked while an offer is being answered ends that session, and its
// caller is told.
func TestATokenRevokedWhileAnOfferIsAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := withRoom(t, provisionedOnly)
		defer h.Close()
		id, secret := h.mint(t, "demo", domain.ActionPublish)
		by := h.bearer(t, secret)
		h.media.delay = time.Second
		told := make(chan error, 1)
		go func() {
			_, err := h.Publish(context.Background(), by, "demo", "")
			told <- err
		}()
		synctest.Wait()
		if err := h.RevokeToken(t.Context(), alice, "demo", id); err != nil {
			t.Fatal(err)
		}
		if err := <-told; !errors.Is(err, domain.ErrUnavailable) {
			t.Errorf("its caller is told: %v", err)
		}
		h.media.delay = 0
		publish(t, h, "demo") // the room is free
	})
}

func TestRotatingAToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := withRoom(t, provisionedOnly)
		defer h.Close()
		first, old := h.mint(t, "demo", domain.ActionPublish)
		publisher := h.comes(t, old, "demo")
		h.media.vitals = domain.Vitals{Connected: true, Silence: time.Minute}
		const overlap = time.Hour
		next, secret, err := h.RotateToken(t.Context(), alice, "demo", first, overlap)
		if err != nil || next.ID == first || next.Subject != domain.Subject("token:"+first) || secret == old {
			t.Fatalf("%+v, %v", next, err)
		}
		h.lives(t, publisher)
		h.bearer(t, old) // valid for the overlap

		late := play(t, h, "demo")
		time.Sleep(overlap - 1)
		synctest.Wait()
		h.lives(t, publisher)
		if err := h.End(h.bearer(t, secret), domain.RoleSubscriber, late); !errors.Is(err, domain.ErrForbidden) {
			t.Errorf("DELETE of somebody else's: %v", err)
		}
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		h.ended(t, publisher, domain.EndedByExpiry)
		h.lives(t, late)
		if _, err := h.Identify(t.Context(), string(old)); !errors.Is(err, domain.ErrTokenInvalid) {
			t.Errorf("the old token after the overlap: %v", err)
		}

		again := h.comes(t, secret, "demo")
		_, last, err := h.RotateToken(t.Context(), alice, "demo", next.ID, 0)
		if err != nil {
			t.Fatal(err)
		}
		h.ended(t, again, domain.EndedByRevoking)
		if _, err := h.Identify(t.Context(), string(secret)); !errors.Is(err, domain.ErrTokenInvalid) {
			t.Errorf("the old token without an overlap: %v", err)
		}
		h.comes(t, last, "demo")
	})
}

// The bearer of the token that took the place of a session's own ends it as its client,
// and may take over what is gone in all but name.
func TestTheTokenThatTookAnothersPlaceOwnsItsSessions(t *testing.T) {
	h := withRoom(t, provisionedOnly)
	defer h.Close()
	first, old := h.mint(t, "demo", domain.ActionPublish)
	publisher := h.comes(t, old, "demo")
	_, secret, err := h.RotateToken(t.Context(), alice, "demo", first, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.End(h.bearer(t, secret), domain.RolePublisher, publisher); err != nil {
		t.Fatal(err)
	}
	h.ended(t, publisher, domain.EndedByClient)
	gone := h.comes(t, old, "demo")
	h.media.vitals = domain.Vitals{Connected: true, Silence: time.Minute}
	now := h.comes(t, secret, "demo")
	h.ended(t, gone, domain.EndedByTakeover)
	h.lives(t, now)
}

// Who is let in by the old token after it was rotated ends with the overlap as well,
// however the bearer's grant was read before.
func TestASessionThatBeginsInTheOverlapEndsWithIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := withRoom(t, provisionedOnly)
		defer h.Close()
		id, old := h.mint(t, "demo", domain.ActionPlay)
		before := h.bearer(t, old) // which knows of no end
		if _, _, err := h.RotateToken(t.Context(), alice, "demo", id, time.Minute); err != nil {
			t.Fatal(err)
		}
		a, err := h.Play(t.Context(), before, "demo", "")
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute - 1)
		synctest.Wait()
		h.lives(t, a.Session)
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		h.ended(t, a.Session, domain.EndedByExpiry)
	})
}

// An overlap is an expiry as any other: who came before the rotation and who comes after
// it end as much before it as the operator wants.
func TestTheLeadIsBeforeTheEndOfAnOverlapToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		settings := provisionedOnly
		settings.ExpiryLead = 10 * time.Second
		h := withRoom(t, settings)
		defer h.Close()
		id, old := h.mint(t, "demo", domain.ActionPlay)
		first := h.comes(t, old, "demo")
		if _, _, err := h.RotateToken(t.Context(), alice, "demo", id, time.Minute); err != nil {
			t.Fatal(err)
		}
		second := h.comes(t, old, "demo")
		time.Sleep(50*time.Second - 1)
		synctest.Wait()
		h.lives(t, first)
		h.lives(t, second)
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		h.ended(t, first, domain.EndedByExpiry)
		h.ended(t, second, domain.EndedByExpiry)
	})
}
