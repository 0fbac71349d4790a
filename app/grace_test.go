package app_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"rostrum/app"
	"rostrum/domain"
)

const grace = 10 * time.Second

var forgiving = app.Settings{AutoCreate: true, Rules: domain.RoomRules{Grace: grace}}

// live returns a house whose room "demo" has a publisher and a subscriber, both
// connected.
func live(t *testing.T, settings app.Settings) (h house, publisher, subscriber domain.SessionID) {
	t.Helper()
	h = newHouse(settings)
	publisher, subscriber = publish(t, h, "demo"), play(t, h, "demo")
	h.Connected(publisher)
	h.Connected(subscriber)
	return h, publisher, subscriber
}

func TestSubscribersMayComeFirst(t *testing.T) {
	h := newHouse(forgiving)
	defer h.Close()
	early := play(t, h, "demo")
	h.Connected(early)
	if !h.media.nobody() {
		t.Errorf("routed before anybody publishes: %+v", h.media.last())
	}
	publisher := publish(t, h, "demo")
	h.Connected(publisher)
	late := play(t, h, "demo")
	h.Connected(late)
	if !h.media.routes(publisher, early, late) {
		t.Errorf("routed: %+v", h.media.last())
	}
}

func TestALostPublisherIsAwaitedForTheGrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, publisher, subscriber := live(t, forgiving)
		defer h.Close()
		h.Ended(publisher, domain.EndedBySilence)
		h.ended(t, publisher, domain.EndedBySilence)
		if !h.media.nobody() {
			t.Errorf("still routed: %+v", h.media.last())
		}
		time.Sleep(grace - 1)
		synctest.Wait()
		h.lives(t, subscriber)
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		h.ended(t, subscriber, domain.EndedByGrace)
	})
}

func TestAPublisherThatComesBackKeepsItsSubscribers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, publisher, subscriber := live(t, forgiving)
		defer h.Close()
		h.Ended(publisher, domain.EndedBySilence)
		time.Sleep(grace - 1)
		next := publish(t, h, "demo")
		h.Connected(next)
		time.Sleep(time.Hour)
		synctest.Wait()
		h.lives(t, subscriber)
		if !h.media.routes(next, subscriber) {
			t.Errorf("routed: %+v", h.media.last())
		}
	})
}

// Those who cannot decode what the publisher comes back with end, and nobody else;
// so it is when it changes its codec on the way.
func TestAnotherCodecEndsThoseWhoCannotDecodeIt(t *testing.T) {
	for name, change := range map[string]func(*testing.T, house, domain.SessionID) domain.SessionID{
		"by a comeback": func(t *testing.T, h house, publisher domain.SessionID) domain.SessionID {
			h.Ended(publisher, domain.EndedBySilence)
			h.media.sends = domain.H264
			next := publish(t, h, "demo")
			h.Connected(next)
			return next
		},
		"on the way": func(_ *testing.T, h house, publisher domain.SessionID) domain.SessionID {
			h.TrackChanged(publisher, video(domain.H264))
			return publisher
		},
	} {
		t.Run(name, func(t *testing.T) {
			h, publisher, old := live(t, forgiving)
			defer h.Close()
			h.media.takes = []domain.Codec{domain.H264, domain.VP8}
			modern := play(t, h, "demo")
			h.Connected(modern)
			h.media.takes = []domain.Codec{domain.Opus}
			blind := play(t, h, "demo")
			h.Connected(blind)

			now := change(t, h, publisher)
			h.ended(t, old, domain.EndedByCodec)
			h.lives(t, modern)
			h.lives(t, blind)
			if !h.media.routes(now, modern) {
				t.Errorf("routed: %+v", h.media.last())
			}
		})
	}
}

func TestLostTwiceIsAwaitedTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, publisher, subscriber := live(t, forgiving)
		defer h.Close()
		h.Ended(publisher, domain.EndedBySilence)
		time.Sleep(grace / 2)
		next := publish(t, h, "demo")
		h.Connected(next)
		time.Sleep(time.Second)
		h.Ended(next, domain.EndedBySilence)
		time.Sleep(grace - 1)
		synctest.Wait()
		h.lives(t, subscriber)
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		h.ended(t, subscriber, domain.EndedByGrace)
	})
}

func TestWithoutGraceALossIsTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, publisher, subscriber := live(t, app.Settings{AutoCreate: true})
		defer h.Close()
		h.Ended(publisher, domain.EndedBySilence)
		synctest.Wait() // and no time passes
		h.ended(t, subscriber, domain.EndedByGrace)
	})
}

// A comeback whose offer is unusable neither ends the subscribers nor the wait.
func TestAnUnusableComeback(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, publisher, subscriber := live(t, forgiving)
		defer h.Close()
		h.Ended(publisher, domain.EndedBySilence)
		time.Sleep(grace / 2)
		h.media.fail = domain.ErrOffer
		if _, err := h.Publish(t.Context(), alice, "demo", "nonsense"); !errors.Is(err, domain.ErrOffer) {
			t.Fatal(err)
		}
		synctest.Wait()
		h.lives(t, subscriber)
		time.Sleep(grace)
		synctest.Wait()
		h.ended(t, subscriber, domain.EndedByGrace)
	})
}

// One that never connects leaves the lobby as it was: nobody there has lost anything.
func TestAPublisherThatNeverConnectsLeavesTheLobby(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(forgiving)
		defer h.Close()
		subscriber := play(t, h, "demo")
		h.Connected(subscriber)
		publisher := publish(t, h, "demo")
		h.Ended(publisher, domain.EndedUnconnected)
		h.ended(t, publisher, domain.EndedUnconnected)
		time.Sleep(time.Hour)
		synctest.Wait()
		h.lives(t, subscriber)
	})
}

// A subscriber whose offer is being answered while another codec comes is told that
// it cannot decode it.
func TestAnotherCodecOvertakesAnOffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(forgiving)
		defer h.Close()
		h.media.delay = time.Second
		refused := make(chan error, 1)
		go func() {
			_, err := h.Play(context.Background(), bob, "demo", "")
			refused <- err
		}()
		synctest.Wait()
		h.media.delay, h.media.sends = 0, domain.AV1
		publisher := publish(t, h, "demo")
		if err := <-refused; !errors.Is(err, domain.ErrNoCommonCodec) {
			t.Errorf("%v, want ErrNoCommonCodec", err)
		}
		h.lives(t, publisher)
	})
}

func TestLeavingWhileNobodyPublishes(t *testing.T) {
	for name, before := range map[string]func(*testing.T) (house, domain.SessionID, domain.SessionID){
		"in the lobby": func(t *testing.T) (house, domain.SessionID, domain.SessionID) {
			h := newHouse(app.Settings{AutoCreate: true, Rules: domain.RoomRules{Grace: grace}, MaxRooms: 1})
			return h, "", play(t, h, "demo")
		},
		"in the grace": func(t *testing.T) (house, domain.SessionID, domain.SessionID) {
			h, publisher, subscriber := live(t, app.Settings{AutoCreate: true, Rules: domain.RoomRules{Grace: grace}, MaxRooms: 1})
			h.Ended(publisher, domain.EndedBySilence)
			return h, publisher, subscriber
		},
	} {
		t.Run(name+", by DELETE", func(t *testing.T) {
			h, publisher, subscriber := before(t)
			defer h.Close()
			if err := h.End(alice, domain.RolePublisher, publisher); !errors.Is(err, domain.ErrSessionUnknown) {
				t.Errorf("DELETE of a publisher that is lost: %v", err)
			}
			h.lives(t, subscriber)
			if err := h.End(bob, domain.RoleSubscriber, subscriber); err != nil {
				t.Fatal(err)
			}
			h.ended(t, subscriber, domain.EndedByClient)
			publish(t, h, "another") // the room is gone: there may be one
		})
		t.Run(name+", by Close", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h, _, subscriber := before(t)
				began := time.Now()
				h.Close()
				if waited := time.Since(began); waited > 0 {
					t.Errorf("Close took %v", waited)
				}
				h.ended(t, subscriber, domain.EndedByShutdown)
			})
		})
	}
}
