package porttest

import (
	"errors"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"rostrum/domain"
	"rostrum/ports"
	"rostrum/ports/porttest/webrtcpeer"
)

// mediaWaitsForPublisher has a subscriber come first, and two publishers after
// another: to the subscriber it is one stream, from a key frame of each on.
func mediaWaitsForPublisher(t *testing.T, media ports.Media) {
	h, packets := newHeard(), make(chan rtp.Header, 10_000)
	subscriber := webrtcpeer.Subscriber(t, func(track *webrtc.TrackRemote) {
		for track.Kind() == webrtc.RTPCodecTypeVideo {
			p, _, err := track.ReadRTP()
			if err != nil {
				return
			}
			packets <- p.Header
		}
	})
	subscription, err := media.Subscribe(t.Context(), ports.Offer{Session: subscriberID, SDP: subscriber.Offer(), Events: h}, nil)
	if err != nil {
		t.Fatal(err)
	}
	subscriber.Accept(subscription.Answer)
	subscriber.WaitConnected()

	first := publishAs(t, media, h, "first")
	stream := receive(t, packets, 20)
	first.Close()
	media.Route(domain.FanOut{Room: "room"})
	media.End("first")
	drain(packets)
	publishAs(t, media, h, "second")
	next := receive(t, packets, 20)
	if next[0].SSRC != stream[0].SSRC {
		t.Errorf("the SSRC was %d and is %d", stream[0].SSRC, next[0].SSRC)
	}
	if later := int32(next[0].Timestamp - stream[len(stream)-1].Timestamp); later <= 0 {
		t.Errorf("the timestamp goes on by %d", later)
	}
}

// publishAs has a publisher of that name stream, and the subscriber receive all of
// it.
func publishAs(t *testing.T, media ports.Media, h *heard, id domain.SessionID) *webrtcpeer.Peer {
	t.Helper()
	s := &scene{media: media, heard: h, publisher: webrtcpeer.Publisher(t)}
	publication, err := media.Publish(t.Context(), ports.Offer{Session: id, SDP: s.publisher.Offer(), Events: h})
	if err != nil {
		t.Fatal(err)
	}
	s.publisher.Accept(publication.Answer)
	s.publisher.WaitConnected()
	s.stream(t)
	fan := domain.FanOut{Room: "room", Publisher: id}
	for _, track := range publication.Tracks {
		fan.Routes = append(fan.Routes, domain.Route{Track: track, Legs: []domain.Leg{{Subscriber: subscriberID}}})
	}
	media.Route(fan)
	return s.publisher
}

// receive returns the next n packets, which must be numbered without a gap.
func receive(t *testing.T, packets <-chan rtp.Header, n int) []rtp.Header {
	t.Helper()
	var got []rtp.Header
	for len(got) < n {
		select {
		case p := <-packets:
			if last := len(got) - 1; last >= 0 && p.SequenceNumber != got[last].SequenceNumber+1 {
				t.Errorf("packet %d follows %d", p.SequenceNumber, got[last].SequenceNumber)
			}
			got = append(got, p)
		case <-time.After(mediaPatience):
			t.Fatalf("%d packets within %v, want %d", len(got), mediaPatience, n)
		}
	}
	return got
}

func drain(packets <-chan rtp.Header) {
	for len(packets) > 0 {
		<-packets
	}
}

// mediaPatches shows that a patch is applied to the ICE session that it is meant
// for, and to no other, and that a restart leaves media alone.
func mediaPatches(t *testing.T, media ports.Media) {
	s := newScene(t, media)
	s.route(true)
	s.picture(t)
	var tag string
	whatever := func(present string) bool { tag = present; return true }
	patch := func(id domain.SessionID, match func(string) bool, fragment string) (ports.ICEUpdate, error) {
		return media.Patch(t.Context(), id, ports.ICEPatch{Match: match, Fragment: fragment})
	}
	if _, err := patch("nobody", whatever, "a=end-of-candidates\r\n"); !errors.Is(err, domain.ErrSessionUnknown) {
		t.Errorf("patching nobody: %v", err)
	}
	if _, err := patch(subscriberID, whatever, "good morning"); !errors.Is(err, domain.ErrFragment) {
		t.Errorf("patching with words: %v", err)
	}
	if update, err := patch(subscriberID, whatever, "a=end-of-candidates\r\n"); err != nil || update != (ports.ICEUpdate{}) {
		t.Errorf("trickling: %+v, %v", update, err)
	}
	old := tag
	fragment := s.subscriber.Restart()
	if _, err := patch(subscriberID, func(string) bool { return false }, fragment); !errors.Is(err, domain.ErrTagStale) {
		t.Errorf("a patch for another ICE session: %v", err)
	}
	update, err := patch(subscriberID, func(present string) bool { return present == old }, fragment)
	if err != nil || update.Tag == "" || update.Tag == old {
		t.Fatalf("a restart: %+v, %v, the tag was %s", update, err, old)
	}
	s.subscriber.Renew(update.Fragment)
	for len(s.pictures) > 0 {
		<-s.pictures
	}
	for range 20 {
		s.picture(t)
	}
	if report := media.End(subscriberID); report.Restarts != 1 {
		t.Errorf("%d restarts are reported", report.Restarts)
	}
}

// mediaKnowsVitals shows that a peer which answers is known to be alive, and what is
// said of sessions when they end.
func mediaKnowsVitals(t *testing.T, media ports.Media) {
	s := newScene(t, media)
	s.route(true)
	for range 10 {
		s.picture(t)
	}
	if _, ok := media.Vitals("nobody"); ok {
		t.Error("nobody has vitals")
	}
	v, ok := media.Vitals(publisherID)
	if !ok || !v.Connected || v.Age <= 0 || v.GoneInAllButName() {
		t.Errorf("a publisher that sends: %+v, %v", v, ok)
	}
	for _, id := range []domain.SessionID{publisherID, subscriberID} {
		r := media.End(id)
		if r.Packets < 10 || r.Bytes == 0 || r.Keyframes == 0 || r.ConnectedAfter <= 0 || r.Pair == "" || r.RemoteCandidates == 0 || r.DTLS == "" {
			t.Errorf("the report of %s: %+v", id, r)
		}
		if again := media.End(id); again != (domain.SessionReport{}) {
			t.Errorf("the report of nobody: %+v", again)
		}
	}
}
