package domain_test

import (
	"errors"
	"slices"
	"testing"

	"rostrum/domain"
)

var (
	ann     = domain.Session{ID: "pub", Subject: "ann"}
	annNext = domain.Session{ID: "next", Subject: "ann"}
	bobNext = domain.Session{ID: "next", Subject: "bob"}

	film = domain.Track{ID: "v", Codec: domain.H264, Layers: []domain.Layer{{}}}
)

// Subscribers come before the publisher, and receive from it as soon as it sends.
func TestTheLobby(t *testing.T) {
	r := domain.NewRoom("hall", domain.RoomRules{})
	enter(t, r, arrival{"early", both, true})
	if r.Empty() || r.Awaiting() || r.Subscribers() != 1 {
		t.Errorf("a room with somebody in its lobby: empty %v, awaiting %v", r.Empty(), r.Awaiting())
	}
	same(t, "FanOut of nobody", r.FanOut(), domain.FanOut{Room: "hall"})
	must(t, r.Publish(ann))
	tracks, err := r.Subscribe(domain.Session{ID: "between"})
	must(t, err)
	same(t, "tracks before they are known", tracks, []domain.Track(nil))
	setTracks(t, r, "pub", []domain.Track{sound})
	same(t, "legs", r.FanOut().Routes[0].Legs, []domain.Leg{{Subscriber: "early"}})
	same(t, "leaving", r.Leave("early"), []domain.SessionID{"early"})
}

// One that has a place for a kind of media and cannot decode what comes there
// ends; one that has no place for it stays, and one that has not said yet.
func TestWhoCannotDecodeEnds(t *testing.T) {
	people := map[domain.SessionID][]domain.Codec{
		"hears":   soundOnly,
		"sees":    {domain.VP8},
		"both":    both,
		"modern":  {domain.Opus, domain.VP8, domain.H264},
		"h264":    {domain.H264},
		"nothing": nil,
	}
	for name, c := range map[string]struct {
		tracks []domain.Track
		ended  []domain.SessionID
	}{
		"nothing":                {nil, nil},
		"sound":                  {[]domain.Track{sound}, nil},
		"VP8":                    {[]domain.Track{picture}, []domain.SessionID{"h264"}},
		"H264":                   {[]domain.Track{film}, []domain.SessionID{"both", "sees"}},
		"sound and VP8":          {[]domain.Track{sound, picture}, []domain.SessionID{"h264"}},
		"AV1, which nobody has":  {[]domain.Track{{ID: "v", Codec: domain.AV1, Layers: []domain.Layer{{}}}}, []domain.SessionID{"both", "h264", "modern", "sees"}},
		"two, of which one goes": {[]domain.Track{picture, film}, []domain.SessionID{"both", "h264", "sees"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := domain.NewRoom("hall", domain.RoomRules{})
			for _, id := range []domain.SessionID{"both", "h264", "hears", "modern", "nothing", "sees"} {
				enter(t, r, arrival{id, people[id], true})
			}
			must(t, r.Publish(ann))
			setTracks(t, r, "pub", c.tracks, c.ended...)
			for id := range people {
				if r.Has(id) == slices.Contains(c.ended, id) {
					t.Errorf("%s is in the room: %v", id, r.Has(id))
				}
			}
		})
	}
}

func TestAChangeOfCodecEndsWhoCannotDecode(t *testing.T) {
	r := live(t, domain.RoomRules{})
	enter(t, r, arrival{"old", both, true})
	enter(t, r, arrival{"modern", []domain.Codec{domain.VP8, domain.H264}, true})
	setTrack(t, r, "pub", film, "old")
	same(t, "FanOut", r.FanOut().Routes[1], domain.Route{Track: film, Legs: []domain.Leg{{Subscriber: "modern"}}})
}

func TestSetCodecsRefusesWhatIsNotPublished(t *testing.T) {
	r := live(t, domain.RoomRules{}, "sub")
	if err := r.SetCodecs("sub", []domain.Codec{domain.Opus, domain.H264}); !errors.Is(err, domain.ErrNoCommonCodec) {
		t.Errorf("H264 where VP8 is sent: %v, want ErrNoCommonCodec", err)
	}
	must(t, r.Connect("sub"))
	same(t, "legs of one that was refused", r.FanOut().Routes[0].Legs, []domain.Leg(nil))
	mine := slices.Clone(both)
	must(t, r.SetCodecs("sub", mine))
	mine[0], mine[1] = domain.H265, domain.H265 // the room has its own
	same(t, "legs", r.FanOut().Routes[1].Legs, []domain.Leg{{Subscriber: "sub"}})
}

// A lost publisher leaves its subscribers; the room awaits the next one.
func TestLose(t *testing.T) {
	r := live(t, domain.RoomRules{})
	enter(t, r, arrival{"x", both, true})
	must(t, r.Connect("pub"))
	if !r.Lose("pub") || r.Lose("pub") {
		t.Error("a publisher must be lost once")
	}
	if !r.Awaiting() || r.Empty() || r.Has("pub") || !r.Has("x") {
		t.Errorf("awaiting %v, empty %v", r.Awaiting(), r.Empty())
	}
	same(t, "FanOut", r.FanOut(), domain.FanOut{Room: "hall"})

	must(t, r.Publish(annNext))
	if r.Awaiting() {
		t.Error("awaiting whoever is there")
	}
	setTracks(t, r, "next", []domain.Track{sound})
	same(t, "legs", r.FanOut().Routes[0].Legs, []domain.Leg{{Subscriber: "x"}})
	same(t, "DELETE ends all", r.Leave("next"), []domain.SessionID{"next", "x"})
	if r.Awaiting() {
		t.Error("awaiting after everybody has left")
	}
}

// One that never connected leaves the room as it found it.
func TestLosingOneThatNeverConnected(t *testing.T) {
	for name, c := range map[string]struct {
		before func(*testing.T, *domain.Room)
		want   bool
	}{
		"a lobby stays a lobby":         {func(*testing.T, *domain.Room) {}, false},
		"a room that awaits goes on so": {lostOne, true},
		"also when it had been answered": {func(t *testing.T, r *domain.Room) {
			lostOne(t, r)
			must(t, r.Publish(domain.Session{ID: "answered", Subject: "ann"}))
			setTracks(t, r, "answered", []domain.Track{sound})
			r.Lose("answered")
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			r := domain.NewRoom("hall", domain.RoomRules{})
			enter(t, r, arrival{"x", both, true})
			c.before(t, r)
			must(t, r.Publish(annNext))
			r.Lose("next")
			if r.Awaiting() != c.want || !r.Has("x") {
				t.Errorf("awaiting %v, want %v", r.Awaiting(), c.want)
			}
		})
	}
}

func lostOne(t *testing.T, r *domain.Room) {
	t.Helper()
	must(t, r.Publish(ann))
	must(t, r.Connect("pub"))
	r.Lose("pub")
}

func TestTakeOver(t *testing.T) {
	for name, c := range map[string]struct {
		old   domain.SessionID
		by    domain.Session
		taken bool
	}{
		"by the same subject":           {"pub", annNext, true},
		"by another subject":            {"pub", bobNext, false},
		"of one that is not there":      {"gone", annNext, false},
		"of a subscriber":               {"x", annNext, false},
		"the empty subject is a bearer": {"pub", domain.Session{ID: "next"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := live(t, domain.RoomRules{}, "x")
			must(t, r.Connect("pub"))
			err := r.TakeOver(c.old, c.by)
			p, _ := r.Publisher()
			switch {
			case c.taken && (err != nil || p.ID != "next" || p.Connected || len(p.Tracks) > 0):
				t.Errorf("%v, and %+v publishes", err, p)
			case !c.taken && (!errors.Is(err, domain.ErrRoomBusy) || p.ID != "pub"):
				t.Errorf("%v, and %+v publishes", err, p)
			}
			if !r.Has("x") || r.Has("next") != c.taken || r.Has("pub") == c.taken {
				t.Errorf("not who should be in the room: %+v", r)
			}
		})
	}
	empty := domain.NewRoom("hall", domain.RoomRules{})
	if err := empty.TakeOver("pub", annNext); !errors.Is(err, domain.ErrRoomBusy) || !empty.Empty() {
		t.Errorf("of an empty room: %v", err)
	}
}

// A takeover that comes to nothing leaves the room awaiting, for the one that was
// there was live.
func TestATakeoverThatComesToNothing(t *testing.T) {
	r := live(t, domain.RoomRules{}, "x")
	must(t, r.Connect("pub"))
	must(t, r.TakeOver("pub", annNext))
	r.Lose("next")
	if !r.Awaiting() || !r.Has("x") {
		t.Errorf("awaiting %v, subscriber there %v", r.Awaiting(), r.Has("x"))
	}
}

func TestStatus(t *testing.T) {
	r := domain.NewRoom("hall", domain.RoomRules{})
	say := func(what string, want domain.Status) { t.Helper(); same(t, what, r.Status(), want) }
	say("nobody", domain.Status{})
	enter(t, r, arrival{"x", both, false})
	say("one that is not connected", domain.Status{})
	must(t, r.Connect("x"))
	say("a viewer in the lobby", domain.Status{Viewers: 1})
	must(t, r.Publish(ann))
	must(t, r.Connect("pub"))
	say("a publisher without tracks", domain.Status{Viewers: 1})
	setTracks(t, r, "pub", []domain.Track{sound})
	say("live", domain.Status{Active: true, Viewers: 1})
	r.Lose("pub")
	say("lost", domain.Status{Viewers: 1})
	must(t, r.Publish(annNext))
	setTracks(t, r, "next", []domain.Track{sound})
	say("not yet back", domain.Status{Viewers: 1})
	must(t, r.Connect("next"))
	enter(t, r, arrival{"y", soundOnly, true})
	say("back", domain.Status{Active: true, Viewers: 2})
}
