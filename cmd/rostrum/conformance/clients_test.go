package conformance

import (
	"net/http"
	"strings"
	"testing"
)

// TestClients publishes by offers in the manner of real clients, each to media that
// a viewer gets. The offers are written from what is known of those clients; what
// the clients themselves do is tried by cmd/rostrum/interop.
func TestClients(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, offer string
		picture     *coding // nil: sound alone
	}{
		{"WHIP-86 WHIP-106 OBS Studio 30", "obs30", &h264},
		{"WHIP-146 WHIP-150 OBS Studio 32, with simulcast", "obs32", &h264},
		{"WHIP-105 WHIP-115 FFmpeg 8", "ffmpeg8", &h264},
		{"WHIP-112 FFmpeg 9, sound alone", "ffmpeg9-sound", nil},
		{"WHIP-110 WHIP-113 WHIP-120 GStreamer's webrtcbin", "gstreamer", &h264},
		{"WHIP-111 Firefox", "firefox", &vp8},
		{"WHIP-114 Safari", "safari", &h264},
		{"WHIP-5 Chromium, as in whip-web-client and whip-whep", "publisher", &av1},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := room()
			pub := house.open(t, whip, r, c.offer)
			if len(pub.answer.text) >= 8192 {
				t.Errorf("an answer of %d bytes is too long for FFmpeg", len(pub.answer.text))
			}
			pub.connect()
			tracks := []*track{pub.track(opus, soundSSRC)}
			if c.picture != nil {
				tracks = append(tracks, pub.track(*c.picture, pictureSSRC))
			}
			pub.goLiveWith(tracks...)
			v := house.viewer(t, r)
			if c.picture != nil && !startsKeyframe(v.next("video", soon), *c.picture) {
				t.Error("the first picture is no key frame")
			}
			v.next("audio", soon)
			pub.end()
		})
	}
	t.Run("WHIP-37 WHIP-46 WHIP-47 OBS leaves as it came", testOBSLeaves)
	t.Run("WHIP-68 simple-whip-client trickles by a stand-in section", testSimpleWHIPClient)
}

// testOBSLeaves builds the session's URL as OBS does, from the endpoint's and the
// Location's path, and deletes it.
func testOBSLeaves(t *testing.T) {
	s := house.open(t, whip, room(), "obs30").connect()
	if !strings.HasPrefix(s.path, "/") || strings.ContainsAny(s.path, "?#") {
		t.Errorf("a path that OBS would break: %q", s.path)
	}
	house.send(t, http.MethodDelete, s.path, "").expect(t, http.StatusOK, "DELETE")
}

// testSimpleWHIPClient trickles one candidate a PATCH, names every section audio,
// and ends with If-Match.
func testSimpleWHIPClient(t *testing.T) {
	s := house.open(t, whip, room(), "gstreamer")
	for _, mid := range s.answer.mids() {
		s.patch(fragmentOf(s.own, mid, s.hostCandidate())).expect(t, http.StatusNoContent, "a candidate of "+mid)
	}
	s.patch(fragmentOf(s.own, s.answer.mids()[0], "a=end-of-candidates")).expect(t, http.StatusNoContent, "the end")
	s.connect()
	house.send(t, http.MethodDelete, s.path, "", "If-Match: "+s.tag).expect(t, http.StatusOK, "DELETE")
}
