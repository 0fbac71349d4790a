package app_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rostrum/app"
	"rostrum/domain"
	"rostrum/ports"
)

// errCut is what a store says whose database is gone.
var errCut = fmt.Errorf("dial 192.0.2.1:5432: connection refused: %w", ports.ErrAway)

// enduring is a house that goes on for an hour without its database.
var enduring = app.Settings{AutoCreate: true, Outage: time.Hour, Rules: domain.RoomRules{Grace: grace}}

// alarms returns the lines that tell of more than what people do.
func (j *journal) alarms() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	var all []string
	for _, line := range j.lines {
		if !strings.Contains(line, `"level":"INFO"`) || strings.Contains(line, "the database") {
			all = append(all, line)
		}
	}
	return all
}

// toldOnce checks that the log tells of one outage in two lines, and of nothing else.
func (j *journal) toldOnce(t *testing.T) {
	t.Helper()
	lines := j.alarms()
	if len(lines) != 2 || !strings.Contains(lines[0], "the database is away") || !strings.Contains(lines[1], "the database is back") {
		t.Errorf("the log tells of the outage in %d lines:\n%s", len(lines), strings.Join(lines, "\n"))
	}
}

func TestKnownRoomsGoOnWithoutTheDatabaseForTheOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(enduring)
		defer h.Close()
		provision(t, h, "kept", "unseen")
		_, secret := h.mint(t, "kept", domain.ActionPlay)
		playing := play(t, h, "lobby")
		must(t, h.End(bob, domain.RoleSubscriber, playing)) // the room is known, and that nobody provisioned it
		synctest.Wait()

		h.way.breaks(errCut)
		living := play(t, h, "kept") // the first that notices
		away := time.Now()
		synctest.Wait()
		for range 100 {
			id := h.comes(t, secret, "kept") // which asks for the token's room, and for the room
			must(t, h.End(h.bearer(t, secret), domain.RoleSubscriber, id))
			must(t, h.End(bob, domain.RoleSubscriber, play(t, h, "lobby")))
		}
		began := time.Now()
		before := h.way.lookUps()
		h.comes(t, secret, "kept")
		last := play(t, h, "lobby")
		if waited, asked := time.Since(began), h.way.lookUps()-before; waited > 0 || asked > 0 {
			t.Errorf("it took %v and %d look-ups", waited, asked)
		}
		if _, err := h.Publish(t.Context(), alice, "unknown", ""); !errors.Is(err, domain.ErrUnavailable) {
			t.Errorf("an unknown room: %v", err)
		}
		if _, err := h.Identify(t.Context(), "rostrum.unknown.x"); !errors.Is(err, domain.ErrUnavailable) {
			t.Errorf("a token of an unknown room: %v", err)
		}
		for _, call := range []func() error{
			func() error {
				_, err := h.CreateRoom(t.Context(), alice, "new", domain.RoomSettings{})
				return err
			},
			func() error { return h.DeleteRoom(t.Context(), alice, "kept", always) },
			func() error {
				_, _, err := h.ListRooms(t.Context(), everything, app.RoomsQuery{}, "", 10)
				return err
			},
			func() error {
				_, _, err := h.ListSessions(t.Context(), ports.SessionQuery{}, ports.SessionPlace{}, 10)
				return err
			},
		} {
			if err := call(); !errors.Is(err, domain.ErrUnavailable) {
				t.Errorf("%v", err)
			}
		}
		if v, err := h.Room(t.Context(), "kept"); err != nil || v.Live == nil || v.Kept == nil {
			t.Errorf("what is live and known is shown: %+v, %v", v, err)
		}
		if r := h.Ready(); r.Database.Since.IsZero() || r.Strained || r.Database.Waiting == 0 {
			t.Errorf("%+v", r)
		}

		time.Sleep(time.Until(away.Add(enduring.Outage)))
		must(t, h.End(h.bearer(t, secret), domain.RoleSubscriber, h.comes(t, secret, "kept"))) // to the last instant
		must(t, h.End(bob, domain.RoleSubscriber, last))
		play(t, h, "kept")
		time.Sleep(time.Nanosecond)
		play(t, h, "kept") // it is live, and asks nobody
		if _, err := h.Play(t.Context(), bob, "lobby", ""); !errors.Is(err, domain.ErrUnavailable) {
			t.Errorf("longer than the outage: %v", err)
		}
		must(t, h.End(h.bearer(t, secret), domain.RoleSubscriber, h.comes(t, secret, "kept"))) // its token is one of a live room
		if _, err := h.Identify(t.Context(), string(domain.NewTokenSecret("lobby", "X"))); !errors.Is(err, domain.ErrUnavailable) {
			t.Errorf("longer than the outage, by a token of another room: %v", err)
		}
		if !h.Ready().Strained {
			t.Error("it does not say that it is strained")
		}
		h.lives(t, living)

		h.way.breaks(nil)
		time.Sleep(time.Second)
		synctest.Wait()
		h.comes(t, secret, "kept")
		synctest.Wait()
		if r := h.Ready(); !r.Database.Since.IsZero() || r.Strained || r.Database.Waiting != 0 || r.Database.Dropped != 0 {
			t.Errorf("it is back: %+v", r)
		}
		h.log.toldOnce(t)
	})
}

var everything = domain.Grant{Permissions: domain.Allow([]domain.Action{domain.ActionPlay}, "*")}

// A store that gives no answer holds up who comes first, for the patience, and nobody
// who comes later.
func TestAStoreThatHangsHoldsUpASessionOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(enduring)
		defer h.Close()
		must(t, h.End(bob, domain.RoleSubscriber, play(t, h, "demo")))
		synctest.Wait()
		h.way.hangs()
		began := time.Now()
		first := play(t, h, "demo")
		if waited := time.Since(began); waited != 2*time.Second {
			t.Errorf("the first waited %v", waited)
		}
		must(t, h.End(bob, domain.RoleSubscriber, first))
		for range 100 {
			began := time.Now()
			must(t, h.End(bob, domain.RoleSubscriber, play(t, h, "demo")))
			if waited := time.Since(began); waited > 0 {
				t.Fatalf("a later one waited %v", waited)
			}
		}
		time.Sleep(time.Minute)
		h.way.breaks(nil)
		time.Sleep(longestCall + time.Second)
		synctest.Wait()
		h.log.toldOnce(t)
		if n := len(h.history(t)); n != 102 {
			t.Errorf("%d sessions are kept, want 102", n)
		}
	})
}

// Everything that waited is written when the database is back, in its order; nothing is
// lost, and nothing is twice in the trail.
func TestWhatWaitedIsWrittenInItsOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(enduring)
		must(t, h.End(bob, domain.RoleSubscriber, play(t, h, "demo")))
		synctest.Wait()
		h.way.breaks(errCut)
		h.way.ordered = nil
		var want []domain.SessionID
		for i := range 3000 { // more than two batches
			id := play(t, h, "demo")
			must(t, h.End(bob, domain.RoleSubscriber, id))
			h.Refused(bob, fmt.Sprint("GET /", i), domain.ErrForbidden)
			want = append(want, id, id) // its beginning and its end
			if i%100 == 0 {
				time.Sleep(time.Second)
			}
		}
		h.way.breaks(nil)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if got := slices.Concat(h.way.ordered...); !slices.Equal(got, want) {
			t.Errorf("%d records were written, want %d in their order", len(got), len(want))
		}
		for _, r := range h.history(t) {
			if r.Live() || r.Reason != domain.EndedByClient {
				t.Errorf("%+v", r)
			}
		}
		trail := h.trail(t)
		for i, e := range trail {
			if e.Object != fmt.Sprint("GET /", i) {
				t.Fatalf("the %dth of the trail is %q", i, e.Object)
			}
		}
		if len(trail) != 3000 {
			t.Errorf("%d are in the trail", len(trail))
		}
		h.log.toldOnce(t)
		h.Close()
	})
}

// Each outage of a database that comes and goes is told of in two lines, and nothing is
// lost over all of them.
func TestADatabaseThatComesAndGoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(enduring)
		defer h.Close()
		must(t, h.End(alice, domain.RolePublisher, publishOnce(t, h))) // the room is known
		synctest.Wait()
		for range 10 {
			h.way.breaks(errCut)
			for range 5 {
				must(t, h.End(alice, domain.RolePublisher, publishOnce(t, h)))
				time.Sleep(time.Second)
			}
			h.way.breaks(nil)
			time.Sleep(20 * time.Second)
			must(t, h.End(alice, domain.RolePublisher, publishOnce(t, h)))
		}
		synctest.Wait()
		if lines := h.log.alarms(); len(lines) != 20 {
			t.Errorf("10 outages in %d lines:\n%s", len(lines), strings.Join(lines, "\n"))
		}
		var kept int
		for _, r := range h.history(t) {
			if r.Live() {
				t.Errorf("%+v", r)
			}
			kept++
		}
		if n := len(h.log.about("session ended")); kept != n || n < 55 {
			t.Errorf("%d sessions of %d are kept", kept, n)
		}
	})
}

// publishOnce publishes into a room that is looked up, for which it may have to wait.
func publishOnce(t *testing.T, h house) domain.SessionID {
	t.Helper()
	a, err := h.Publish(t.Context(), alice, "demo", "offer")
	if errors.Is(err, domain.ErrUnavailable) {
		t.Fatal("the room is not known")
	}
	must(t, err)
	return a.Session
}
