package domain_test

import (
	"testing"

	"rostrum/domain"
)

const (
	audio = domain.Audio
	video = domain.Video
)

func TestCodecKinds(t *testing.T) {
	for codec, want := range map[domain.Codec]domain.MediaKind{
		domain.Opus: audio, domain.VP8: video, domain.VP9: video, domain.H264: video, domain.H265: video, domain.AV1: video,
	} {
		if got := (domain.Track{Codec: codec}).Kind(); got != want {
			t.Errorf("%s is %s", codec, got)
		}
	}
}

// arrival is a subscriber on its way in.
type arrival struct {
	id        domain.SessionID
	codecs    []domain.Codec
	connected bool
}

var (
	both      = []domain.Codec{domain.Opus, domain.VP8}
	soundOnly = []domain.Codec{domain.Opus}
)

func TestFanOut(t *testing.T) {
	for name, c := range map[string]struct {
		tracks []domain.Track
		come   []arrival
		want   [][]domain.SessionID // of each track, who receives it
	}{
		"nobody watches":             {[]domain.Track{sound, picture}, nil, [][]domain.SessionID{nil, nil}},
		"a viewer of both":           {[]domain.Track{sound, picture}, []arrival{{"x", both, true}}, [][]domain.SessionID{{"x"}, {"x"}}},
		"the publisher's order":      {[]domain.Track{picture, sound}, []arrival{{"x", soundOnly, true}}, [][]domain.SessionID{nil, {"x"}}},
		"only who is connected":      {[]domain.Track{sound}, []arrival{{"x", both, false}, {"y", both, true}}, [][]domain.SessionID{{"y"}}},
		"only who has a place":       {[]domain.Track{sound, picture}, []arrival{{"x", []domain.Codec{domain.VP8}, true}, {"y", nil, true}}, [][]domain.SessionID{nil, {"x"}}},
		"in order of arrival":        {[]domain.Track{sound}, []arrival{{"z", both, true}, {"a", both, true}, {"m", both, true}}, [][]domain.SessionID{{"z", "a", "m"}}},
		"two tracks of one kind":     {[]domain.Track{picture, {ID: "v2", Codec: domain.VP8, Layers: []domain.Layer{{}}}}, []arrival{{"x", both, true}}, [][]domain.SessionID{{"x"}, {"x"}}},
		"a codec named twice counts": {[]domain.Track{sound}, []arrival{{"x", []domain.Codec{domain.Opus, domain.Opus}, true}}, [][]domain.SessionID{{"x"}}},
	} {
		t.Run(name, func(t *testing.T) {
			r := domain.NewRoom("hall", domain.RoomRules{})
			must(t, r.Publish(domain.Session{ID: "pub"}))
			setTracks(t, r, "pub", c.tracks)
			for _, a := range c.come {
				enter(t, r, a)
			}
			want := domain.FanOut{Room: "hall", Publisher: "pub"}
			for i, track := range c.tracks {
				route := domain.Route{Track: track}
				for _, id := range c.want[i] {
					route.Legs = append(route.Legs, domain.Leg{Subscriber: id})
				}
				want.Routes = append(want.Routes, route)
			}
			same(t, "FanOut", r.FanOut(), want)
		})
	}
}

func enter(t *testing.T, r *domain.Room, a arrival) {
	t.Helper()
	_, err := r.Subscribe(domain.Session{ID: a.id})
	must(t, err)
	must(t, r.SetCodecs(a.id, a.codecs))
	if a.connected {
		must(t, r.Connect(a.id))
	}
}

// A viewer that connects before its offer is answered receives when both are done.
func TestConnectingBeforeTheAnswer(t *testing.T) {
	r := live(t, domain.RoomRules{}, "x")
	must(t, r.Connect("x"))
	same(t, "legs before", r.FanOut().Routes[0].Legs, []domain.Leg(nil))
	must(t, r.SetCodecs("x", soundOnly))
	same(t, "legs after", r.FanOut().Routes[0].Legs, []domain.Leg{{Subscriber: "x"}})
}

func TestTheBestLayerThatIsSent(t *testing.T) {
	for name, c := range map[string]struct {
		layers []domain.Layer
		want   domain.LayerID
	}{
		"one":                    {[]domain.Layer{{ID: "h"}}, "h"},
		"the best first":         {[]domain.Layer{{ID: "h"}, {ID: "m"}, {ID: "l"}}, "h"},
		"the best is paused":     {[]domain.Layer{{ID: "h", Paused: true}, {ID: "m"}, {ID: "l"}}, "m"},
		"the last alone":         {[]domain.Layer{{ID: "h", Paused: true}, {ID: "m", Paused: true}, {ID: "l"}}, "l"},
		"a middle one pauses":    {[]domain.Layer{{ID: "h"}, {ID: "m", Paused: true}}, "h"},
		"all paused: the best":   {[]domain.Layer{{ID: "h", Paused: true}, {ID: "l", Paused: true}}, "h"},
		"one without an id":      {[]domain.Layer{{}}, ""},
		"the only one is paused": {[]domain.Layer{{ID: "h", Paused: true}}, "h"},
	} {
		t.Run(name, func(t *testing.T) {
			r := live(t, domain.RoomRules{})
			enter(t, r, arrival{"x", []domain.Codec{domain.VP8}, true})
			layered := picture
			layered.Layers = c.layers
			setTrack(t, r, "pub", layered)
			same(t, "legs", r.FanOut().Routes[1].Legs, []domain.Leg{{Subscriber: "x", Layer: c.want}})
		})
	}
}

func TestSetTrackReplacesOne(t *testing.T) {
	r := live(t, domain.RoomRules{})
	h264 := domain.Track{ID: "v", Codec: domain.H264, Format: "packetization-mode=1", Layers: []domain.Layer{{}}}
	setTrack(t, r, "pub", h264)
	p, _ := r.Publisher()
	same(t, "tracks", p.Tracks, []domain.Track{sound, h264})
}
