package conformance

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"rostrum/cmd/rostrum/rig"
)

func TestSessions(t *testing.T) {
	t.Parallel()
	t.Run("WHIP-31 WHIP-32 another media type is 415 with Accept-Post", testOfferMediaType)
	t.Run("WHIP-33 a malformed offer is 400", testMalformedOffers)
	t.Run("WHIP-34 WHIP-39 success is 201 with the answer and a Location", testCreated)
	t.Run("WHIP-35 the ETag is strong and the session's own", testETag)
	t.Run("WHIP-36 session URLs cannot be guessed", testSessionURLs)
	t.Run("WHIP-37 WHIP-38 a Location that OBS and simple-whip-client understand", testLocation)
	t.Run("WHIP-40 the answer comes at once", testAnswerTime)
	t.Run("WHIP-41 WHIP-42 the answer has all candidates, a UDP host among them", testComplete)
	t.Run("WHIP-42 behind a NAT the operator's address is announced", testPublicAddress)
	t.Run("WHIP-43 more offers than are allowed are 429", testPostRate)
}

func testOfferMediaType(t *testing.T) {
	for _, endpoint := range []string{whip, whep} {
		for _, media := range []string{"", "text/plain", "application/json", "application/trickle-ice-sdpfrag", "application/", "nonsense", "application/sdp, text/plain"} {
			r := house.send(t, http.MethodPost, endpoint+room(), newWire(t).offer(t, "publisher"), "Content-Type: "+media)
			r.refused(t, http.StatusUnsupportedMediaType, "media_type_unsupported")
			if accepts := r.Header.Get("Accept-Post") + r.Header.Get("Accept"); accepts != "application/sdp" {
				t.Errorf("Content-Type %q: Accept-Post %q", media, accepts)
			}
		}
	}
}

func testMalformedOffers(t *testing.T) {
	for endpoint, client := range map[string]string{whip: "publisher", whep: "viewer"} {
		good := newWire(t).offer(t, client)
		for what, offer := range map[string]string{
			"empty": "", "words": "good morning", "no v=": replaced(t, good, "v=0\r\n", ""), "another version": replaced(t, good, "v=0\r\n", "v=1\r\n"),
			"NUL bytes": strings.Repeat("\x00", 64), "NUL in it": replaced(t, good, "s=-", "s=\x00"), "cut": good[:strings.Index(good, "m=")+30],
			"no media": good[:strings.Index(good, "m=")], "JSON": `{"type":"offer","sdp":"v=0"}`, "only v": "v=0\r\n",
		} {
			r := house.send(t, http.MethodPost, endpoint+room(), offer, typeSDP)
			if r.refused(t, http.StatusBadRequest, "offer_invalid"); r.StatusCode != http.StatusBadRequest {
				t.Errorf("%s with an offer that is wrong: %s", endpoint, what)
			}
		}
	}
}

func testCreated(t *testing.T) {
	for endpoint, client := range map[string]string{whip: "publisher", whep: "viewer"} {
		r := house.send(t, http.MethodPost, endpoint+room(), newWire(t).offer(t, client), typeSDP)
		if r.StatusCode != http.StatusCreated || r.Header.Get("Content-Type") != "application/sdp" || r.Header.Get("Location") == "" {
			t.Errorf("%s: %d, %v", endpoint, r.StatusCode, r.Header)
		}
		if !strings.HasPrefix(r.body, "v=0\r\n") || len(r.body) >= 8192 || r.ContentLength != int64(len(r.body)) {
			t.Errorf("%s: an answer of %d bytes, Content-Length %d:\n%s", endpoint, len(r.body), r.ContentLength, r.body)
		}
	}
}

func testETag(t *testing.T) {
	seen := map[string]bool{}
	for range 5 {
		for _, s := range []*session{house.open(t, whip, room(), "publisher"), house.open(t, whep, room(), "viewer")} {
			if !strongTag.MatchString(s.tag) || seen[s.tag] {
				t.Errorf("ETag %q is not strong, or not the session's own", s.tag)
			}
			seen[s.tag] = true
		}
	}
}

// strongTag is a strong entity-tag (RFC 9110 §8.8.3).
var strongTag = regexp.MustCompile(`^"[!#-~]+"$`)

func testSessionURLs(t *testing.T) {
	const sessions = 20
	var all []string
	for range sessions {
		all = append(all, house.open(t, whep, room(), "viewer").path)
	}
	var alike int // characters that stand at the same place in neighbours
	for i, path := range all[1:] {
		id, before := path[strings.LastIndex(path, "/")+1:], all[i][strings.LastIndex(all[i], "/")+1:]
		if len(id) < 22 || len(id) != len(before) {
			t.Fatalf("the id %q is short for a random one", id)
		}
		for j := range id {
			if id[j] == before[j] {
				alike++
			}
		}
	}
	if length := len(all[0]) - strings.LastIndex(all[0], "/") - 1; alike > length*sessions/5 {
		t.Errorf("ids that follow each other have %d of %d characters in common: %v", alike, length*(sessions-1), all)
	}
}

func testLocation(t *testing.T) {
	for endpoint, client := range map[string]string{whip: "publisher", whep: "viewer"} {
		r := house.send(t, http.MethodPost, endpoint+"http-"+room(), newWire(t).offer(t, client), typeSDP)
		l := r.Header.Get("Location")
		absolute := strings.HasPrefix(l, "http://") || strings.HasPrefix(l, "https://")
		if !absolute && (!strings.HasPrefix(l, "/") || strings.Contains(l, "http")) || strings.ContainsAny(l, "?#") || strings.Contains(l, "room-") {
			t.Errorf("Location %q", l)
		}
	}
}

// testAnswerTime waits no longer than OBS does, and wants an answer far sooner of a machine
// that has time for the server.
func testAnswerTime(t *testing.T) {
	began, delay := time.Now(), rig.WatchDelay()
	house.open(t, whip, room(), "publisher")
	if took, by := time.Since(began), delay.Sum(); took > 8*time.Second || took-by > 2*time.Second {
		t.Errorf("the answer took %v, of which the machine was busy for %v", took, by)
	}
}

func testComplete(t *testing.T) {
	for _, s := range []*session{house.open(t, whip, room(), "publisher"), house.open(t, whep, room(), "viewer")} {
		if s.farAddr == nil || !strings.Contains(s.answer.text, "a=end-of-candidates") {
			t.Errorf("no UDP host candidate, or no end of candidates:\n%s", s.answer.text)
		}
	}
}

func testPublicAddress(t *testing.T) {
	s := startServer(t, "--webrtc.public_ips", "203.0.113.10")
	for _, se := range []*session{s.open(t, whip, "r", "publisher"), s.open(t, whep, "r", "viewer")} {
		for _, c := range candidates(se.answer.text) {
			if f := strings.Fields(c); f[4] != "203.0.113.10" || f[7] != "host" {
				t.Errorf("candidate %q", c)
			}
		}
	}
}

func testPostRate(t *testing.T) {
	s := startServer(t, "--limits.publish", "3/1h", "--limits.play", "3/1h")
	for _, endpoint := range []string{whip, whep} {
		for range 3 {
			s.send(t, http.MethodPost, endpoint+"r", "nonsense", typeSDP).refused(t, http.StatusBadRequest)
		}
		r := s.send(t, http.MethodPost, endpoint+"r", "nonsense", typeSDP)
		r.refused(t, http.StatusTooManyRequests, "rate_limited")
		if wait, err := time.ParseDuration(r.Header.Get("Retry-After") + "s"); err != nil || wait <= 0 || wait > time.Hour {
			t.Errorf("Retry-After %q", r.Header.Get("Retry-After"))
		}
	}
}
