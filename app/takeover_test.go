package app_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"rostrum/domain"
)

func TestTakeover(t *testing.T) {
	const silence, start = 2 * time.Second, 10 * time.Second
	for name, c := range map[string]struct {
		by     domain.Caller
		vitals domain.Vitals
		known  bool // to the media port
		taken  bool
	}{
		"alive":                           {alice, domain.Vitals{Connected: true, Age: time.Hour}, true, false},
		"not quite silent":                {alice, domain.Vitals{Connected: true, Silence: silence - 1}, true, false},
		"silent":                          {alice, domain.Vitals{Connected: true, Silence: silence}, true, true},
		"silent, but another's":           {bob, domain.Vitals{Connected: true, Silence: time.Hour}, true, false},
		"an administrator is another too": {admin, domain.Vitals{Connected: true, Silence: time.Hour}, true, false},
		"connecting":                      {alice, domain.Vitals{Age: start - 1}, true, false},
		"never connected":                 {alice, domain.Vitals{Age: start}, true, true},
		"never connected, another's":      {bob, domain.Vitals{Age: time.Hour}, true, false},
		"its offer is being answered":     {alice, domain.Vitals{}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			h, old, subscriber := live(t, forgiving)
			defer h.Close()
			h.media.vitals, h.media.known = c.vitals, c.known
			a, err := h.Publish(t.Context(), c.by, "demo", "offer")
			h.lives(t, subscriber)
			if !c.taken {
				if !errors.Is(err, domain.ErrRoomBusy) {
					t.Errorf("%v, want ErrRoomBusy", err)
				}
				h.lives(t, old)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			h.ended(t, old, domain.EndedByTakeover)
			h.Connected(a.Session)
			h.Ended(old, domain.EndedBySilence) // late news of the old one
			h.lives(t, a.Session)
			if !h.media.routes(a.Session, subscriber) {
				t.Errorf("routed: %+v", h.media.last())
			}
		})
	}
}

// A takeover by an unusable offer has ended who was there; the room is awaited, as
// after any loss.
func TestATakeoverByAnUnusableOffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, old, subscriber := live(t, forgiving)
		defer h.Close()
		h.media.vitals = domain.Vitals{Connected: true, Silence: time.Minute}
		h.media.fail = domain.ErrOffer
		if _, err := h.Publish(t.Context(), alice, "demo", ""); !errors.Is(err, domain.ErrOffer) {
			t.Fatal(err)
		}
		h.ended(t, old, domain.EndedByTakeover)
		time.Sleep(grace - 1)
		synctest.Wait()
		h.lives(t, subscriber)
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		h.ended(t, subscriber, domain.EndedByGrace)
	})
}

// Of many that want the room of a publisher that is gone, exactly one gets it.
func TestOneTakesOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, old, subscriber := live(t, forgiving)
		defer h.Close()
		h.media.vitals, h.media.of = domain.Vitals{Connected: true, Silence: time.Minute}, old
		h.media.delay = time.Second
		var taken, busy atomic.Int32
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				switch _, err := h.Publish(t.Context(), alice, "demo", ""); {
				case err == nil:
					taken.Add(1)
				case errors.Is(err, domain.ErrRoomBusy):
					busy.Add(1)
				default:
					t.Errorf("%v", err)
				}
			})
		}
		all.Wait()
		if taken.Load() != 1 || busy.Load() != 19 {
			t.Errorf("%d have taken the room over, for %d it was busy", taken.Load(), busy.Load())
		}
		h.ended(t, old, domain.EndedByTakeover)
		h.lives(t, subscriber)
	})
}
