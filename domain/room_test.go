package domain_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/domain"
)

var (
	sound   = domain.Track{ID: "a", Codec: domain.Opus, Layers: []domain.Layer{{}}}
	picture = domain.Track{ID: "v", Codec: domain.VP8, Layers: []domain.Layer{{}}}
)

// live returns a room in which "pub" sends sound and picture, and these subscribe.
func live(t *testing.T, settings domain.RoomRules, subscribers ...domain.SessionID) *domain.Room {
	t.Helper()
	r := domain.NewRoom("hall", settings)
	must(t, r.Publish(domain.Session{ID: "pub", Subject: "ann"}))
	setTracks(t, r, "pub", []domain.Track{sound, picture})
	for _, id := range subscribers {
		_, err := r.Subscribe(domain.Session{ID: id})
		must(t, err)
	}
	return r
}

// setTracks says what a publisher sends, which must end these subscribers.
func setTracks(t *testing.T, r *domain.Room, id domain.SessionID, tracks []domain.Track, dropped ...domain.SessionID) {
	t.Helper()
	got, err := r.SetTracks(id, tracks)
	must(t, err)
	same(t, "who cannot decode the tracks", got, dropped)
}

// setTrack is setTracks for one of them.
func setTrack(t *testing.T, r *domain.Room, id domain.SessionID, track domain.Track, dropped ...domain.SessionID) {
	t.Helper()
	got, err := r.SetTrack(id, track)
	must(t, err)
	same(t, "who cannot decode the track", got, dropped)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func TestANewRoomIsEmpty(t *testing.T) {
	rules := domain.RoomRules{MaxSubscribers: 3, Record: true, Grace: time.Minute, Tokens: []domain.TokenID{"T"}, Version: 7}
	r := domain.NewRoom("hall", rules)
	if _, ok := r.Publisher(); ok || !r.Empty() || r.Subscribers() != 0 || r.Name() != "hall" {
		t.Errorf("%+v", r)
	}
	same(t, "Rules", r.Rules(), rules)
	same(t, "FanOut", r.FanOut(), domain.FanOut{Room: "hall"})
}

func TestOnePublisher(t *testing.T) {
	r := domain.NewRoom("hall", domain.RoomRules{})
	ann := domain.Session{ID: "1", Subject: "ann"}
	must(t, r.Publish(ann))
	for _, s := range []domain.Session{{ID: "2", Subject: "bob"}, {ID: "3", Subject: "ann"}, ann} {
		if err := r.Publish(s); !errors.Is(err, domain.ErrRoomBusy) {
			t.Errorf("publishing as %+v: %v, want ErrRoomBusy", s, err)
		}
	}
	if p, ok := r.Publisher(); !ok || p.Session != ann || r.Empty() {
		t.Errorf("publisher: %+v, %v", p, ok)
	}
	r.Leave("1")
	must(t, r.Publish(domain.Session{ID: "2", Subject: "bob"}))
}

func TestSubscribeTellsTheTracks(t *testing.T) {
	r := live(t, domain.RoomRules{})
	tracks, err := r.Subscribe(domain.Session{ID: "sub"})
	must(t, err)
	same(t, "tracks", tracks, []domain.Track{sound, picture})
	tracks[0].ID = "changed"
	p, _ := r.Publisher()
	same(t, "the room's tracks", p.Tracks, []domain.Track{sound, picture})
}

func TestSubscriberLimit(t *testing.T) {
	for name, c := range map[string]struct{ limit, admitted int }{
		"none": {0, 5}, "one": {1, 1}, "three": {3, 3},
	} {
		t.Run(name, func(t *testing.T) {
			r := live(t, domain.RoomRules{MaxSubscribers: c.limit})
			for i := range 5 {
				_, err := r.Subscribe(domain.Session{ID: domain.SessionID(rune('a' + i))})
				if want := i >= c.admitted; errors.Is(err, domain.ErrRoomFull) != want || err != nil && !want {
					t.Errorf("subscriber %d: %v", i, err)
				}
			}
			if r.Subscribers() != c.admitted {
				t.Errorf("%d subscribers, want %d", r.Subscribers(), c.admitted)
			}
		})
	}
}

func TestALeavingSubscriberMakesPlace(t *testing.T) {
	r := live(t, domain.RoomRules{MaxSubscribers: 1}, "first")
	same(t, "ended", r.Leave("first"), []domain.SessionID{"first"})
	_, err := r.Subscribe(domain.Session{ID: "second"})
	must(t, err)
}

func TestLeave(t *testing.T) {
	for name, c := range map[string]struct {
		who   domain.SessionID
		ended []domain.SessionID
		left  int
	}{
		"the publisher takes all along": {"pub", []domain.SessionID{"pub", "x", "y", "z"}, 0},
		"a subscriber goes alone":       {"y", []domain.SessionID{"y"}, 2},
		"a stranger ends nobody":        {"nobody", nil, 3},
		"the empty id ends nobody":      {"", nil, 3},
	} {
		t.Run(name, func(t *testing.T) {
			r := live(t, domain.RoomRules{}, "x", "y", "z")
			same(t, "ended", r.Leave(c.who), c.ended)
			if r.Subscribers() != c.left || r.Empty() != (c.left == 0) {
				t.Errorf("%d subscribers are left, empty %v, want %d", r.Subscribers(), r.Empty(), c.left)
			}
			same(t, "leaving again", r.Leave(c.who), []domain.SessionID(nil))
		})
	}
}

func TestClear(t *testing.T) {
	r := live(t, domain.RoomRules{}, "x", "y")
	same(t, "ended", r.Clear(), []domain.SessionID{"pub", "x", "y"})
	if !r.Empty() {
		t.Error("somebody is left")
	}
	same(t, "clearing again", r.Clear(), []domain.SessionID(nil))
	must(t, r.Publish(domain.Session{ID: "next"}))
}

// What is said of a session that has left is refused, whoever came after it.
func TestLateNewsAreRefused(t *testing.T) {
	r := live(t, domain.RoomRules{}, "sub")
	r.Leave("pub")
	must(t, r.Publish(domain.Session{ID: "next"}))
	refused := map[string]error{
		"publisher connects":  r.Connect("pub"),
		"subscriber's codecs": r.SetCodecs("sub", soundOnly),
		"sub connects":        r.Connect("sub"),
		"a publisher's codec": r.SetCodecs("next", soundOnly),
	}
	_, refused["tracks"] = r.SetTracks("pub", []domain.Track{sound})
	_, refused["a track"] = r.SetTrack("pub", sound)
	_, refused["unknown track"] = r.SetTrack("next", sound)
	for name, err := range refused {
		if !errors.Is(err, domain.ErrSessionUnknown) {
			t.Errorf("%s: %v, want ErrSessionUnknown", name, err)
		}
	}
	if r.Lose("pub") || r.Lose("sub") || r.Lose("") || r.Awaiting() {
		t.Error("a session that is no publisher was lost")
	}
	same(t, "FanOut", r.FanOut(), domain.FanOut{Room: "hall", Publisher: "next"})
}

func TestConnectTellsThePublisher(t *testing.T) {
	r := live(t, domain.RoomRules{})
	must(t, r.Connect("pub"))
	if p, _ := r.Publisher(); !p.Connected {
		t.Error("the publisher is not connected")
	}
}

// The room keeps no slice of its caller's, and gives none of its own away.
func TestTracksAreCopied(t *testing.T) {
	r := domain.NewRoom("hall", domain.RoomRules{})
	must(t, r.Publish(domain.Session{ID: "pub"}))
	given := []domain.Track{{ID: "v", Codec: domain.VP8, Layers: []domain.Layer{{ID: "h"}, {ID: "l"}}}}
	setTracks(t, r, "pub", given)
	given[0].Codec = domain.AV1
	taken, _ := r.Publisher()
	taken.Tracks[0].Format = "changed"

	p, _ := r.Publisher()
	same(t, "tracks", p.Tracks, []domain.Track{{ID: "v", Codec: domain.VP8, Layers: []domain.Layer{{ID: "h"}, {ID: "l"}}}})
}
