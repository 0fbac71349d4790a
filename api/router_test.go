package api

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestClean(t *testing.T) {
	for path, want := range map[string]bool{
		"/": true, "/a": true, "/a/": true, "/a/b": true, "/a/b/": true, "/a.b/..c": true, "/...": true, "/ü": true, "/a b": true,
		"": false, "//": false, "///": false, "//a": false, "/a//b": false, "/a//": false, "/.": false, "/..": false,
		"/a/.": false, "/a/..": false, "/a/./b": false, "/a/../b": false, "/./": false, "/../a": false, "/a/b/../": false,
	} {
		if got := clean(path); got != want {
			t.Errorf("clean(%q): %v", path, got)
		}
	}
}

// routed answers one request, with a header if need be, by a router of four paths.
func routed(t *testing.T, method, target string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	mux := http.NewServeMux()
	say := func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.Pattern+" "+r.PathValue("room"))
	}
	mux.HandleFunc("POST /publish/{room}", say)
	mux.HandleFunc("GET /watch/{room}", say)
	mux.HandleFunc("DELETE /watch/{room}", say)
	mux.HandleFunc("GET /{$}", say)
	mux.HandleFunc("OPTIONS /asked/{room}", say)
	w, r := httptest.NewRecorder(), httptest.NewRequest(method, target, strings.NewReader("body"))
	if len(header) > 0 {
		r.Header.Set(header[0], header[1])
	}
	router{mux, newRefusalCounts()}.ServeHTTP(w, r)
	return w
}

func TestRouterRoutes(t *testing.T) {
	for _, c := range []struct{ method, target, want string }{
		{"POST", "/publish/hall", "POST /publish/{room} hall"},
		{"POST", "/publish/hall?x=//../", "POST /publish/{room} hall"},
		{"POST", "/publish/a.b", "POST /publish/{room} a.b"},
		{"POST", "/publish/a%2Fb", "POST /publish/{room} a/b"},
		{"GET", "/watch/hall", "GET /watch/{room} hall"},
		{"HEAD", "/watch/hall", "GET /watch/{room} hall"},
		{"GET", "/", "GET /{$} "},
	} {
		if w := routed(t, c.method, c.target); w.Code != http.StatusOK || w.Body.String() != c.want {
			t.Errorf("%s %s: %d %s, want %s", c.method, c.target, w.Code, w.Body, c.want)
		}
	}
}

// A redirected POST comes back as GET: whatever is not plain is refused instead.
func TestRouterNeverRedirects(t *testing.T) {
	for _, target := range []string{
		"//", "///", "//publish/hall", "/publish//hall", "/publish/./hall", "/watch/../publish/hall", "/publish/hall//",
		"/publish/..%2Fhall", "/publish/%2E%2E/watch", "/%2e", "/publish/a%2F%2Fb",
	} {
		for _, method := range []string{http.MethodPost, http.MethodGet} {
			w := routed(t, method, target)
			if location := w.Header().Get("Location"); location != "" {
				t.Errorf("%s %s: redirected to %s", method, target, location)
				continue
			}
			wantProblem(t, w, "path_invalid")
		}
	}
}

func TestRouterRefuses(t *testing.T) {
	for name, c := range map[string]struct{ method, target, code, allow string }{
		"an unknown path":            {"GET", "/nothing", "not_found", ""},
		"its options":                {"OPTIONS", "/nothing", "not_found", ""},
		"a path that goes on":        {"POST", "/publish/hall/more", "not_found", ""},
		"a path that ends early":     {"POST", "/publish", "not_found", ""},
		"a slash at its end":         {"POST", "/publish/hall/", "not_found", ""},
		"no room":                    {"POST", "/publish/", "not_found", ""},
		"another method":             {"GET", "/publish/hall", "method_not_allowed", "OPTIONS, POST"},
		"another method than both":   {"PUT", "/watch/hall", "method_not_allowed", "DELETE, GET, HEAD, OPTIONS"},
		"a method that nobody knows": {"BREW", "/watch/hall", "method_not_allowed", "DELETE, GET, HEAD, OPTIONS"},
		"posting to the start":       {"POST", "/", "method_not_allowed", "GET, HEAD, OPTIONS"},
		"posting to its own options": {"POST", "/asked/hall", "method_not_allowed", "OPTIONS"},
	} {
		t.Run(name, func(t *testing.T) {
			w := routed(t, c.method, c.target)
			wantProblem(t, w, c.code)
			if got := w.Header().Get("Allow"); got != c.allow {
				t.Errorf("Allow: %q, want %q", got, c.allow)
			}
		})
	}
}

func TestRouterAnswersOptions(t *testing.T) {
	for target, allow := range map[string]string{"/publish/hall": "OPTIONS, POST", "/watch/hall": "DELETE, GET, HEAD, OPTIONS", "/": "GET, HEAD, OPTIONS"} {
		if w := routed(t, http.MethodOptions, target); w.Code != http.StatusNoContent || w.Header().Get("Allow") != allow || w.Body.Len() > 0 {
			t.Errorf("%s: %d %v %s, want Allow: %s", target, w.Code, w.Header(), w.Body, allow)
		}
	}
	if w := routed(t, http.MethodOptions, "/asked/hall"); w.Body.String() != "OPTIONS /asked/{room} hall" {
		t.Errorf("a path with its own answer: %d %s", w.Code, w.Body)
	}
}

// A refused preflight hides from a page what its request would be told.
func TestRouterRefusesNoPreflight(t *testing.T) {
	for _, target := range []string{"/nothing", "//", "/publish/../watch", "/publish/hall", "/publish/hall/"} {
		if w := routed(t, http.MethodOptions, target, "Access-Control-Request-Method", "POST"); w.Code != http.StatusNoContent || w.Body.Len() > 0 {
			t.Errorf("%s: %d %s", target, w.Code, w.Body)
		}
	}
}
