package app_test

import (
	"errors"
	"testing"
	"testing/synctest"

	"rostrum/app"
	"rostrum/domain"
)

// hears checks that this status waits for a watcher, and no other behind it.
func hears(t *testing.T, updates <-chan app.Status, want app.Status) {
	t.Helper()
	select {
	case got, ok := <-updates:
		if !ok || got != want {
			t.Errorf("it hears %+v, open %v, want %+v", got, ok, want)
		}
	default:
		t.Errorf("it hears nothing, want %+v", want)
	}
	if len(updates) > 0 {
		t.Errorf("and then %+v", <-updates)
	}
}

// over checks that a watcher's channel is closed.
func over(t *testing.T, updates <-chan app.Status) {
	t.Helper()
	select {
	case got, ok := <-updates:
		if ok {
			t.Errorf("it hears %+v of a session that has ended", got)
		}
	default:
		t.Error("it still waits for a session that has ended")
	}
}

func status(active bool, viewers int) app.Status {
	return app.Status{Status: domain.Status{Active: active, Viewers: viewers}}
}

func TestWatch(t *testing.T) {
	h := newHouse(forgiving)
	defer h.Close()
	viewer := play(t, h, "demo")
	updates, stop, err := h.Watch(viewer)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	hears(t, updates, status(false, 0))
	h.Connected(viewer)
	hears(t, updates, status(false, 1))
	publisher := publish(t, h, "demo")
	h.Connected(publisher)
	hears(t, updates, status(true, 1)) // only the latest of all that has happened
	h.Ended(publisher, domain.EndedBySilence)
	hears(t, updates, status(false, 1))
	second := play(t, h, "demo")
	h.Connected(second)
	h.Connected(publish(t, h, "demo"))
	hears(t, updates, status(true, 2))
	h.Ended(second, domain.EndedByPeer)
	hears(t, updates, status(true, 1))
	if err := h.End(bob, domain.RoleSubscriber, viewer); err != nil {
		t.Fatal(err)
	}
	over(t, updates)
}

func TestWatchingEnds(t *testing.T) {
	for name, end := range map[string]func(*testing.T, house, domain.SessionID){
		"by the publisher's DELETE": func(t *testing.T, h house, publisher domain.SessionID) {
			if err := h.End(alice, domain.RolePublisher, publisher); err != nil {
				t.Fatal(err)
			}
		},
		"by a codec": func(_ *testing.T, h house, publisher domain.SessionID) {
			h.TrackChanged(publisher, video(domain.AV1))
		},
		"by the end of the grace": func(_ *testing.T, h house, publisher domain.SessionID) {
			h.Ended(publisher, domain.EndedBySilence)
			synctest.Wait()
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h, publisher, viewer := live(t, app.Settings{AutoCreate: true})
				defer h.Close()
				updates, stop, err := h.Watch(viewer)
				if err != nil {
					t.Fatal(err)
				}
				hears(t, updates, status(true, 1))
				end(t, h, publisher)
				for len(updates) > 0 {
					<-updates // what it had not heard
				}
				over(t, updates)
				stop() // of no use any more, and no harm
				stop()
			})
		})
	}
}

func TestStopWatching(t *testing.T) {
	h, publisher, viewer := live(t, forgiving)
	defer h.Close()
	updates, stop, err := h.Watch(viewer)
	if err != nil {
		t.Fatal(err)
	}
	other, stopOther, err := h.Watch(viewer)
	if err != nil {
		t.Fatal(err)
	}
	defer stopOther()
	hears(t, updates, status(true, 1))
	hears(t, other, status(true, 1))
	stop()
	h.Ended(publisher, domain.EndedBySilence)
	if len(updates) > 0 {
		t.Errorf("it hears %+v though it has stopped", <-updates)
	}
	hears(t, other, status(false, 1))
}

func TestWatchersAreTold(t *testing.T) {
	h, publisher, viewer := live(t, forgiving)
	updates, stop, err := h.Watch(viewer)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	ofPublisher, stopPublisher, err := h.Watch(publisher)
	if err != nil {
		t.Fatal(err)
	}
	defer stopPublisher()
	h.Close()
	for _, u := range []<-chan app.Status{updates, ofPublisher} {
		if last := <-u; !last.Reconnect || !last.Active || last.Viewers != 1 {
			t.Errorf("the last words are %+v, want to come back elsewhere", last)
		}
		over(t, u)
	}
}

func TestWatchRefuses(t *testing.T) {
	h, publisher, viewer := live(t, forgiving)
	defer h.Close()
	if !h.Alive(viewer) || h.Alive("nobody") {
		t.Error("Alive is wrong")
	}
	if err := h.End(alice, domain.RolePublisher, publisher); err != nil {
		t.Fatal(err)
	}
	for _, id := range []domain.SessionID{"nobody", "", viewer, publisher} {
		if _, _, err := h.Watch(id); !errors.Is(err, domain.ErrSessionUnknown) || h.Alive(id) {
			t.Errorf("watching %q: %v, alive %v", id, err, h.Alive(id))
		}
	}
}
