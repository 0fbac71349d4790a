package conformance

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestPatch(t *testing.T) {
	t.Parallel()
	t.Run("WHIP-57 a malformed fragment is 400 and changes nothing", testMalformedFragments)
	t.Run("WHIP-58 another media type is 415 with Accept-Patch", testPatchMediaType)
	t.Run("WHIP-59 without If-Match it is 428", testPatchUnconditional)
	t.Run("WHIP-60 an If-Match that fits nothing is 412", testPatchStale)
	t.Run("WHIP-61 WHIP-62 WHIP-63 If-Match as a list and as a star", testPatchMatches)
	t.Run("WHIP-55 WHIP-64 WHIP-65 WHIP-66 candidates are 204 without a body", testTrickle)
	t.Run("WHIP-67 WHIP-68 WHIP-69 fragments in every form", testFragmentForms)
	t.Run("WHIP-70 WHIP-83 the server checks candidates that came by PATCH", testTrickledAreChecked)
	t.Run("WHIP-79 half of the credentials is refused", testHalfCredentials)
	t.Run("WHIP-80 a whole SDP is refused", testNoRenegotiation)
	t.Run("WHIP-81 a flood of candidates and a huge body leave the session as it is", testPatchBounds)
	t.Run("WHIP-157 a wrong token is refused and the session lives", testStrangerPatches)
	t.Run("WHIP-190 sessions of one kind have no power over the other's", testOtherKind)
}

// bothKinds are a publisher's and a viewer's session of one room, not connected.
func bothKinds(t *testing.T) []*session {
	t.Helper()
	r := room()
	return []*session{house.open(t, whip, r, "publisher"), house.open(t, whep, r, "viewer")}
}

// expect fails unless the answer has the status.
func (r reply) expect(t testing.TB, status int, what string) {
	t.Helper()
	if r.StatusCode != status {
		t.Errorf("%s: %d, want %d: %s", what, r.StatusCode, status, r.body)
	}
}

func testMalformedFragments(t *testing.T) {
	for _, s := range bothKinds(t) {
		for what, body := range map[string]string{
			"empty": "", "words": "good morning", "NUL bytes": strings.Repeat("\x00", 40), "JSON": `{"candidate":""}`,
			"few fields":       s.fragment("a=candidate:1 1 udp 2130706431"),
			"a line without =": s.fragment("candidate"), "NUL in it": s.fragment("a=candidate:\x001 1 udp 1 127.0.0.1 9 typ host"),
		} {
			s.patch(body).expect(t, http.StatusBadRequest, what)
		}
		s.patch(s.candidateFragment()).expect(t, http.StatusNoContent, "a good fragment after malformed ones")
	}
}

func testPatchMediaType(t *testing.T) {
	for _, s := range bothKinds(t) {
		for _, media := range []string{"application/json", "text/plain", "application/trickle-ice-sdpfragx", ""} {
			r := house.send(t, http.MethodPatch, s.path, s.candidateFragment(), "Content-Type: "+media, "If-Match: "+s.tag)
			r.refused(t, http.StatusUnsupportedMediaType, "media_type_unsupported")
			if r.Header.Get("Accept-Patch") != "application/trickle-ice-sdpfrag" {
				t.Errorf("Accept-Patch %q", r.Header.Get("Accept-Patch"))
			}
		}
		r := house.send(t, http.MethodPatch, s.path, s.candidateFragment(), "Content-Type: Application/Trickle-ICE-sdpfrag; charset=utf-8", "If-Match: "+s.tag)
		r.expect(t, http.StatusNoContent, "the media type in other letters")
	}
}

func testPatchUnconditional(t *testing.T) {
	for _, s := range bothKinds(t) {
		s.patch(s.candidateFragment(), "If-Match:").refused(t, http.StatusPreconditionRequired, "if_match_missing")
		s.patch(s.restartFragment(), "If-Match:").refused(t, http.StatusPreconditionRequired, "if_match_missing")
		s.patch(s.candidateFragment(), "If-Match:", "ETag: "+s.tag).refused(t, http.StatusPreconditionRequired, "if_match_missing")
		s.patch(s.candidateFragment()).expect(t, http.StatusNoContent, "with the tag")
	}
}

func testPatchStale(t *testing.T) {
	for _, s := range bothKinds(t) {
		for _, condition := range []string{`"another"`, "W/" + s.tag, strings.Trim(s.tag, `"`), strings.ToLower(s.tag) + "x", `"", "a", "b"`} {
			s.patch(s.candidateFragment(), "If-Match: "+condition).refused(t, http.StatusPreconditionFailed, "if_match_failed")
			s.patch(s.restartFragment(), "If-Match: "+condition).refused(t, http.StatusPreconditionFailed, "if_match_failed")
		}
		s.patch(s.candidateFragment()).expect(t, http.StatusNoContent, "with the tag")
	}
}

func testPatchMatches(t *testing.T) {
	for _, s := range bothKinds(t) {
		for what, headers := range map[string][]string{
			"a list":          {`If-Match: "a", ` + s.tag + ` , W/"b"`},
			"several fields":  {`If-Match: "a"`, "If-Match: " + s.tag},
			"a comma in tags": {`If-Match: "a,b",` + s.tag},
			"a star":          {"If-Match: *"},
			"a quoted star":   {`If-Match: "*"`},
		} {
			s.patch(s.candidateFragment(), headers...).expect(t, http.StatusNoContent, what)
		}
	}
}

func testTrickle(t *testing.T) {
	for _, s := range bothKinds(t) {
		for what, fragment := range map[string]string{
			"a candidate": s.candidateFragment(), "the end alone": s.fragment("a=end-of-candidates"), "nothing": s.fragment(),
			"a transport that is none": s.fragment("a=candidate:1 1 quic 1 127.0.0.1 9 typ host"),
			"an mDNS name":             s.fragment("a=candidate:1 1 udp 2113937151 4d6a1f5e-6a9b-4c5c-9d1e-000000000000.local 50000 typ host"),
			"TCP":                      s.fragment("a=candidate:2 1 tcp 1518214911 127.0.0.1 9 typ host tcptype active"),
			"IPv6":                     s.fragment("a=candidate:3 1 UDP 2130706430 ::1 50001 typ host"),
			"unknown extensions":       s.fragment("a=candidate:4 1 udp 1 127.0.0.1 9 typ host generation 0 network-id 3 x-y z"),
			"an unknown type":          s.fragment("a=candidate:5 1 udp 1 127.0.0.1 9 typ guess"),
		} {
			r := s.patch(fragment)
			r.expect(t, http.StatusNoContent, what)
			if r.body != "" || r.Header.Get("ETag") != "" {
				t.Errorf("%s: body %q, ETag %q", what, r.body, r.Header.Get("ETag"))
			}
		}
	}
}

func testFragmentForms(t *testing.T) {
	for _, s := range bothKinds(t) {
		mids, candidate := s.answer.mids(), s.hostCandidate()
		named := "a=ice-ufrag:" + s.own.ufrag + "\r\na=ice-pwd:" + s.own.pwd + "\r\n"
		section := func(line, mid string) string { return line + "\r\na=mid:" + mid + "\r\n" }
		for what, fragment := range map[string]string{
			"credentials in the section":       section("m=video 9 RTP/AVP 0", mids[0]) + named + candidate + "\r\n",
			"a group":                          "a=group:BUNDLE " + strings.Join(mids, " ") + "\r\n" + named + section("m=audio 9 UDP/TLS/RTP/SAVPF 111", mids[0]) + candidate + "\r\n",
			"ice-options":                      "a=ice-options:trickle ice2\r\n" + named + section("m=audio 9 RTP/AVP 0", mids[1]) + candidate + "\r\na=end-of-candidates\r\n",
			"the same candidate under each":    named + section("m=audio 9 RTP/AVP 0", mids[0]) + candidate + "\r\n" + section("m=audio 9 RTP/AVP 0", mids[1]) + candidate + "\r\n",
			"a mid that is not there":          fragmentOf(s.own, "nobody", candidate),
			"bare line feeds, no last one":     strings.TrimSuffix(strings.ReplaceAll(s.candidateFragment(), "\r\n", "\n"), "\n"),
			"an attribute that nobody defined": s.fragment("a=x-new:1", candidate),
		} {
			s.patch(fragment).expect(t, http.StatusNoContent, what)
		}
	}
}

// testTrickledAreChecked never sends the server a check: what it knows of the client
// is what PATCH tells.
func testTrickledAreChecked(t *testing.T) {
	for _, s := range bothKinds(t) {
		if strings.Contains(s.answer.text, "a=ice-lite") {
			t.Error("the answer says ice-lite")
		}
		if within(s.asked, 200*time.Millisecond) {
			t.Fatal("a check came to a client that has shown no address")
		}
		s.patch(s.candidateFragment()).expect(t, http.StatusNoContent, "a candidate")
		if !within(s.asked, soon) {
			t.Error("the server sends no check to the candidate")
		}
	}
}

func testHalfCredentials(t *testing.T) {
	for _, s := range bothKinds(t) {
		fresh := newCredentials()
		for what, lines := range map[string]string{"ufrag": "a=ice-ufrag:" + fresh.ufrag, "pwd": "a=ice-pwd:" + fresh.pwd} {
			r := s.patch(lines + "\r\nm=audio 9 RTP/AVP 0\r\na=mid:" + s.answer.mids()[0] + "\r\n" + s.hostCandidate() + "\r\n")
			if r.StatusCode/100 != 4 {
				t.Errorf("a new %s alone: %d: %s", what, r.StatusCode, r.body)
			}
		}
		s.patch(s.candidateFragment()).expect(t, http.StatusNoContent, "afterwards")
	}
}

func testNoRenegotiation(t *testing.T) {
	for _, s := range bothKinds(t) {
		for _, media := range []string{typeSDP, typeFrag} {
			r := house.send(t, http.MethodPatch, s.path, s.offer, media, "If-Match: "+s.tag)
			if r.StatusCode/100 != 4 {
				t.Errorf("a whole SDP as %s: %d: %s", media, r.StatusCode, r.body)
			}
		}
		s.patch(s.candidateFragment()).expect(t, http.StatusNoContent, "afterwards")
	}
}

func testPatchBounds(t *testing.T) {
	s := house.publisher(t, room())
	s.patch(strings.Repeat("a=x\r\n", 2<<20)).refused(t, http.StatusRequestEntityTooLarge, "body_too_large")
	var flood []string
	for port := range 400 {
		flood = append(flood, "a=candidate:"+itoa(port)+" 1 udp 1 127.0.0.1 "+itoa(20000+port)+" typ host")
	}
	for range 30 {
		if r := s.patch(s.fragment(flood...)); r.StatusCode/100 != 2 && r.StatusCode/100 != 4 {
			t.Fatalf("a flood of candidates: %d: %s", r.StatusCode, r.body)
		}
	}
	if !s.consents() {
		t.Error("the session no longer answers checks")
	}
	house.send(t, http.MethodGet, s.path, "").expect(t, http.StatusNoContent, "GET after the flood")
}

func testStrangerPatches(t *testing.T) {
	for _, s := range bothKinds(t) {
		for token, status := range map[string]int{"": http.StatusUnauthorized, unknownToken: http.StatusUnauthorized, rivalToken: http.StatusForbidden} {
			bearer := as(token)
			if token == "" {
				bearer = noToken
			}
			s.patch(s.restartFragment(), bearer).refused(t, status)
			house.send(t, http.MethodDelete, s.path, "", bearer).refused(t, status)
		}
		s.patch(s.candidateFragment()).expect(t, http.StatusNoContent, "its owner")
		s.patch(s.candidateFragment(), as(adminToken)).expect(t, http.StatusNoContent, "an administrator")
	}
}

func testOtherKind(t *testing.T) {
	for _, s := range bothKinds(t) {
		other := strings.NewReplacer("/whip/", "/whep/", "/whep/", "/whip/").Replace(s.path)
		house.send(t, http.MethodDelete, other, "").refused(t, http.StatusNotFound, "session_unknown")
		house.send(t, http.MethodGet, other, "").refused(t, http.StatusNotFound, "session_unknown")
		house.send(t, http.MethodPatch, other, s.candidateFragment(), typeFrag, "If-Match: *").refused(t, http.StatusNotFound, "session_unknown")
		s.patch(s.candidateFragment()).expect(t, http.StatusNoContent, "afterwards")
	}
}
