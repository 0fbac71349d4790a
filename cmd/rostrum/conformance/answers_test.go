package conformance

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pion/sdp/v3"
)

func TestAnswers(t *testing.T) {
	t.Parallel()
	t.Run("WHIP-117 WHIP-118 WHIP-119 sections, mids, BUNDLE and rtcp-mux of the offer", testAnswerSections)
	t.Run("WHIP-121 recvonly to WHIP, sendonly to WHEP", testAnswerDirections)
	t.Run("WHIP-122 WHIP-126 payload types and feedback are the offer's", testAnswerCodecs)
	t.Run("WHIP-123 header extensions are the offer's", testAnswerExtensions)
	t.Run("WHIP-124 the fingerprint is upper-case sha-256", testAnswerFingerprint)
	t.Run("WHIP-125 CRLF everywhere, and a session id of its own", testAnswerLines)
	t.Run("WHIP-127 no ssrc and no msid in a recvonly answer", testAnswerNoSources)
	t.Run("WHIP-128 one stream id in WHEP's answers", testAnswerStream)
	t.Run("WHIP-129 the published codec comes first", testAnswerFirstCodec)
	t.Run("WHIP-129 a section that nothing will be sent on is not live", testAnswerDeadSection)
	t.Run("WHIP-130 WHIP-84 credentials and session ids are random", testAnswersDiffer)
}

// answered opens a publisher's and a viewer's session and gives each with its offer
// parsed.
func answered(t *testing.T, check func(t *testing.T, offer, answer *description)) {
	t.Helper()
	r := room()
	pub := house.open(t, whip, r, "publisher")
	view := house.open(t, whep, r, "viewer")
	for _, s := range []*session{pub, view} {
		check(t, parseSDP(t, s.offer), s.answer)
	}
}

func testAnswerSections(t *testing.T) {
	answered(t, func(t *testing.T, offer, answer *description) {
		if len(answer.MediaDescriptions) != len(offer.MediaDescriptions) {
			t.Fatalf("%d sections for %d", len(answer.MediaDescriptions), len(offer.MediaDescriptions))
		}
		for i, m := range answer.MediaDescriptions {
			o := offer.MediaDescriptions[i].MediaName
			if m.MediaName.Media != o.Media || strings.Join(m.MediaName.Protos, "/") != strings.Join(o.Protos, "/") {
				t.Errorf("section %d is %v, was %v", i, m.MediaName, o)
			}
			if _, ok := m.Attribute("rtcp-mux"); !ok {
				t.Errorf("section %d has no rtcp-mux", i)
			}
		}
		if got, want := answer.mids(), offer.mids(); !slices.Equal(got, want) {
			t.Errorf("mids %v, were %v", got, want)
		}
		if got := strings.Count(answer.text, "a=group:BUNDLE"); got != 1 || answer.first("group") != offer.first("group") {
			t.Errorf("group %q (%d of them), was %q", answer.first("group"), got, offer.first("group"))
		}
	})
}

func testAnswerDirections(t *testing.T) {
	for endpoint, c := range map[string]struct{ client, direction, answered string }{
		whip: {"publisher", "sendonly", "recvonly"}, whep: {"viewer", "recvonly", "sendonly"},
	} {
		for _, direction := range []string{c.direction, "sendrecv"} {
			s := house.open(t, endpoint, room(), c.client, replacing(t, "a="+c.direction, "a="+direction))
			for _, m := range s.answer.MediaDescriptions {
				if _, ok := m.Attribute(c.answered); !ok {
					t.Errorf("%s, %s: the section of %s is not %s", endpoint, direction, m.MediaName.Media, c.answered)
				}
			}
		}
	}
}

func testAnswerCodecs(t *testing.T) {
	answered(t, func(t *testing.T, offer, answer *description) {
		for i, m := range answer.MediaDescriptions {
			o := offer.MediaDescriptions[i]
			for _, format := range m.MediaName.Formats {
				if !slices.Contains(o.MediaName.Formats, format) || !strings.EqualFold(ofFormat(m, "rtpmap", format), ofFormat(o, "rtpmap", format)) {
					t.Errorf("payload type %s is %q, was %q", format, ofFormat(m, "rtpmap", format), ofFormat(o, "rtpmap", format))
				}
			}
			checkFeedback(t, m, o)
		}
		if _, ok := answer.section("video").Attribute("rtcp-rsize"); !ok {
			t.Error("no rtcp-rsize, which was offered")
		}
	})
}

// checkFeedback wants no feedback that was not offered, and of it what repairs and
// refreshes pictures.
func checkFeedback(t *testing.T, m, o *sdp.MediaDescription) {
	t.Helper()
	for _, fb := range values(m, "rtcp-fb") {
		if !slices.Contains(values(o, "rtcp-fb"), fb) {
			t.Errorf("feedback %q was not offered", fb)
		}
	}
	for _, pt := range payloadTypes(m, "VP8") {
		for _, fb := range []string{"nack", "nack pli"} {
			if !slices.Contains(values(m, "rtcp-fb"), itoa(pt)+" "+fb) {
				t.Errorf("VP8 at %d has no %s", pt, fb)
			}
		}
	}
}

// ofFormat is what an attribute says of a payload type.
func ofFormat(m *sdp.MediaDescription, key, format string) string {
	for _, v := range values(m, key) {
		if pt, rest, _ := strings.Cut(v, " "); pt == format {
			return rest
		}
	}
	return ""
}

func testAnswerExtensions(t *testing.T) {
	answered(t, func(t *testing.T, offer, answer *description) {
		for i, m := range answer.MediaDescriptions {
			for _, ext := range values(m, "extmap") {
				if !slices.Contains(values(offer.MediaDescriptions[i], "extmap"), ext) {
					t.Errorf("extmap %q was not offered", ext)
				}
			}
		}
	})
}

func testAnswerFingerprint(t *testing.T) {
	form := regexp.MustCompile(`^sha-256 [0-9A-F]{2}(:[0-9A-F]{2}){31}$`)
	answered(t, func(t *testing.T, _, answer *description) {
		if !form.MatchString(answer.fingerprint()) {
			t.Errorf("fingerprint %q", answer.fingerprint())
		}
	})
	house.publisher(t, room()) // checks that the certificate is that one
}

func testAnswerLines(t *testing.T) {
	answered(t, func(t *testing.T, offer, answer *description) {
		if strings.Count(answer.text, "\n") != strings.Count(answer.text, "\r\n") || !strings.HasSuffix(answer.text, "\r\n") || strings.Contains(answer.text, "\r\n\r\n") {
			t.Errorf("line ends of %q", answer.text)
		}
		if answer.Origin.SessionID == offer.Origin.SessionID || answer.Origin.SessionID == 0 {
			t.Errorf("session id %d of the offer's", answer.Origin.SessionID)
		}
	})
}

func testAnswerNoSources(t *testing.T) {
	s := house.open(t, whip, room(), "publisher")
	for _, line := range []string{"a=ssrc", "a=msid:"} {
		if strings.Contains(s.answer.text, line) {
			t.Errorf("%s in a recvonly answer", line)
		}
	}
}

func testAnswerStream(t *testing.T) {
	streams := map[string]bool{}
	for _, m := range house.open(t, whep, room(), "viewer").answer.MediaDescriptions {
		msid, ok := m.Attribute("msid")
		if !ok {
			t.Errorf("section %s has no msid", m.MediaName.Media)
		}
		stream, _, _ := strings.Cut(msid, " ")
		streams[stream] = true
	}
	if len(streams) != 1 {
		t.Errorf("stream ids %v", streams)
	}
}

func testAnswerFirstCodec(t *testing.T) {
	for _, c := range []coding{vp8, vp9, h264, av1, h265} {
		r := room()
		pub := house.publisher(t, r, onlyVideo(t, c.name))
		pub.goLiveWith(pub.track(c, pictureSSRC))
		m := house.open(t, whep, r, "viewer").answer.section("video")
		if pts := payloadTypes(m, c.name); len(pts) == 0 || m.MediaName.Formats[0] != itoa(pts[0]) {
			t.Errorf("%s is published, and formats %v are answered (%v)", c.name, m.MediaName.Formats, values(m, "rtpmap"))
		}
	}
}

func testAnswerDeadSection(t *testing.T) {
	r := room()
	house.publisher(t, r, onlyKind(t, "video"))
	s := house.open(t, whep, r, "viewer")
	for _, m := range s.answer.MediaDescriptions {
		_, live := m.Attribute("sendonly")
		if m.MediaName.Media == "audio" && live && m.MediaName.Port.Value != 0 {
			t.Error("the audio section is answered as live while there is no sound")
		}
	}
}

func testAnswersDiffer(t *testing.T) {
	seen := map[string]bool{}
	ufrag, pwd := regexp.MustCompile(`^[A-Za-z0-9+/]{4,256}$`), regexp.MustCompile(`^[A-Za-z0-9+/]{22,256}$`)
	for range 10 {
		a := parseSDP(t, house.send(t, http.MethodPost, whep+room(), newWire(t).offer(t, "viewer"), typeSDP).body)
		c := a.credentials()
		if !ufrag.MatchString(c.ufrag) || !pwd.MatchString(c.pwd) {
			t.Errorf("credentials %+v", c)
		}
		for _, v := range []string{c.ufrag, c.pwd, itoa(a.Origin.SessionID)} {
			if seen[v] {
				t.Errorf("%s came twice", v)
			}
			seen[v] = true
		}
	}
}
