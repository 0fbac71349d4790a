package conformance

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

const (
	friend   = "https://friend.example"
	stranger = "https://stranger.example"
)

func TestCORS(t *testing.T) {
	t.Parallel()
	s := startServer(t, "--http.cors_origins", friend)
	open := startServer(t, "--http.cors_origins", "*", settings(t, iceServers))
	t.Run("WHIP-160 WHIP-161 OPTIONS says what can be posted and patched", func(t *testing.T) { testOptions(t, s) })
	t.Run("WHIP-155 a preflight needs no token", func(t *testing.T) { testPreflightWithoutToken(t, s) })
	t.Run("WHIP-162 WHIP-166 the origin is allowed on success and on errors", func(t *testing.T) { testOriginAllowed(t, s) })
	t.Run("WHIP-163 WHIP-164 preflights allow the headers and methods of WHIP", func(t *testing.T) { testPreflight(t, s) })
	t.Run("WHIP-165 scripts can read Location, ETag and Link", func(t *testing.T) { testExposed(t, s) })
	t.Run("WHIP-166 every origin never comes with credentials", func(t *testing.T) { testEveryOrigin(t, open) })
	t.Run("WHIP-167 a preflight hands out no TURN credentials", func(t *testing.T) { testPreflightWithoutLinks(t, open) })
	t.Run("WHIP-168 WHIP-169 what whip-web-client needs", func(t *testing.T) { testEyevinn(t, s) })
}

// list splits a header's values at commas, in lower case.
func list(r reply, header string) []string {
	var all []string
	for _, v := range r.Header.Values(header) {
		for part := range strings.SplitSeq(v, ",") {
			all = append(all, strings.ToLower(strings.TrimSpace(part)))
		}
	}
	return all
}

// preflight asks as a browser does before a script's request.
func preflight(t *testing.T, s *server, origin, path, method string, headers ...string) reply {
	t.Helper()
	return s.send(t, http.MethodOptions, path, "", noToken, "Origin: "+origin, "Access-Control-Request-Method: "+method,
		"Access-Control-Request-Headers: "+strings.Join(headers, ","))
}

func testOptions(t *testing.T, s *server) {
	r := room()
	pub, v := s.open(t, whip, r, "publisher"), s.open(t, whep, r, "viewer")
	for path, want := range map[string][2]string{
		whip + r: {"Accept-Post", "application/sdp"}, whep + r: {"Accept-Post", "application/sdp"},
		pub.path: {"Accept-Patch", "application/trickle-ice-sdpfrag"}, v.path: {"Accept-Patch", "application/trickle-ice-sdpfrag"},
	} {
		for _, bearer := range []string{as(adminToken), noToken} {
			a := s.send(t, http.MethodOptions, path, "", bearer)
			if a.StatusCode != http.StatusNoContent && a.StatusCode != http.StatusOK || a.Header.Get(want[0]) != want[1] || a.Header.Get("Allow") == "" {
				t.Errorf("OPTIONS %s: %d, %s %q, Allow %q", path, a.StatusCode, want[0], a.Header.Get(want[0]), a.Header.Get("Allow"))
			}
		}
	}
}

func testPreflightWithoutToken(t *testing.T, s *server) {
	for _, path := range []string{whip + room(), whep + room(), "/api/whip/sessions/any", "/api/whep/sessions/any"} {
		r := preflight(t, s, friend, path, "POST", "authorization", "content-type")
		if r.StatusCode/100 != 2 || r.Header.Get("Access-Control-Allow-Origin") != friend {
			t.Errorf("preflight of %s: %d, %v", path, r.StatusCode, r.Header)
		}
	}
}

func testOriginAllowed(t *testing.T, s *server) {
	r := room()
	for what, answer := range map[string]reply{
		"201": s.send(t, http.MethodPost, whip+r, newWire(t).offer(t, "publisher"), typeSDP, "Origin: "+friend),
		"400": s.send(t, http.MethodPost, whip+room(), "nonsense", typeSDP, "Origin: "+friend),
		"401": s.send(t, http.MethodPost, whip+room(), "v=0", typeSDP, noToken, "Origin: "+friend),
		"404": s.send(t, http.MethodDelete, "/api/whip/sessions/nobody", "", "Origin: "+friend),
		"405": s.send(t, http.MethodPost, "/api/whip/sessions/any", "v=0", typeSDP, "Origin: "+friend),
		"413": s.send(t, http.MethodPost, whip+room(), strings.Repeat("a", 100<<10), typeSDP, "Origin: "+friend),
		"415": s.send(t, http.MethodPost, whip+room(), "{}", typeJSON, "Origin: "+friend),
	} {
		if answer.Header.Get("Access-Control-Allow-Origin") != friend || !slices.Contains(list(answer, "Vary"), "origin") || itoa(answer.StatusCode) != what {
			t.Errorf("the %s is a %d with %v", what, answer.StatusCode, answer.Header)
		}
	}
	for _, answer := range []reply{
		s.send(t, http.MethodPost, whip+room(), "nonsense", typeSDP, "Origin: "+stranger), preflight(t, s, stranger, whip+r, "POST"),
		s.send(t, http.MethodPost, whip+room(), "nonsense", typeSDP, "Origin: "+friend+".evil.example"), s.send(t, http.MethodPost, whip+room(), "nonsense", typeSDP, "Origin: null"),
	} {
		if allowed := answer.Header.Get("Access-Control-Allow-Origin"); allowed != "" {
			t.Errorf("a strange origin is answered with Allow-Origin %q", allowed)
		}
	}
}

func testPreflight(t *testing.T, s *server) {
	for _, path := range []string{whip + room(), whep + room(), "/api/whip/sessions/any", "/api/whep/sessions/any"} {
		methods := []string{"POST", "OPTIONS", "GET"}
		if strings.Contains(path, "sessions") {
			methods = []string{"PATCH", "DELETE", "OPTIONS", "GET"}
		}
		for _, method := range methods {
			r := preflight(t, s, friend, path, method, "authorization", "content-type", "if-match")
			if !slices.Contains(list(r, "Access-Control-Allow-Methods"), strings.ToLower(method)) {
				t.Errorf("%s: methods %v lack %s", path, list(r, "Access-Control-Allow-Methods"), method)
			}
			for _, h := range []string{"authorization", "content-type", "if-match"} {
				if !slices.Contains(list(r, "Access-Control-Allow-Headers"), h) {
					t.Errorf("%s: headers %v lack %s", path, list(r, "Access-Control-Allow-Headers"), h)
				}
			}
		}
	}
}

func testExposed(t *testing.T, s *server) {
	created := s.send(t, http.MethodPost, whip+room(), newWire(t).offer(t, "publisher"), typeSDP, "Origin: "+friend)
	exposed := list(created, "Access-Control-Expose-Headers")
	for _, h := range []string{"location", "etag", "link"} {
		if !slices.Contains(exposed, h) && !slices.Contains(exposed, "*") {
			t.Errorf("the 201 exposes %v, not %s", exposed, h)
		}
	}
	se := s.open(t, whip, room(), "publisher")
	restarted := se.patch(se.restartFragment(), "Origin: "+friend)
	restarted.expect(t, http.StatusOK, "a restart")
	if exposed := list(restarted, "Access-Control-Expose-Headers"); !slices.Contains(exposed, "etag") && !slices.Contains(exposed, "*") {
		t.Errorf("the restart's 200 exposes %v", exposed)
	}
}

func testEveryOrigin(t *testing.T, s *server) {
	for _, r := range []reply{preflight(t, s, stranger, whip+room(), "POST"), s.send(t, http.MethodPost, whip+room(), "nonsense", typeSDP, "Origin: "+stranger)} {
		allowed, credentials := r.Header.Get("Access-Control-Allow-Origin"), r.Header.Get("Access-Control-Allow-Credentials")
		if allowed != "*" && allowed != stranger || allowed == "*" && credentials != "" {
			t.Errorf("Allow-Origin %q, Allow-Credentials %q", allowed, credentials)
		}
	}
}

func testPreflightWithoutLinks(t *testing.T, s *server) {
	for _, path := range []string{whip + room(), whep + room()} {
		if links := preflight(t, s, stranger, path, "POST").Header.Values("Link"); len(links) > 0 {
			t.Errorf("a preflight has %v", links)
		}
	}
}

// testEyevinn goes the way of @eyevinn/whip-web-client: OPTIONS with a token, itself
// preflighted; then POST; then PATCH with ETag for If-Match.
func testEyevinn(t *testing.T, s *server) {
	path := whip + room()
	asked := preflight(t, s, friend, path, "OPTIONS", "authorization")
	if !slices.Contains(list(asked, "Access-Control-Allow-Methods"), "options") {
		t.Errorf("OPTIONS itself is not allowed: %v", list(asked, "Access-Control-Allow-Methods"))
	}
	told := s.send(t, http.MethodOptions, path, "", "Origin: "+friend)
	exposed := list(told, "Access-Control-Expose-Headers")
	if !slices.Contains(list(told, "Access-Control-Allow-Methods"), "patch") || !slices.Contains(exposed, "access-control-allow-methods") && !slices.Contains(exposed, "*") {
		t.Errorf("OPTIONS tells scripts Allow-Methods %v, exposing %v", list(told, "Access-Control-Allow-Methods"), exposed)
	}
	if headers := list(preflight(t, s, friend, "/api/whip/sessions/any", "PATCH", "authorization", "content-type", "etag"), "Access-Control-Allow-Headers"); !slices.Contains(headers, "etag") {
		t.Errorf("the request header ETag is not allowed: %v", headers)
	}
	se := s.open(t, whip, room(), "publisher")
	se.patch(se.candidateFragment(), "If-Match:", "ETag: "+se.tag).refused(t, http.StatusPreconditionRequired, "if_match_missing")
	se.connect()
}
