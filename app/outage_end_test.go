package app_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// A call that began in the outage and fails when that is over is no other outage.
func TestACallThatFailsLateIsNoOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(enduring)
		defer h.Close()
		h.way.breaks(errCut)
		_, err := h.Room(t.Context(), "demo")
		if !errors.Is(err, domain.ErrUnavailable) {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Second)
		h.way.hangs()
		late := make(chan error, 1)
		go func() {
			_, _, err := h.ListSessions(context.Background(), ports.SessionQuery{}, ports.SessionPlace{}, 1)
			late <- err
		}()
		synctest.Wait()
		h.way.breaks(nil)
		if err := <-late; !errors.Is(err, domain.ErrUnavailable) {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		h.log.toldOnce(t)
		if !h.Ready().Database.Since.IsZero() {
			t.Error("it is said to be away")
		}
	})
}

// A failure that is over at once is told of in one line, and is no outage.
func TestAFailureThatIsOverAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(enduring)
		defer h.Close()
		h.way.loses(func(context.Context, error) error { return ports.ErrAway })
		_, err := h.CreateRoom(t.Context(), alice, "demo", domain.RoomSettings{})
		if !errors.Is(err, domain.ErrUnavailable) {
			t.Error(err)
		}
		h.way.loses(nil)
		synctest.Wait()
		if lines := h.log.alarms(); len(lines) != 1 || !strings.Contains(lines[0], "the database failed, and answers again") {
			t.Errorf("lines %q", lines)
		}
		if !h.Ready().Database.Since.IsZero() {
			t.Error("it is said to be away")
		}
	})
}

// What the database has answered before it went away does not say that it is back.
func TestAnAnswerFromBeforeTheOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(enduring)
		defer h.Close()
		synctest.Wait()
		h.way.afterPing(func() {
			h.way.afterPing(nil)
			h.way.breaks(errCut)
			if _, err := h.Room(t.Context(), "demo"); !errors.Is(err, domain.ErrUnavailable) {
				t.Error(err)
			}
		})
		time.Sleep(6 * time.Second) // it has been looked after
		synctest.Wait()
		if h.Ready().Database.Since.IsZero() {
			t.Error("it is said to be there")
		}
		h.way.breaks(nil)
		time.Sleep(2 * time.Second)
		h.log.toldOnce(t)
	})
}

func TestClosingWhileTheDatabaseIsAway(t *testing.T) {
	for name, breaks := range map[string]func(*way){
		"refused": func(w *way) { w.breaks(errCut) },
		"hanging": (*way).hangs,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h, _, _ := live(t, enduring)
				synctest.Wait()
				breaks(h.way)
				began := time.Now()
				h.Close()
				if waited := time.Since(began); waited > 5*time.Second {
					t.Errorf("Close took %v", waited)
				}
				lines := h.log.about("what happened last could not be kept and is lost")
				if len(lines) != 1 || !strings.Contains(lines[0], `"sessions_and_acts":2`) {
					t.Errorf("lines %q", lines)
				}
			})
		})
	}
}

// A write that is on its way when the server closes is waited for and not repeated.
func TestClosingInTheMiddleOfAWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(enduring)
		h.way.loses(func(ctx context.Context, done error) error {
			select { // it is kept, and the answer takes its time
			case <-time.After(time.Second):
				return done
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		})
		h.Refused(bob, "GET /", domain.ErrTokenInvalid)
		synctest.Wait()
		h.Close()
		if trail := h.trail(t); len(trail) != 1 {
			t.Errorf("%d entries, want one", len(trail))
		}
		if lines := h.log.alarms(); len(lines) > 0 {
			t.Errorf("lines %q", lines)
		}
	})
}

func TestWhatWaitsIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(enduring)
		h.way.breaks(errCut)
		const most, more = 100_000, 17
		for range most + more {
			h.Refused(bob, "GET /", domain.ErrTokenInvalid)
		}
		if s := h.Ready().Database; s.Waiting != most || s.Dropped != more {
			t.Errorf("%+v", s)
		}
		h.way.breaks(nil)
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if s := h.Ready().Database; s.Waiting != 0 || s.Dropped != more || len(h.trail(t)) != most {
			t.Errorf("%+v, and %d are kept", s, len(h.trail(t)))
		}
		h.Refused(bob, "GET /", domain.ErrTokenInvalid) // there is room again
		h.Close()
		if n := len(h.trail(t)); n != most+1 {
			t.Errorf("%d are kept", n)
		}
		if lines := h.log.about("the database is back, and what waited for it is written"); len(lines) != 1 || !strings.Contains(lines[0], `"dropped":17`) {
			t.Errorf("lines %q", lines)
		}
	})
}

// However many strangers are refused while the database is away, what an administrator
// does is kept.
func TestStrangersDisplaceNoAct(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(enduring)
		publish(t, h, "demo")
		synctest.Wait()
		h.way.breaks(errCut)
		for range 100_001 {
			h.Refused(bob, "GET /", domain.ErrTokenInvalid)
		}
		must(t, h.EndPublication(alice, "demo"))
		h.way.breaks(nil)
		h.Close()
		acts := 0
		for _, e := range h.trail(t) {
			if e.Act == "publication.end" {
				acts++
			}
		}
		if acts != 1 || len(h.trail(t)) != 100_001 || len(h.history(t)) != 1 || h.history(t)[0].Live() {
			t.Errorf("%d acts of %d entries are kept, and %+v", acts, len(h.trail(t)), h.history(t))
		}
	})
}
