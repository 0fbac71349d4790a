package api

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

const (
	homeOrigin  = "Origin: https://home.example"
	otherOrigin = "Origin: https://other.example"
)

func fromHome(o *Options) { o.CORSOrigins = []string{"https://home.example"} }

// wantList checks that a header is a list with all of those, whatever their case.
func wantList(t *testing.T, w *httptest.ResponseRecorder, header string, all ...string) {
	t.Helper()
	list := strings.Split(strings.ToLower(strings.ReplaceAll(w.Header().Get(header), " ", "")), ",")
	for _, one := range all {
		if !slices.Contains(list, strings.ToLower(one)) {
			t.Errorf("%s: %q lacks %s", header, list, one)
		}
	}
}

// Preflights are answered on every path, without a token, and say all that is
// allowed whatever they ask for.
func TestPreflight(t *testing.T) {
	e := newEdge(t, fromHome)
	for _, target := range []string{publishHall, playHall, "/api/whip/sessions/x", "/api/whep/sessions/x", "/api/whip/publish/a.b", "/nothing", "//", "/healthz", "/api/recordings/A", "/api/rooms/hall/recording"} {
		for _, asked := range []string{"", "authorization,content-type,if-match", "Content-Type, Authorization", "etag", "x-anything"} {
			for _, method := range []string{"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "GET", "HEAD"} {
				lines := []string{homeOrigin, "Access-Control-Request-Method: " + method}
				if asked != "" {
					lines = append(lines, "Access-Control-Request-Headers: "+asked)
				}
				w := e.do(http.MethodOptions, target, "", lines...)
				wantNothing(t, w, http.StatusNoContent)
				if got := w.Header().Get("Access-Control-Allow-Origin"); got != "https://home.example" {
					t.Fatalf("%s %s for %s: origin %q", method, target, asked, got)
				}
				wantList(t, w, "Access-Control-Allow-Methods", "GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
				wantList(t, w, "Access-Control-Allow-Headers", "Authorization", "Content-Type", "If-Match", "ETag", "Range")
				wantList(t, w, "Vary", "Origin")
				if strings.Contains(strings.ToLower(w.Header().Get("Access-Control-Allow-Headers")), "anything") {
					t.Errorf("any header is allowed")
				}
			}
		}
	}
	w := e.do(http.MethodOptions, publishHall, "", homeOrigin, "Access-Control-Request-Method: POST")
	wantList(t, w, "Accept-Post", "application/sdp")
	w = e.do(http.MethodOptions, "/api/whep/sessions/x", "", homeOrigin, "Access-Control-Request-Method: PATCH")
	wantList(t, w, "Accept-Patch", "application/trickle-ice-sdpfrag")
}

func TestPreflightOfStrangers(t *testing.T) {
	for name, c := range map[string]struct {
		options func(*Options)
		lines   []string
	}{
		"another origin":  {fromHome, []string{otherOrigin, "Access-Control-Request-Method: POST"}},
		"no origin named": {func(*Options) {}, []string{homeOrigin, "Access-Control-Request-Method: POST"}},
		"another method":  {fromHome, []string{homeOrigin, "Access-Control-Request-Method: TRACE"}},
	} {
		w := newEdge(t, c.options).do(http.MethodOptions, publishHall, "", c.lines...)
		if wantNothing(t, w, http.StatusNoContent); w.Header().Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: %v", name, w.Header())
		}
	}
}

// What a script asks for it may read, refusals as well, and never with cookies.
func TestAnswersAreReadable(t *testing.T) {
	for name, c := range map[string]struct {
		method, target string
		status         int
	}{
		"created":         {"POST", publishHall, 201},
		"a bad name":      {"POST", "/api/whip/publish/a.b", 400},
		"unknown":         {"GET", "/api/whip/sessions/x", 404},
		"no such path":    {"POST", "/nothing", 404},
		"a path unclean":  {"POST", "//", 400},
		"options":         {"OPTIONS", publishHall, 204},
		"another method":  {"DELETE", publishHall, 405},
		"nothing in it":   {"PATCH", "/api/whep/sessions/x", 404},
		"an open page":    {"GET", "/healthz", 204},
		"a refused token": {"GET", "/api/whip/sessions/x", 401},
	} {
		t.Run(name, func(t *testing.T) {
			lines := []string{homeOrigin, sdpType, bearerOf(alice)}
			if c.status == http.StatusUnauthorized {
				lines[2] = bearerOf("wrong-token")
			}
			w := newEdge(t, fromHome).do(c.method, c.target, "offer", lines...)
			if w.Code != c.status || w.Header().Get("Access-Control-Allow-Origin") != "https://home.example" || w.Header().Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("%d %v", w.Code, w.Header())
			}
			wantList(t, w, "Access-Control-Expose-Headers", "Location", "ETag", "Link", "Accept-Patch", "Accept-Post",
				"Access-Control-Allow-Methods", "Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "WWW-Authenticate")
			wantList(t, w, "Vary", "Origin")
		})
	}
}

func TestAnyOrigin(t *testing.T) {
	e := newEdge(t, func(o *Options) { o.CORSOrigins = []string{"*"} })
	for _, lines := range [][]string{{otherOrigin}, {otherOrigin, "Access-Control-Request-Method: POST"}} {
		w := e.do(http.MethodOptions, publishHall, "", lines...)
		if w.Header().Get("Access-Control-Allow-Origin") != "*" || w.Header().Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%v", w.Header())
		}
	}
}
