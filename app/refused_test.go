package app_test

import (
	"errors"
	"fmt"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// Records that the store refuses hold up none of the others, and wait until it takes
// them; the log tells of it when it begins and when it is over.
func TestARecordThatIsRefusedHoldsUpNoOther(t *testing.T) {
	for _, bad := range []int{1, 2, 40} { // more than are borne in one go
		t.Run(strconv.Itoa(bad), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHouse(enduring)
				defer h.Close()
				at := map[domain.SessionID]bool{}
				h.way.refuses(func(r domain.SessionRecord) bool { return at[r.ID] })
				h.keeps(t, 0) // the room is known
				synctest.Wait()
				h.way.breaks(errCut) // so that they wait in one queue
				const all = 1500
				for i := range all {
					id := h.keeps(t, i)
					if i%7 == 0 && len(at) < bad {
						at[id] = true
					}
				}
				h.way.breaks(nil)
				time.Sleep(time.Minute)
				synctest.Wait()
				if n := len(h.history(t)); n != 1+all-bad {
					t.Errorf("%d are kept, want %d", n, 1+all-bad)
				}
				if s := h.Ready().Database; !s.Since.IsZero() || s.Waiting != 2*bad || s.Dropped != 0 {
					t.Errorf("it is there and refuses %d: %+v", bad, s)
				}
				h.way.refuses(nil)
				time.Sleep(time.Minute)
				synctest.Wait()
				if n := len(h.history(t)); n != 1+all || h.Ready().Database.Waiting != 0 {
					t.Errorf("%d are kept, want %d", n, 1+all)
				}
				if refused, kept := h.log.about("something that has to be kept is refused by the database, and waits"), h.log.about("what was refused by the database is kept now"); len(refused) != 1 || len(kept) != 1 {
					t.Errorf("lines %q and %q", refused, kept)
				}
			})
		})
	}
}

// keeps has a session come and go, which is kept as it begins and as it ends.
func (h house) keeps(t *testing.T, i int) domain.SessionID {
	t.Helper()
	a, err := h.Play(t.Context(), domain.Caller{Grant: domain.Grant{Subject: domain.Subject(fmt.Sprint("guest-", i))}}, "demo", "")
	must(t, err)
	h.Ended(a.Session, domain.EndedByPeer)
	return a.Session
}

// A table that was changed by hand refuses everything: nothing is lost of it, new rooms
// and sessions go on, and all is kept when the table is as it was.
func TestAStoreThatRefusesEverythingHeals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(enduring)
		defer h.Close()
		h.way.refuses(func(domain.SessionRecord) bool { return true })
		for i := range 100 {
			id := play(t, h, domain.RoomName(fmt.Sprint("room-", i)))
			must(t, h.End(bob, domain.RoleSubscriber, id))
			h.Refused(bob, "GET /", domain.ErrForbidden)
			time.Sleep(time.Second)
		}
		synctest.Wait()
		if s := h.Ready().Database; !s.Since.IsZero() || s.Waiting != 200 {
			t.Errorf("%+v", s)
		}
		if n := len(h.trail(t)); n != 100 {
			t.Errorf("%d are in the trail, which has nothing to do with it", n)
		}
		if lines := h.log.alarms(); len(lines) != 1 {
			t.Errorf("the log tells of it in %d lines: %q", len(lines), lines)
		}
		h.way.refuses(nil)
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		all := h.history(t)
		for _, r := range all {
			if r.Reason != domain.EndedByClient {
				t.Errorf("%+v", r)
			}
		}
		if len(all) != 100 || h.Ready().Database.Waiting != 0 {
			t.Errorf("%d are kept", len(all))
		}
	})
}

// A database that was away, and refuses something when it is back, is back.
func TestARefusalIsNoOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		settings := enduring
		settings.Outage = time.Minute
		h := newHouse(settings)
		defer h.Close()
		h.way.refuses(func(r domain.SessionRecord) bool { return r.Subject == "bob" })
		must(t, h.End(bob, domain.RoleSubscriber, play(t, h, "demo")))
		h.way.breaks(errCut)
		if _, err := h.Room(t.Context(), "other"); !errors.Is(err, domain.ErrUnavailable) {
			t.Error(err)
		}
		time.Sleep(time.Second)
		h.way.breaks(nil)
		time.Sleep(time.Hour)
		synctest.Wait()
		publish(t, h, "unseen")
		if r := h.Ready(); r.Strained || !r.Database.Since.IsZero() {
			t.Errorf("%+v", r)
		}
		h.way.refuses(nil)
	})
}

// Strangers who show what looks like a room's token make the house forget no room.
func TestStrangersMakeNoRoomForgotten(t *testing.T) {
	h := newHouse(enduring)
	defer h.Close()
	provision(t, h, "demo")
	for i := range 10_001 {
		if _, err := h.Identify(t.Context(), fmt.Sprintf("rostrum.room-%d.x", i)); !errors.Is(err, domain.ErrTokenInvalid) {
			t.Fatal(err)
		}
	}
	h.way.breaks(ports.ErrAway)
	play(t, h, "demo")
	h.way.breaks(nil)
}
