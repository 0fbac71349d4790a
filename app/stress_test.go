package app_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"rostrum/app"
	"rostrum/domain"
)

// crowd is people who do everything at once, at random, and remember which sessions
// they had.
type crowd struct {
	house
	t *testing.T

	mu       sync.Mutex
	sessions []domain.SessionID
	watching sync.WaitGroup
}

// TestEverythingAtOnce has publishers, losers, subscribers and watchers of a few
// rooms at once. In the end everybody has ended exactly once, no watcher waits, and
// the media port has been called as it may be.
func TestEverythingAtOnce(t *testing.T) {
	h := newHouse(app.Settings{AutoCreate: true, Grace: time.Millisecond, MaxRooms: 3, MaxSubscribers: 8})
	h.media.vitals = domain.Vitals{Connected: true, Silence: time.Minute} // all are to be taken over
	c := &crowd{house: h, t: t}
	var all sync.WaitGroup
	for i := range 16 {
		random := rand.New(rand.NewPCG(uint64(i), 2))
		all.Go(func() {
			for range 60 {
				c.live(random)
			}
		})
	}
	all.Wait()
	h.Close()
	c.watching.Wait() // the rooms have let go of all of them

	if len(c.sessions) == 0 || len(h.media.broken) > 0 {
		t.Fatalf("%d sessions, and %q", len(c.sessions), h.media.broken)
	}
	times := map[domain.SessionID]int{}
	for _, id := range h.media.ended {
		times[id]++
	}
	for _, id := range c.sessions {
		if times[id] != 1 || h.Alive(id) {
			t.Errorf("session %s has ended %d times, alive %v", id, times[id], h.Alive(id))
		}
	}
	for id, n := range times { // those whose offer was overtaken too
		if n != 1 {
			t.Errorf("session %s has ended %d times", id, n)
		}
	}
	for _, fan := range h.media.routed {
		checkFanOut(t, fan)
	}
	last := map[domain.RoomName]domain.FanOut{}
	for _, fan := range h.media.routed {
		last[fan.Room] = fan
	}
	for room, fan := range last {
		if fan.Publisher != "" || len(fan.Routes) > 0 {
			t.Errorf("%s is still routed: %+v", room, fan)
		}
	}
}

// live is a short life: as a publisher or a subscriber, in one of the rooms.
func (c *crowd) live(random *rand.Rand) {
	room := domain.RoomName(fmt.Sprint("room-", random.IntN(4)))
	grant, role, enter := bob, domain.RoleSubscriber, c.Play
	if random.IntN(3) == 0 {
		grant, role, enter = alice, domain.RolePublisher, c.Publish
	}
	a, err := enter(c.t.Context(), grant, room, "")
	if err != nil {
		return // full, or overtaken: others are about
	}
	c.mu.Lock()
	c.sessions = append(c.sessions, a.Session)
	c.mu.Unlock()
	if random.IntN(4) > 0 {
		c.Connected(a.Session)
	}
	stop := c.watch(a.Session)
	switch random.IntN(6) {
	case 0:
		_ = c.End(grant, role, a.Session)
	case 1:
		c.Ended(a.Session, domain.EndedByPeer)
	case 2, 3:
		c.Ended(a.Session, domain.EndedBySilence)
	case 4:
		codec := []domain.Codec{domain.VP8, domain.H264}[random.IntN(2)]
		c.TrackChanged(a.Session, video(codec))
	default: // stays until it is ended
	}
	if random.IntN(2) == 0 {
		stop()
	}
}

// watch listens to a session's room until the room lets go of it or stop is called.
func (c *crowd) watch(id domain.SessionID) (stop func()) {
	updates, unwatch, err := c.Watch(id)
	if err != nil {
		return func() {} // it has been ended
	}
	stopped := make(chan struct{})
	c.watching.Go(func() {
		for {
			select {
			case s, ok := <-updates:
				if !ok {
					return
				}
				if s.Viewers < 0 || s.Viewers > 8 {
					c.t.Errorf("%+v", s)
				}
			case <-stopped:
				unwatch()
				return
			}
		}
	})
	return sync.OnceFunc(func() { close(stopped) })
}

func checkFanOut(t *testing.T, fan domain.FanOut) {
	for _, route := range fan.Routes {
		var legs []domain.SessionID
		for _, l := range route.Legs {
			if slices.Contains(legs, l.Subscriber) || l.Subscriber == fan.Publisher {
				t.Errorf("%s twice in %+v", l.Subscriber, fan)
			}
			legs = append(legs, l.Subscriber)
		}
	}
	if fan.Publisher == "" && len(fan.Routes) > 0 {
		t.Errorf("routes of nobody: %+v", fan)
	}
}
