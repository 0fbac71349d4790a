package app_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"rostrum/app"
	"rostrum/domain"
)

// until returns a caller whose token expires after that long.
func until(subject string, left time.Duration) domain.Caller {
	return domain.Caller{Grant: domain.Grant{Subject: domain.Subject(subject), Expires: time.Now().Add(left)}}
}

// A thousand sessions of many ends each end at their own, and nobody else notices.
func TestEachSessionEndsWithItsOwnToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(forgiving)
		defer h.Close()
		began := time.Now()
		random := rand.New(rand.NewPCG(1, 1))
		ends := map[domain.SessionID]time.Duration{}
		for i := range 1000 {
			left := time.Duration(1+random.IntN(500)) * time.Second // some of them at one time
			a, err := h.Play(t.Context(), until("bob", left), domain.RoomName(fmt.Sprint("room-", i%10)), "")
			if err != nil {
				t.Fatal(err)
			}
			ends[a.Session] = left
		}
		forever := play(t, h, "room-0")
		for second := range 501 {
			if second > 0 {
				time.Sleep(time.Until(began.Add(time.Duration(second)*time.Second - 1)))
				synctest.Wait()
				checkEnds(t, h, ends, time.Since(began))
				time.Sleep(time.Nanosecond)
			}
			synctest.Wait()
			checkEnds(t, h, ends, time.Since(began))
		}
		h.lives(t, forever)
		for _, id := range h.media.ended[:5] {
			h.ended(t, id, domain.EndedByExpiry)
		}
	})
}

func checkEnds(t *testing.T, h house, ends map[domain.SessionID]time.Duration, passed time.Duration) {
	t.Helper()
	for id, end := range ends {
		if h.Alive(id) != (passed < end) {
			t.Fatalf("after %v a session is alive: %v, its token expires after %v", passed, h.Alive(id), end)
		}
	}
}

// One that expires before all others is not kept waiting for them.
func TestAnEarlierEndOvertakesALaterOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(forgiving)
		defer h.Close()
		var all []domain.SessionID
		for _, left := range []time.Duration{time.Hour, time.Minute, time.Second} {
			a, err := h.Play(t.Context(), until("bob", left), "demo", "")
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, a.Session)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		h.ended(t, all[2], domain.EndedByExpiry)
		h.lives(t, all[1])
		time.Sleep(time.Minute)
		synctest.Wait()
		h.ended(t, all[1], domain.EndedByExpiry)
		h.lives(t, all[0])
	})
}

// A session ends the lead before its token does, and none begins that would end at once;
// its publisher may come back with another token within the grace.
func TestSessionsEndTheLeadBeforeTheirTokens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		settings := forgiving
		settings.ExpiryLead = 30 * time.Second
		h := newHouse(settings)
		defer h.Close()
		for _, left := range []time.Duration{30 * time.Second, time.Second, -time.Second} {
			if _, err := h.Publish(t.Context(), until("ann", left), "demo", ""); !errors.Is(err, domain.ErrTokenInvalid) {
				t.Errorf("publish with %v left: %v", left, err)
			}
			if _, err := h.Play(t.Context(), until("ann", left), "demo", ""); !errors.Is(err, domain.ErrTokenInvalid) {
				t.Errorf("play with %v left: %v", left, err)
			}
		}
		a, err := h.Publish(t.Context(), until("ann", time.Minute), "demo", "")
		if err != nil {
			t.Fatal(err)
		}
		h.Connected(a.Session)
		subscriber := play(t, h, "demo")
		time.Sleep(30*time.Second - 1)
		synctest.Wait()
		h.lives(t, a.Session)
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		h.ended(t, a.Session, domain.EndedByExpiry)
		next, err := h.Publish(t.Context(), until("ann", time.Hour), "demo", "")
		if err != nil {
			t.Fatal(err)
		}
		h.Connected(next.Session)
		time.Sleep(time.Minute)
		synctest.Wait()
		h.lives(t, subscriber)
	})
}

func TestATokenThatExpiresWhileItsOfferIsAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(forgiving)
		defer h.Close()
		h.media.delay = 10 * time.Second
		answered := make(chan app.Answer, 1)
		go func() {
			a, err := h.Publish(context.Background(), until("ann", 5*time.Second), "demo", "")
			if err != nil {
				t.Error(err)
			}
			answered <- a
		}()
		a := <-answered
		synctest.Wait() // and no time passes
		h.ended(t, a.Session, domain.EndedByExpiry)
	})
}
