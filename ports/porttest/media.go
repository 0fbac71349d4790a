package porttest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"rostrum/domain"
	"rostrum/ports"
	"rostrum/ports/porttest/webrtcpeer"
)

// Media is the contract of ports.Media. The other ends are real WebRTC clients;
// open returns a port that they reach on this machine, and closes it with the test.
func Media(t *testing.T, open func(t *testing.T) ports.Media) {
	for name, test := range map[string]func(*testing.T, ports.Media){
		"what is no offer is refused and leaves nothing behind": mediaRefusesNonsense,
		"an answer is complete":                                 mediaAnswersCompletely,
		"media flows as the last fan-out says":                  mediaFollowsFanOut,
		"a subscriber begins with a key frame":                  mediaBeginsWithKeyframe,
		"End closes the connection and tells nothing":           mediaEnds,
		"a peer that closes is told of, once":                   mediaTellsOfClose,
		"sessions that do not exist are passed over":            mediaPassesOverUnknown,
		"a subscriber may come first, and outlasts publishers":  mediaWaitsForPublisher,
		"a patch is for one ICE session, and media goes on":     mediaPatches,
		"how alive a session is, and how it went, is known":     mediaKnowsVitals,
		"a session reports while it goes":                       mediaReports,
		"a subscriber reports what it is fed":                   mediaReportsWhoIsFed,
		"a session that is not reached reports how far it came": mediaReportsTheUnreached,
		"a bitrate is of now":                                   mediaMeasuresBitrate,
		"what sessions do is counted, once and for good":        mediaCounts,
		"a tap receives what a subscriber does, until End":      mediaTaps,
		"a tap gets the key frames that it asks for":            mediaRequestsKeyframes,
		"a tap hears of the publisher's clock":                  mediaReportsClocks,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func mediaRefusesNonsense(t *testing.T, media ports.Media) {
	h := newHeard()
	offer := webrtcpeer.Publisher(t).Offer()
	for name, sdp := range map[string]string{
		"empty": "", "words": "good morning", "cut": offer[:strings.Index(offer, "m=")+20], "NUL": "v=0\r\n\x00\r\n",
		"without fingerprint": strings.ReplaceAll(offer, "a=fingerprint:", "a=x-fingerprint:"),
	} {
		o := ports.Offer{Session: "nonsense", SDP: sdp, Events: h}
		if _, err := media.Publish(t.Context(), o); !errors.Is(err, domain.ErrOffer) {
			t.Errorf("publishing by an offer that is %s: %v, want %v", name, err, domain.ErrOffer)
		}
		if _, err := media.Subscribe(t.Context(), o, nil); !errors.Is(err, domain.ErrOffer) {
			t.Errorf("subscribing by an offer that is %s: %v, want %v", name, err, domain.ErrOffer)
		}
	}
	newScene(t, media) // its session ids are free, and so is the port
	if n := len(h.endings("nonsense")); n != 0 {
		t.Errorf("a session that never was ended %d times", n)
	}
}

func mediaAnswersCompletely(t *testing.T, media ports.Media) {
	publication, err := media.Publish(t.Context(), ports.Offer{Session: publisherID, SDP: webrtcpeer.Publisher(t).Offer(), Events: newHeard()})
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"typ host", "a=end-of-candidates", "a=rtcp-mux", "a=recvonly"} {
		if !strings.Contains(publication.Answer, line) {
			t.Errorf("the answer lacks %q:\n%s", line, publication.Answer)
		}
	}
	kinds := map[domain.MediaKind]domain.Codec{}
	for _, track := range publication.Tracks {
		kinds[track.Kind()] = track.Codec
		if len(track.Layers) == 0 {
			t.Errorf("track %s has no layer", track.ID)
		}
	}
	if kinds[domain.Video] != domain.VP8 || kinds[domain.Audio] != domain.Opus {
		t.Errorf("announced tracks %+v, want VP8 and Opus", publication.Tracks)
	}
}

func mediaFollowsFanOut(t *testing.T, media ports.Media) {
	s := newScene(t, media)
	s.quiet(t)
	s.route(true)
	s.picture(t)
	s.route(false)
	s.quiet(t)
	s.route(true)
	s.picture(t)
	media.Route(domain.FanOut{Room: "room"})
	s.quiet(t)
}

// mediaBeginsWithKeyframe lets a port ask again for a key frame that a busy machine has
// brought late, and for no other.
func mediaBeginsWithKeyframe(t *testing.T, media ports.Media) {
	const late = 500 * time.Millisecond
	s, began := newScene(t, media), time.Now()
	s.route(true)
	if tag := s.picture(t); tag&1 != 0 {
		t.Error("the first picture is a predicted one")
	}
	if tag := s.picture(t); tag&1 != 1 && time.Since(began) < late {
		t.Error("a key frame was asked for twice")
	}
}

func mediaEnds(t *testing.T, media ports.Media) {
	s := newScene(t, media)
	s.route(true)
	s.picture(t)
	media.End(subscriberID)
	media.End(subscriberID)
	s.subscriber.WaitClosed()
	media.End(publisherID)
	s.publisher.WaitClosed()
	for _, id := range []domain.SessionID{publisherID, subscriberID} {
		if reasons := s.heard.endings(id); len(reasons) != 0 {
			t.Errorf("%s was told to have ended: %v", id, reasons)
		}
	}
}

func mediaTellsOfClose(t *testing.T, media ports.Media) {
	s := newScene(t, media)
	s.route(true)
	s.picture(t)
	s.subscriber.Close()
	eventually(t, "the end of the subscriber is told", func() bool { return len(s.heard.endings(subscriberID)) > 0 })
	s.publisher.Close()
	eventually(t, "the end of the publisher is told", func() bool { return len(s.heard.endings(publisherID)) > 0 })
	media.End(subscriberID)
	media.End(publisherID)
	for _, id := range []domain.SessionID{publisherID, subscriberID} {
		if reasons := s.heard.endings(id); len(reasons) != 1 || reasons[0] != domain.EndedByPeer {
			t.Errorf("%s ended %v, want once, by its peer", id, reasons)
		}
	}
}

func mediaPassesOverUnknown(t *testing.T, media ports.Media) {
	media.End("nobody")
	if r, ok := media.Report("nobody"); ok {
		t.Errorf("the report of nobody: %+v", r)
	}
	media.Route(domain.FanOut{Room: "empty"})
	track := domain.Track{ID: "video", Codec: domain.VP8, Layers: []domain.Layer{{}}}
	media.Route(domain.FanOut{Room: "ghosts", Publisher: "nobody", Routes: []domain.Route{{Track: track, Legs: []domain.Leg{{Subscriber: "no one"}}}}})
	s := newScene(t, media)
	fan := domain.FanOut{Room: "room", Publisher: publisherID}
	for _, track := range s.tracks {
		fan.Routes = append(fan.Routes, domain.Route{Track: track, Legs: []domain.Leg{{Subscriber: "no one"}, {Subscriber: subscriberID}}})
	}
	media.Route(fan)
	s.picture(t)
}
