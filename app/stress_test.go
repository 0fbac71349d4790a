package app_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
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
	secrets  map[domain.RoomName]domain.TokenSecret
	watching sync.WaitGroup
}

// TestEverythingAtOnce has publishers, losers, subscribers and watchers of a few
// rooms at once, some of whom come by tokens that are minted and revoked, or that expire,
// while the rooms are made, changed and deleted. In the end everybody has ended exactly
// once, as the history tells, no watcher waits, and the media port has been called as it
// may be. They live by a clock of their own, in steps that many take at the same moment:
// what comes of them is a matter of luck, but not of how fast the machine is.
func TestEverythingAtOnce(t *testing.T) { synctest.Test(t, everythingAtOnce) }

func everythingAtOnce(t *testing.T) {
	h := newHouse(app.Settings{AutoCreate: true, MaxRooms: 3, Rules: domain.RoomRules{Grace: time.Millisecond, MaxSubscribers: 8}})
	h.media.vitals = domain.Vitals{Connected: true, Silence: time.Minute} // all are to be taken over
	c := &crowd{house: h, t: t, secrets: map[domain.RoomName]domain.TokenSecret{}}
	var all sync.WaitGroup
	for i := range 16 {
		random := rand.New(rand.NewPCG(uint64(i), 2))
		all.Go(func() {
			for range 60 {
				c.live(random)
			}
		})
	}
	for i := range 4 {
		random := rand.New(rand.NewPCG(uint64(i), 3))
		all.Go(func() {
			for range 100 {
				c.administer(random)
				pause(random)
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
	c.checkHistory(times)
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
	by, role, enter := bob, domain.RoleSubscriber, c.Play
	if random.IntN(3) == 0 {
		by, role, enter = alice, domain.RolePublisher, c.Publish
	}
	by = c.dressed(random, by, room)
	a, err := enter(c.t.Context(), by, room, "")
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
	pause(random)
	switch random.IntN(6) {
	case 0:
		_ = c.End(by, role, a.Session)
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

// pause waits until a moment at which others go on as well.
func pause(random *rand.Rand) { time.Sleep(time.Duration(random.IntN(3)) * time.Millisecond) }

// dressed returns somebody as who comes by a token of the room, or by one that expires,
// or as who they are.
func (c *crowd) dressed(random *rand.Rand, by domain.Caller, room domain.RoomName) domain.Caller {
	switch random.IntN(3) {
	case 0:
		by.Expires = time.Now().Add(time.Duration(random.IntN(3000)) * time.Microsecond)
	case 1:
		c.mu.Lock()
		secret := c.secrets[room]
		c.mu.Unlock()
		if grant, err := c.Identify(c.t.Context(), string(secret)); err == nil {
			by.Grant = grant
		}
	}
	return by
}

// administer does something to one of the rooms, which others may have made impossible.
func (c *crowd) administer(random *rand.Rand) {
	ctx, room := c.t.Context(), domain.RoomName(fmt.Sprint("room-", random.IntN(4)))
	v, err := c.Room(ctx, room)
	if err != nil || v.Kept == nil {
		_, _ = c.CreateRoom(ctx, alice, room, domain.RoomSettings{})
		return
	}
	switch random.IntN(8) {
	case 0:
		_ = c.DeleteRoom(ctx, alice, room, func(tag string) bool { return tag == v.Kept.Tag() })
	case 1, 2:
		_, _ = c.ChangeRoom(ctx, alice, room, func(string) bool { return true }, func(s *domain.RoomSettings) {
			s.MaxSubscribers, s.Grace = 1+random.IntN(8), new(time.Duration(random.IntN(2))*time.Millisecond)
		})
	case 3, 4, 5:
		_, secret, err := c.MintToken(ctx, alice, room, app.TokenOrder{Action: domain.ActionPlay})
		if err == nil {
			c.mu.Lock()
			c.secrets[room] = secret
			c.mu.Unlock()
		}
	default:
		for i, token := range v.Kept.Tokens {
			if i%2 == 0 {
				_ = c.RevokeToken(ctx, alice, room, token.ID)
			} else {
				_, _, _ = c.RotateToken(ctx, alice, room, token.ID, time.Duration(random.IntN(2))*time.Millisecond)
			}
		}
	}
	_, _, _ = c.ListRooms(ctx, everything, app.RoomsQuery{}, "", 10)
}

// checkHistory checks that each session that has ended has one record, of its end.
func (c *crowd) checkHistory(ended map[domain.SessionID]int) {
	kept := map[domain.SessionID]bool{}
	reasons := map[domain.EndReason]int{}
	for _, r := range c.history(c.t) {
		kept[r.ID] = true
		reasons[r.Reason]++
		if r.Live() || r.Reason == "" || r.Ended.Before(r.Started) || ended[r.ID] != 1 {
			c.t.Errorf("%+v, which has ended %d times", r, ended[r.ID])
		}
	}
	if len(kept) != len(ended) {
		c.t.Errorf("%d sessions are kept, %d have ended", len(kept), len(ended))
	}
	for _, reason := range []domain.EndReason{domain.EndedByExpiry, domain.EndedByRevoking, domain.EndedByRemoval, domain.EndedByTakeover} {
		if reasons[reason] == 0 {
			c.t.Errorf("nobody was ended because %q: %v", reason, reasons)
		}
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
