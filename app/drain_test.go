package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"rostrum/domain"
)

// draining is a house that drains.
type draining struct {
	house
	cancel context.CancelFunc
	done   chan struct{}
}

// drain begins to drain a house.
func drain(t *testing.T, h house) draining {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	d := draining{h, cancel, make(chan struct{})}
	go func() {
		defer close(d.done)
		h.Drain(ctx)
	}()
	t.Cleanup(func() { cancel(); <-d.done })
	synctest.Wait()
	return d
}

// over reports whether nobody is waited for any more.
func (d draining) over() bool {
	synctest.Wait()
	select {
	case <-d.done:
		return true
	default:
		return false
	}
}

// wantRefused checks that nobody new is let in, wherever.
func (d draining) wantRefused(t *testing.T) {
	t.Helper()
	for _, room := range []domain.RoomName{"demo", "other"} {
		if _, err := d.Play(t.Context(), bob, room, ""); !errors.Is(err, domain.ErrShuttingDown) {
			t.Errorf("play in %s: %v, want ErrShuttingDown", room, err)
		}
		if _, err := d.Publish(t.Context(), bob, room, ""); !errors.Is(err, domain.ErrShuttingDown) {
			t.Errorf("publish into %s: %v, want ErrShuttingDown", room, err)
		}
	}
	if !d.Ready().Closing {
		t.Error("it is ready for more")
	}
}

// saying returns the lines of the log with that message.
func (j *journal) saying(t *testing.T, message string) []map[string]any {
	t.Helper()
	j.mu.Lock()
	defer j.mu.Unlock()
	var found []map[string]any
	for _, line := range j.lines {
		var entry map[string]any
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatal(err)
		}
		if entry["msg"] == message {
			found = append(found, entry)
		}
	}
	return found
}

func TestDrainOfAnEmptyHouse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(forgiving)
		defer h.Close()
		began := time.Now()
		d := drain(t, h)
		if !d.over() || time.Since(began) != 0 {
			t.Errorf("nobody was waited for, for %v", time.Since(began))
		}
		d.wantRefused(t)
		if lines := h.log.saying(t, "waiting for sessions to end"); len(lines) > 0 {
			t.Errorf("the log tells of nobody: %v", lines)
		}
	})
}

// Those that are live go on, and end as they would; when the last has, the house is empty.
func TestDrainWaitsForSessions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, publisher, viewer := live(t, forgiving)
		defer h.Close()
		second := play(t, h, "demo")
		updates, stop, err := h.Watch(viewer)
		if err != nil {
			t.Fatal(err)
		}
		defer stop()
		hears(t, updates, status(true, 1))
		d := drain(t, h)
		d.wantRefused(t)
		time.Sleep(time.Hour)
		h.Connected(second) // it was about to
		hears(t, updates, status(true, 2))
		if err := h.End(bob, domain.RoleSubscriber, second); err != nil {
			t.Error(err)
		}
		hears(t, updates, status(true, 1)) // and nothing of coming back elsewhere: its stream goes on here
		time.Sleep(time.Minute)
		if d.over() {
			t.Fatal("two sessions are not waited for")
		}
		if err := h.End(alice, domain.RolePublisher, publisher); err != nil {
			t.Error(err)
		}
		if !d.over() {
			t.Error("somebody is waited for, but nobody is there")
		}
		h.ended(t, viewer, domain.EndedByPublisher)
		lines := h.log.saying(t, "waiting for sessions to end")
		if len(lines) != 2 || lines[0]["sessions"] != 3.0 || lines[1]["sessions"] != 2.0 {
			t.Errorf("the log tells %v, want 3 sessions and then 2", lines)
		}
	})
}

// Who is left at the end of the patience goes on until the house is closed, and is told to
// come back elsewhere then.
func TestDrainHasPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, publisher, viewer := live(t, forgiving)
		updates, stop, err := h.Watch(viewer)
		if err != nil {
			t.Fatal(err)
		}
		defer stop()
		d := drain(t, h)
		d.cancel()
		if !d.over() {
			t.Fatal("it still waits")
		}
		h.lives(t, publisher)
		h.Close()
		h.ended(t, publisher, domain.EndedByShutdown)
		h.ended(t, viewer, domain.EndedByShutdown)
		if last := <-updates; !last.Reconnect {
			t.Errorf("the last words are %+v, want to come back elsewhere", last)
		}
		over(t, updates)
	})
}

// A publisher may come back to what it publishes; nobody may begin anything.
func TestDrainLetsPublishersComeBack(t *testing.T) {
	t.Run("in its grace", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			h, publisher, viewer := live(t, forgiving)
			defer h.Close()
			d := drain(t, h)
			h.Ended(publisher, domain.EndedBySilence)
			a, err := d.Publish(t.Context(), alice, "demo", "")
			if err != nil {
				t.Fatal(err)
			}
			h.Connected(a.Session)
			h.lives(t, viewer)
			if !h.media.routes(a.Session, viewer) {
				t.Errorf("routed: %+v", h.media.last())
			}
			d.wantRefused(t)
		})
	})
	t.Run("its grace is over", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			h, publisher, viewer := live(t, forgiving)
			defer h.Close()
			d := drain(t, h)
			h.Ended(publisher, domain.EndedBySilence)
			time.Sleep(grace)
			if !d.over() {
				t.Error("somebody is waited for")
			}
			h.ended(t, viewer, domain.EndedByGrace)
			d.wantRefused(t)
		})
	})
	t.Run("by a takeover", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			h, old, viewer := live(t, forgiving)
			defer h.Close()
			d := drain(t, h)
			if _, err := d.Publish(t.Context(), alice, "demo", ""); !errors.Is(err, domain.ErrShuttingDown) {
				t.Errorf("beside a publisher that answers: %v, want ErrShuttingDown", err)
			}
			h.media.vitals, h.media.of = domain.Vitals{Connected: true, Silence: time.Minute}, old
			if _, err := d.Publish(t.Context(), alice, "demo", ""); err != nil {
				t.Errorf("in place of one that is gone: %v", err)
			}
			h.ended(t, old, domain.EndedByTakeover)
			h.lives(t, viewer)
		})
	})
	t.Run("into a lobby", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			h := newHouse(forgiving)
			defer h.Close()
			viewer := play(t, h, "demo")
			h.Connected(viewer)
			drain(t, h).wantRefused(t)
			h.lives(t, viewer)
		})
	})
}

// An offer that is being answered when the draining begins is waited for.
func TestDrainDuringNegotiation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(forgiving)
		defer h.Close()
		h.media.delay = time.Minute
		answered := make(chan domain.SessionID)
		go func() {
			a, err := h.Publish(t.Context(), alice, "demo", "")
			if err != nil {
				t.Error(err)
			}
			answered <- a.Session
		}()
		synctest.Wait()
		d := drain(t, h)
		publisher := <-answered
		if d.over() {
			t.Error("it has been passed over")
		}
		h.lives(t, publisher)
	})
}

// While the database is away, who is refused is told that the server shuts down, which is
// what matters.
func TestDrainWhileTheDatabaseIsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, _, _ := live(t, forgiving)
		defer h.Close()
		h.way.hangs()
		defer h.way.breaks(nil)
		began := time.Now()
		drain(t, h).wantRefused(t)
		if took := time.Since(began); took > 0 {
			t.Errorf("it took %v to refuse", took)
		}
	})
}
