package porttest

import (
	"testing"

	"rostrum/domain"
	"rostrum/ports"
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
		if r.Packets != 0 || r.Bytes != 0 || r.Bitrate != 0 || r.FirstMediaAfter != 0 {
			t.Errorf("before any media the report of %s is %+v", id, r)
		}
		if r.ConnectedAfter <= 0 || r.Pair == "" || r.DTLS == "" || r.RemoteCandidates == 0 {
			t.Errorf("the report of %s, which is connected, is %+v", id, r)
		}
		eventually(t, "a round trip is measured", func() bool { return s.reportOf(t, id).RoundTrip > 0 })
	}
	s.stream(t)
	s.picture(t)
	for _, id := range both {
		s.reportGrows(t, id)
	}
}

// reportGrows checks that a session's report takes in what flows, up to its end.
func (s *scene) reportGrows(t *testing.T, id domain.SessionID) {
	t.Helper()
	var first, then domain.SessionReport
	eventually(t, "the report has the first picture", func() bool {
		first = s.reportOf(t, id)
		return first.Keyframes > 0
	})
	if first.Packets == 0 || first.Bytes == 0 || first.FirstMediaAfter < first.ConnectedAfter {
		t.Errorf("with the first picture the report of %s is %+v", id, first)
	}
	eventually(t, "the report grows", func() bool {
		then = s.reportOf(t, id)
		return then.Packets > first.Packets+10 && then.Bytes > first.Bytes
	})
	last := s.media.End(id)
	if last.FirstMediaAfter != first.FirstMediaAfter || last.Packets < then.Packets || last.RoundTrip <= 0 {
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
