package domain_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"rostrum/domain"
)

// by returns a session that came by a token.
func by(id domain.SessionID, token domain.TokenID) domain.Session {
	return domain.Session{ID: id, Subject: domain.Subject("token:" + token), Token: token}
}

func withTokens(tokens ...domain.TokenID) domain.RoomRules {
	return domain.RoomRules{Grace: time.Second, Tokens: tokens}
}

func TestARevokedTokenLetsNobodyIn(t *testing.T) {
	r := domain.NewRoom("hall", withTokens("A"))
	if err := r.Publish(by("1", "B")); !errors.Is(err, domain.ErrTokenInvalid) || !r.Empty() {
		t.Errorf("publish: %v", err)
	}
	if _, err := r.Subscribe(by("1", "B")); !errors.Is(err, domain.ErrTokenInvalid) || !r.Empty() {
		t.Errorf("subscribe: %v", err)
	}
	must(t, r.Publish(by("1", "A")))
	if _, err := r.Subscribe(by("2", "A")); err != nil {
		t.Error(err)
	}
	if err := r.TakeOver("1", by("3", "A")); err != nil { // also what comes by it again
		t.Error(err)
	}
}

// A taker whose token is revoked must not push the publisher out.
func TestARevokedTokenTakesNothingOver(t *testing.T) {
	r := domain.NewRoom("hall", withTokens("A"))
	must(t, r.Publish(by("1", "A")))
	taker := by("2", "A")
	taker.Token = "B" // of the same subject, as one that has been rotated is
	err := r.TakeOver("1", taker)
	if p, ok := r.Publisher(); !errors.Is(err, domain.ErrTokenInvalid) || !ok || p.ID != "1" || r.Awaiting() {
		t.Errorf("%v, and the publisher is %+v, awaited %v", err, p, r.Awaiting())
	}
}

func TestSetRulesEndsTheSessionsOfRevokedTokensAlone(t *testing.T) {
	r := domain.NewRoom("hall", withTokens("A", "B"))
	must(t, r.Publish(by("pub", "A")))
	must(t, r.Connect("pub"))
	for _, s := range []domain.Session{by("1", "A"), by("2", "B"), {ID: "3", Subject: "ann"}, by("4", "A")} {
		_, err := r.Subscribe(s)
		must(t, err)
	}
	same(t, "ended by nothing", r.SetRules(withTokens("B", "A")), []domain.SessionID(nil))
	same(t, "ended", r.SetRules(withTokens("B")), []domain.SessionID{"pub", "1", "4"})
	if r.Subscribers() != 2 || !r.Has("2") || !r.Has("3") || !r.Awaiting() || r.Empty() {
		t.Errorf("%d subscribers, awaiting %v", r.Subscribers(), r.Awaiting())
	}
	same(t, "ended anew", r.SetRules(withTokens("B")), []domain.SessionID(nil))
	same(t, "ended last", r.SetRules(domain.RoomRules{}), []domain.SessionID{"2"})
}

func TestNobodyEndsForALowerLimit(t *testing.T) {
	r := live(t, domain.RoomRules{MaxSubscribers: 3}, "1", "2", "3")
	if ended := r.SetRules(domain.RoomRules{MaxSubscribers: 1}); len(ended) > 0 || r.Subscribers() != 3 {
		t.Errorf("ended %q", ended)
	}
	r.Leave("1")
	r.Leave("2")
	if _, err := r.Subscribe(domain.Session{ID: "4"}); !errors.Is(err, domain.ErrRoomFull) {
		t.Errorf("one more than there may be: %v", err)
	}
	r.SetRules(domain.RoomRules{})
	if _, err := r.Subscribe(domain.Session{ID: "4"}); err != nil {
		t.Errorf("without a limit: %v", err)
	}
}

// What somebody has said about this publication holds until the settings say otherwise.
func TestRecordingFollowsARoomsSettings(t *testing.T) {
	on, off := domain.RoomRules{Record: true}, domain.RoomRules{}
	r := live(t, off)
	for i, c := range []struct {
		do   func()
		want bool
	}{
		{func() { r.SetRules(on) }, true},
		{func() { must(t, r.Record(false)) }, false},
		{func() { r.SetRules(on) }, false}, // another setting was changed
		{func() { must(t, r.Record(true)) }, true},
		{func() { r.SetRules(off) }, false},
		{func() { r.SetRules(on); r.Leave("pub") }, false},
		{func() { must(t, r.Publish(domain.Session{ID: "pub"})) }, true},
	} {
		if c.do(); r.Recording() != c.want {
			t.Errorf("step %d: recording %v, want %v", i, r.Recording(), c.want)
		}
	}
}

// Random people come by random tokens while these are minted and revoked: nobody is in
// the room whose token it does not have, everybody else stays, and who is ended is ended
// once.
func TestRoomKeepsItsPromisesWhileTokensComeAndGo(t *testing.T) {
	for seed := range uint64(100) {
		random := rand.New(rand.NewPCG(seed, 7))
		r := domain.NewRoom("hall", domain.RoomRules{})
		inside := map[domain.SessionID]domain.TokenID{}
		valid := []domain.TokenID{""}
		for i := range 150 {
			id, token := domain.SessionID(strconv.Itoa(i)), domain.TokenID([]string{"", "A", "B", "C"}[random.IntN(4)])
			switch random.IntN(5) {
			case 0:
				if err := r.Publish(by(id, token)); err == nil {
					inside[id] = token
				} else if slices.Contains(valid, token) != errors.Is(err, domain.ErrRoomBusy) {
					t.Fatalf("seed %d: publishing by %q of %q: %v", seed, token, valid, err)
				}
			case 1, 2:
				if _, err := r.Subscribe(by(id, token)); (err == nil) != slices.Contains(valid, token) {
					t.Fatalf("seed %d: subscribing by %q of %q: %v", seed, token, valid, err)
				} else if err == nil {
					inside[id] = token
				}
			case 3:
				for id := range inside { // any of them
					for _, ended := range r.Leave(id) {
						delete(inside, ended)
					}
					break
				}
			default:
				valid = []domain.TokenID{""}
				for _, t := range []domain.TokenID{"A", "B", "C"} {
					if random.IntN(2) == 0 {
						valid = append(valid, t)
					}
				}
				for _, ended := range r.SetRules(withTokens(valid[1:]...)) {
					if token, there := inside[ended]; !there || slices.Contains(valid, token) {
						t.Fatalf("seed %d: %q of token %q was ended, valid are %q", seed, ended, token, valid)
					}
					delete(inside, ended)
				}
			}
			checkInside(t, r, inside, valid)
		}
	}
}

func checkInside(t *testing.T, r *domain.Room, inside map[domain.SessionID]domain.TokenID, valid []domain.TokenID) {
	t.Helper()
	p, publishing := r.Publisher()
	n := r.Subscribers()
	if publishing {
		n++
	}
	if n != len(inside) || r.Empty() != (n == 0) || publishing && !r.Has(p.ID) {
		t.Fatalf("%d are in the room, want %d", n, len(inside))
	}
	for id, token := range inside {
		if !r.Has(id) || !slices.Contains(valid, token) {
			t.Fatalf("%q of token %q: in the room %v, valid are %q", id, token, r.Has(id), valid)
		}
	}
}
