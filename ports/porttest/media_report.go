package porttest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"rostrum/domain"
	"rostrum/ports"
	"rostrum/ports/porttest/webrtcpeer"
)

// reportOf returns the report of a session that must exist.
func (s *scene) reportOf(t *testing.T, id domain.SessionID) domain.SessionReport {
	t.Helper()
	r, ok := s.media.Report(id)
	if !ok {
		t.Fatalf("%s has no report", id)
	}
	return r
}

// mediaReports shows what is said of sessions while they go: nothing of media before
// there is any, then ever more, and at the end no less.
func mediaReports(t *testing.T, media ports.Media) {
	s := newSilentScene(t, media)
	both := []domain.SessionID{subscriberID, publisherID} // who ends first, and is missed by nobody, comes first
	s.route(true)
	for _, id := range both {
		r := s.reportOf(t, id)
		if r.Packets != 0 || r.Bytes != 0 || r.Bitrate != 0 || r.FirstMediaAfter != 0 || r.FirstKeyframeAfter != 0 || r.FirstPictureAfter != 0 {
			t.Errorf("before any media the report of %s is %+v", id, r)
		}
		if r.Pair == "" || r.DTLS == "" || r.RemoteCandidates == 0 || r.MDNSCandidates != 0 {
			t.Errorf("the report of %s, which is connected, is %+v", id, r)
		}
		inOrder(t, id, r.FirstCandidateAfter, r.PairedAfter, r.ConnectedAfter)
		eventually(t, "a round trip is measured", func() bool { return s.reportOf(t, id).RoundTrip > 0 })
	}
	s.stream(t)
	s.picture(t)
	for _, id := range both {
		s.reportGrows(t, id)
	}
}

// inOrder checks that steps were taken one after another, the first not before the offer.
func inOrder(t *testing.T, id domain.SessionID, steps ...time.Duration) {
	t.Helper()
	if steps[0] <= 0 || !slices.IsSorted(steps) {
		t.Errorf("the steps of %s are at %v, want one after another", id, steps)
	}
}

// mediaReportsWhoIsFed shows that a report says what a subscriber is fed.
func mediaReportsWhoIsFed(t *testing.T, media ports.Media) {
	s := newSilentScene(t, media)
	for _, c := range []struct {
		routed bool
		want   domain.MediaKind
	}{{false, ""}, {true, domain.Video}, {false, ""}} {
		s.route(c.routed)
		if got := s.reportOf(t, subscriberID).Fed; got != c.want {
			t.Errorf("with a route %v the subscriber is fed %q, want %q", c.routed, got, c.want)
		}
	}
	if fed := s.reportOf(t, publisherID).Fed; fed != "" {
		t.Errorf("the publisher is fed %q", fed)
	}
	if fed := media.End(subscriberID).Fed; fed != domain.Video {
		t.Errorf("at its end the subscriber was fed %q last, want %q", fed, domain.Video)
	}
}

// mediaReportsTheUnreached shows how far a session came whose client never answers: it has
// told candidates, of which names that do not resolve are counted, and nothing else.
func mediaReportsTheUnreached(t *testing.T, media ports.Media) {
	const names = "a=candidate:1 1 udp 2130706431 7b3d2c61-0d0e-4f5f-9a60-f0b8a7c7d1b4.local 50000 typ host\r\n"
	offer := webrtcpeer.Publisher(t).Offer()
	section := strings.Index(offer, "a=mid:")
	for id, sdp := range map[domain.SessionID]string{"addresses": offer, "names": offer[:section] + names + offer[section:]} {
		if _, err := media.Publish(t.Context(), ports.Offer{Session: id, SDP: sdp, Events: newHeard()}); err != nil {
			t.Fatal(err)
		}
		scene := &scene{media: media}
		for _, r := range []domain.SessionReport{scene.reportOf(t, id), media.End(id)} {
			if r.RemoteCandidates == 0 || r.FirstCandidateAfter <= 0 || (r.MDNSCandidates == 1) != (id == "names") {
				t.Errorf("%s: the report is %+v", id, r)
			}
			if r.Pair != "" || r.PairedAfter != 0 || r.ConnectedAfter != 0 || r.FirstMediaAfter != 0 {
				t.Errorf("%s: the report of who has never answered is %+v", id, r)
			}
		}
	}
}

// reportGrows checks that a session's report takes in what flows, up to its end.
func (s *scene) reportGrows(t *testing.T, id domain.SessionID) {
	t.Helper()
	var first, then domain.SessionReport
	eventually(t, "the report has the first picture", func() bool {
		first = s.reportOf(t, id)
		return first.FirstPictureAfter > 0
	})
	if first.Packets == 0 || first.Bytes == 0 || first.Keyframes == 0 {
		t.Errorf("with the first picture the report of %s is %+v", id, first)
	}
	inOrder(t, id, first.ConnectedAfter, first.FirstMediaAfter, first.FirstKeyframeAfter, first.FirstPictureAfter)
	eventually(t, "the report grows", func() bool {
		then = s.reportOf(t, id)
		return then.Packets > first.Packets+10 && then.Bytes > first.Bytes
	})
	last := s.media.End(id)
	if last.FirstMediaAfter != first.FirstMediaAfter || last.FirstPictureAfter != first.FirstPictureAfter || last.Packets < then.Packets || last.RoundTrip <= 0 {
		t.Errorf("at its end the report of %s is %+v, just before it was %+v", id, last, then)
	}
	if r, ok := s.media.Report(id); ok {
		t.Errorf("after its end %s has the report %+v", id, r)
	}
}

// mediaMeasuresBitrate shows that a bitrate is about that of what flows, and none where
// nothing flows any more, has never flowed or ever will.
func mediaMeasuresBitrate(t *testing.T, media ports.Media) {
	const (
		picture, sound = 4, 3 // bytes, as webrtcpeer.Peer.Stream sends them
		sent           = 50 * 8 * (picture + sound)
	)
	s := newScene(t, media)
	about := func(id domain.SessionID) func() bool {
		return func() bool {
			rate := s.reportOf(t, id).Bitrate
			return rate > sent/2 && rate < sent*2
		}
	}
	silent := func(id domain.SessionID) func() bool {
		return func() bool { return s.reportOf(t, id).Bitrate == 0 }
	}
	eventually(t, "the publisher's bitrate is that of what it sends", about(publisherID))
	if !silent(subscriberID)() {
		t.Error("a subscriber that is sent nothing has a bitrate")
	}
	s.route(true)
	eventually(t, "the subscriber's bitrate is that of what it is sent", about(subscriberID))
	s.route(false)
	eventually(t, "a subscriber that is sent nothing any more has no bitrate", silent(subscriberID))
	s.route(true)
	eventually(t, "it has one again", about(subscriberID))
	if r := media.End(subscriberID); r.Bitrate != 0 || r.Bytes == 0 {
		t.Errorf("at its end a subscriber has the report %+v", r)
	}
	s.publisher.Close()
	eventually(t, "a publisher that is gone has no bitrate", silent(publisherID))
}
