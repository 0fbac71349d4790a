package app_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/app"
	"rostrum/app/database"
	"rostrum/app/privacy"
	"rostrum/domain"
	"rostrum/ports"
)

// provisionedOnly is a house in which nobody makes rooms by publishing into them.
var provisionedOnly = app.Settings{Rules: domain.RoomRules{Grace: grace}}

func always(string) bool { return true }

// only fits a version; 0 is that of a room that nobody provisioned.
func only(version int64) func(string) bool {
	return func(tag string) bool {
		of, _, provisioned := strings.Cut(tag, "-")
		return provisioned && of == strconv.FormatInt(version, 10) || !provisioned && version == 0
	}
}

// change changes a room's settings, whichever version it has.
func (h house) change(t *testing.T, room domain.RoomName, change func(*domain.RoomSettings)) app.RoomView {
	t.Helper()
	v, err := h.ChangeRoom(t.Context(), alice, room, always, change)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func acts(trail []ports.AuditEntry) []string {
	var all []string
	for _, e := range trail {
		all = append(all, e.Act)
	}
	return all
}

func TestARoomThatNobodyProvisionedIsUnknownWhereRoomsAreNotMade(t *testing.T) {
	h := newHouse(provisionedOnly)
	defer h.Close()
	if _, err := h.Publish(t.Context(), alice, "demo", ""); !errors.Is(err, domain.ErrRoomUnknown) {
		t.Errorf("publish: %v", err)
	}
	if _, err := h.Play(t.Context(), bob, "demo", ""); !errors.Is(err, domain.ErrRoomUnknown) {
		t.Errorf("play: %v", err)
	}
	provision(t, h, "demo")
	subscriber, publisher := play(t, h, "demo"), publish(t, h, "demo")
	if err := h.End(alice, domain.RolePublisher, publisher); err != nil {
		t.Error(err)
	}
	h.ended(t, subscriber, domain.EndedByPublisher)
	publish(t, h, "demo") // it outlives its sessions
}

func TestWhatIsProvisionedHoldsInALiveRoomAtOnce(t *testing.T) {
	h, _, first := live(t, forgiving)
	defer h.Close()
	v, err := h.CreateRoom(t.Context(), alice, "demo", domain.RoomSettings{MaxSubscribers: 1})
	if err != nil || v.Live == nil || v.Live.Subscribers != 1 || v.Kept == nil || v.Kept.Version != 1 {
		t.Fatalf("%+v, %v", v, err)
	}
	if _, err := h.Play(t.Context(), bob, "demo", ""); !errors.Is(err, domain.ErrRoomFull) {
		t.Errorf("one more than there may be: %v", err)
	}
	h.change(t, "demo", func(s *domain.RoomSettings) { s.MaxSubscribers = 2 })
	second := play(t, h, "demo")
	h.change(t, "demo", func(s *domain.RoomSettings) { s.MaxSubscribers = 1 })
	h.lives(t, first) // nobody ends for a lower limit
	h.lives(t, second)
	if _, err := h.Play(t.Context(), bob, "demo", ""); !errors.Is(err, domain.ErrRoomFull) {
		t.Errorf("two more than there may be: %v", err)
	}
}

func TestAnotherGraceHoldsForTheNextLoss(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, publisher, subscriber := live(t, forgiving)
		defer h.Close()
		provision(t, h, "demo")
		h.change(t, "demo", func(s *domain.RoomSettings) { s.Grace = new(2 * grace) })
		h.Ended(publisher, domain.EndedBySilence)
		time.Sleep(2*grace - 1)
		synctest.Wait()
		h.lives(t, subscriber)
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		h.ended(t, subscriber, domain.EndedByGrace)
	})
}

func TestRecordingIsSwitchedWhileARoomIsLive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStudio(t, forgiving, local)
		publisher := publish(t, s.house, "demo")
		s.Connected(publisher)
		provision(t, s.house, "demo")
		for _, on := range []bool{true, true, false, true} {
			s.change(t, "demo", func(r *domain.RoomSettings) { r.Record = new(on) })
			if got := s.record(t, "demo"); got.On != on || (got.Recording != "") != on {
				t.Errorf("switched to %v: %+v", on, got)
			}
		}
		if err := s.DeleteRoom(t.Context(), alice, "demo", always); err != nil {
			t.Fatal(err)
		}
		if got := s.record(t, "demo"); got.On || got.Recording != "" {
			t.Errorf("deleted, and %+v", got)
		}
		s.ended(t, publisher, domain.EndedByRemoval)
	})
}

func TestAChangeIsForOneVersion(t *testing.T) {
	h := newHouse(provisionedOnly)
	defer h.Close()
	named := func(name string) func(*domain.RoomSettings) {
		return func(s *domain.RoomSettings) { s.DisplayName = name }
	}
	if _, err := h.ChangeRoom(t.Context(), alice, "demo", always, named("none")); !errors.Is(err, domain.ErrRoomUnknown) {
		t.Errorf("of no room: %v", err)
	}
	provision(t, h, "demo")
	if v, err := h.ChangeRoom(t.Context(), alice, "demo", only(1), named("second")); err != nil || v.Kept.Version != 2 {
		t.Fatalf("%+v, %v", v, err)
	}
	if _, err := h.ChangeRoom(t.Context(), bob, "demo", only(1), named("stale")); !errors.Is(err, domain.ErrVersionStale) {
		t.Errorf("of a version that is over: %v", err)
	}
	if _, err := h.ChangeRoom(t.Context(), bob, "demo", only(2), func(s *domain.RoomSettings) { s.MaxSubscribers = -1 }); !errors.Is(err, domain.ErrRoomSettings) {
		t.Errorf("to what cannot be: %v", err)
	}
	if err := h.DeleteRoom(t.Context(), bob, "demo", only(1)); !errors.Is(err, domain.ErrVersionStale) {
		t.Errorf("deleting a version that is over: %v", err)
	}
	if _, err := h.CreateRoom(t.Context(), bob, "demo", domain.RoomSettings{}); !errors.Is(err, domain.ErrRoomExists) {
		t.Errorf("creating it again: %v", err)
	}
	v, err := h.Room(t.Context(), "demo")
	if err != nil || v.Kept.Settings.DisplayName != "second" || v.Kept.Version != 2 || v.Live != nil {
		t.Errorf("%+v, %v", v, err)
	}
	if diff := cmp.Diff([]string{"room.create", "room.change"}, acts(h.trail(t))); diff != "" {
		t.Errorf("the audit tells of what was refused, or not of what was done:\n%s", diff)
	}
}

func TestDeletingARoomEndsAllInItAndItMayBeMadeAnew(t *testing.T) {
	h, publisher, subscriber := live(t, app.Settings{Rules: domain.RoomRules{Grace: grace}, AutoCreate: true})
	defer h.Close()
	provision(t, h, "demo")
	_, secret, err := h.MintToken(t.Context(), alice, "demo", app.TokenOrder{Action: domain.ActionPlay})
	if err != nil {
		t.Fatal(err)
	}
	guest := h.comes(t, secret, "demo")
	other := publish(t, h, "other")
	if err := h.DeleteRoom(t.Context(), alice, "demo", only(2)); err != nil {
		t.Fatal(err)
	}
	for _, id := range []domain.SessionID{publisher, subscriber, guest} {
		h.ended(t, id, domain.EndedByRemoval)
	}
	h.lives(t, other)
	if _, err := h.Room(t.Context(), "demo"); !errors.Is(err, domain.ErrRoomUnknown) {
		t.Errorf("it is there: %v", err)
	}
	if err := h.DeleteRoom(t.Context(), alice, "demo", always); !errors.Is(err, domain.ErrRoomUnknown) {
		t.Errorf("deleting it again: %v", err)
	}
	if _, err := h.Identify(t.Context(), string(secret)); !errors.Is(err, domain.ErrTokenInvalid) {
		t.Errorf("its token: %v", err)
	}
	v, err := h.CreateRoom(t.Context(), bob, "demo", domain.RoomSettings{DisplayName: "anew"})
	if err != nil || v.Kept.Version != 1 || len(v.Kept.Tokens) != 0 || v.Kept.Settings.DisplayName != "anew" {
		t.Errorf("made anew: %+v, %v", v, err)
	}
	publish(t, h, "demo")
	want := []string{"room.create", "room.token.mint", "room.delete", "room.create"}
	if diff := cmp.Diff(want, acts(h.trail(t))); diff != "" {
		t.Error(diff)
	}
}

// A room that is live and that nobody provisioned can be deleted, which ends it and is
// in the trail.
func TestDeletingARoomThatIsOnlyLive(t *testing.T) {
	h, publisher, subscriber := live(t, forgiving)
	if err := h.DeleteRoom(t.Context(), bob, "demo", only(7)); !errors.Is(err, domain.ErrVersionStale) {
		t.Errorf("with a version that it does not have: %v", err)
	}
	h.lives(t, publisher)
	if err := h.DeleteRoom(t.Context(), bob, "demo", only(0)); err != nil {
		t.Fatal(err)
	}
	h.ended(t, publisher, domain.EndedByRemoval)
	h.ended(t, subscriber, domain.EndedByRemoval)
	h.Close()
	if trail := h.trail(t); len(trail) != 1 || trail[0].Act != "room.delete" || trail[0].Object != "demo" || trail[0].Subject != "bob" {
		t.Errorf("trail %+v", trail)
	}
}

// Who did what to which room, from where, in one transaction with it: where the trail
// cannot be kept nothing is changed.
func TestTheTrailTellsWhoChangedARoom(t *testing.T) {
	h := houseOf(provisionedOnly, database.Settings{Addresses: privacy.Networks})
	defer h.Close()
	provision(t, h, "demo")
	h.change(t, "demo", func(s *domain.RoomSettings) { s.DisplayName = "x" })
	id, _ := h.mint(t, "demo", domain.ActionPublish)
	next, _, err := h.RotateToken(t.Context(), bob, "demo", id, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.RevokeToken(t.Context(), bob, "demo", next.ID); err != nil {
		t.Fatal(err)
	}
	if err := h.DeleteRoom(t.Context(), alice, "demo", always); err != nil {
		t.Fatal(err)
	}
	entry := func(by, from, act, detail string) ports.AuditEntry {
		return ports.AuditEntry{Subject: domain.Subject(by), From: from, Act: act, Object: "demo", Detail: detail}
	}
	const network4, network6 = "192.0.2.0/24", "2001:db8:1::/48"
	want := []ports.AuditEntry{
		entry("alice", network4, "room.create", ""),
		entry("alice", network4, "room.change", `display_name "" -> "x"`),
		entry("alice", network4, "room.token.mint", string(id)+" for publish"),
		entry("bob", network6, "room.token.rotate", string(id)+" by "+string(next.ID)+", overlap 1m0s"),
		entry("bob", network6, "room.token.revoke", string(next.ID)),
		entry("alice", network4, "room.delete", ""),
	}
	if diff := cmp.Diff(want, h.trail(t)); diff != "" {
		t.Error(diff)
	}
	h.way.breaks(ports.ErrAway)
	before := len(h.trail(t))
	if _, err := h.CreateRoom(t.Context(), alice, "demo", domain.RoomSettings{}); !errors.Is(err, domain.ErrUnavailable) {
		t.Errorf("while the database is away: %v", err)
	}
	h.way.breaks(nil)
	if _, err := h.rooms.Get(t.Context(), "demo"); !errors.Is(err, domain.ErrRoomUnknown) || len(h.trail(t)) != before {
		t.Errorf("it was made (%v), or is told of: %q", err, acts(h.trail(t)))
	}
}

// The store has made a change and could not tell so: the caller is told to try again, and
// is then told what is, which holds in the live room from there on.
func TestAChangeWhoseAnswerIsLostHoldsWhenItIsTriedAgain(t *testing.T) {
	h, _, _ := live(t, app.Settings{AutoCreate: true, Rules: domain.RoomRules{Grace: grace}})
	defer h.Close()
	provision(t, h, "demo")
	id, secret := h.mint(t, "demo", domain.ActionPlay)
	guest := h.comes(t, secret, "demo")
	h.way.loses(func(context.Context, error) error { return ports.ErrAway })
	if err := h.RevokeToken(t.Context(), alice, "demo", id); !errors.Is(err, domain.ErrUnavailable) {
		t.Fatal(err)
	}
	h.way.loses(nil)
	if err := h.RevokeToken(t.Context(), alice, "demo", id); !errors.Is(err, domain.ErrTokenUnknown) {
		t.Errorf("tried again: %v", err)
	}
	h.ended(t, guest, domain.EndedByRevoking)
	if n := len(slices.DeleteFunc(acts(h.trail(t)), func(a string) bool { return a != "room.token.revoke" })); n != 1 {
		t.Errorf("the trail tells of %d revocations", n)
	}
}

// What is wrong is told in the log once, and to the caller that it is not its fault.
func TestAStoreThatFailsOtherwiseIsToldOf(t *testing.T) {
	h := newHouse(provisionedOnly)
	defer h.Close()
	h.way.breaks(errRefused)
	_, err := h.Room(t.Context(), "demo")
	if !errors.Is(err, domain.ErrUnavailable) || !errors.Is(err, errRefused) {
		t.Errorf("%v", err)
	}
	if lines := h.log.about("the database cannot be used"); len(lines) != 1 {
		t.Errorf("lines %q", lines)
	}
	if h.Ready().Database.Since != (time.Time{}) {
		t.Error("it is said to be away")
	}
	h.way.breaks(nil)
}

// A change that changes nothing leaves the version to who has it, and the trail says
// nothing of it.
func TestAChangeOfNothingIsNone(t *testing.T) {
	h := newHouse(app.Settings{})
	provision(t, h, "demo")
	v, err := h.ChangeRoom(t.Context(), alice, "demo", only(1), func(s *domain.RoomSettings) { s.Labels = map[string]string{} })
	if err != nil || v.Kept.Version != 1 {
		t.Errorf("%+v, %v", v.Kept, err)
	}
	h.Close()
	if trail := h.trail(t); len(trail) != 1 {
		t.Errorf("the trail has %+v", trail)
	}
}

// What is not there is unknown, whichever version is meant.
func TestDeletingNothing(t *testing.T) {
	h := newHouse(app.Settings{AutoCreate: true})
	defer h.Close()
	for name, fits := range map[string]func(string) bool{"whichever": always, "a version": only(1)} {
		if err := h.DeleteRoom(t.Context(), alice, "demo", fits); !errors.Is(err, domain.ErrRoomUnknown) {
			t.Errorf("%s: %v", name, err)
		}
	}
	publish(t, h, "demo")
	if err := h.DeleteRoom(t.Context(), alice, "demo", only(1)); !errors.Is(err, domain.ErrVersionStale) {
		t.Errorf("a version of a room that is merely live: %v", err)
	}
}
