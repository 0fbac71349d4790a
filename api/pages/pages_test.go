package pages_test

import (
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"strings"
	"testing"

	"rostrum/api/pages"
)

// elsewhere is the status of the catch-all that stands for the rest of the server.
const elsewhere = http.StatusTeapot

// store is where recordings are played from besides this server.
const store = "https://storage.example.net"

// do sends one request to the pages, on a mux that has something else for every path they leave.
func do(method, path string, header ...string) *httptest.ResponseRecorder {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(elsewhere) })
	pages.Register(mux, []string{store})
	request := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	answer := httptest.NewRecorder()
	mux.ServeHTTP(answer, request)
	return answer
}

var everyPage = []struct {
	path   string
	status int
}{
	{"/", http.StatusOK},
	{"/docs", http.StatusOK},
	{"/recordings", http.StatusOK},
	{"/publish/demo", http.StatusOK},
	{"/watch/demo", http.StatusOK},
	{"/watch/a.b", http.StatusNotFound},
	{"/publish/", http.StatusNotFound},
}

func TestEveryPageCarriesItsHeaders(t *testing.T) {
	want := map[string]string{
		"Content-Type":           "text/html; charset=utf-8",
		"Cache-Control":          "no-cache",
		"Referrer-Policy":        "no-referrer",
		"X-Content-Type-Options": "nosniff",
	}
	policy := []string{
		"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'",
		"media-src 'self' blob: mediastream:", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
	}
	for _, page := range everyPage {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			answer := do(method, page.path)
			if answer.Code != page.status {
				t.Errorf("%s %s = %d, want %d", method, page.path, answer.Code, page.status)
			}
			for name, value := range want {
				if got := answer.Header().Get(name); got != value {
					t.Errorf("%s %s: %s = %q, want %q", method, page.path, name, got, value)
				}
			}
			got := strings.Split(answer.Header().Get("Content-Security-Policy"), "; ")
			if page.path == "/recordings" { // and nowhere else
				got = strings.Split(strings.Replace(strings.Join(got, "; "), "mediastream: "+store, "mediastream:", 1), "; ")
			}
			if strings.Join(sorted(got), "; ") != strings.Join(sorted(policy), "; ") {
				t.Errorf("%s %s: policy = %q, want %q", method, page.path, got, policy)
			}
			for _, feature := range []string{"camera", "microphone", "display-capture", "fullscreen", "autoplay"} {
				if !strings.Contains(answer.Header().Get("Permissions-Policy"), feature+"=(self)") {
					t.Errorf("%s %s does not allow itself %s", method, page.path, feature)
				}
			}
		}
	}
}

func TestRecordingsPlayFromTheStoreAlone(t *testing.T) {
	for _, page := range everyPage {
		policy := do(http.MethodGet, page.path).Header().Get("Content-Security-Policy")
		if got := strings.Contains(policy, store); got != (page.path == "/recordings") {
			t.Errorf("%s: %s", page.path, policy)
		}
		if strings.Count(policy, store) > 1 {
			t.Errorf("%s lets the store do more than be played from: %s", page.path, policy)
		}
	}
}

func TestAnImpossibleRoomIsToldWhatARoomNameIs(t *testing.T) {
	names := map[string]string{
		"dot":        "a.b",
		"space":      "a%20b",
		"slash":      "a%2Fb",
		"line end":   "demo%0A",
		"NUL":        "demo%00",
		"umlaut":     "b%C3%BChne",
		"full width": "%EF%BD%81",
		"no UTF-8":   "%ff",
		"markup":     "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
		"too long":   strings.Repeat("a", 65),
		"empty":      "",
	}
	for fault, name := range names {
		for _, page := range []string{"/publish/", "/watch/"} {
			answer := do(http.MethodGet, page+name)
			if answer.Code != http.StatusNotFound {
				t.Errorf("%s: %s%s = %d, want 404", fault, page, name, answer.Code)
			}
			if !strings.Contains(answer.Body.String(), "1 to 64 characters") {
				t.Errorf("%s: %s%s does not say what a room name is", fault, page, name)
			}
			if strings.Contains(answer.Body.String(), "alert") {
				t.Errorf("%s: the page repeats the name it was given", fault)
			}
		}
	}
}

func TestAPossibleRoomHasBothPages(t *testing.T) {
	for _, name := range []string{"a", "demo", "A-Z_09", "%64emo", strings.Repeat("x", 64)} {
		publish, watch := do(http.MethodGet, "/publish/"+name), do(http.MethodGet, "/watch/"+name)
		if publish.Code != http.StatusOK || watch.Code != http.StatusOK {
			t.Errorf("%s: publish %d, watch %d, want 200 twice", name, publish.Code, watch.Code)
		}
		if publish.Body.String() == watch.Body.String() {
			t.Errorf("%s: the two pages are one", name)
		}
	}
}

func TestContentIsSentOnceAndThenConfirmed(t *testing.T) {
	for _, path := range []string{"/", "/watch/demo", "/assets/base.css", "/assets/watch.js", "/assets/icon.svg"} {
		first := do(http.MethodGet, path)
		tag := first.Header().Get("ETag")
		if len(tag) < 10 || !strings.HasPrefix(tag, `"`) {
			t.Fatalf("%s: ETag = %q, want a strong one", path, tag)
		}
		if again := do(http.MethodGet, path, "If-None-Match", tag); again.Code != http.StatusNotModified || again.Body.Len() > 0 {
			t.Errorf("%s with its tag = %d and %d bytes, want 304 and none", path, again.Code, again.Body.Len())
		}
		if other := do(http.MethodGet, path, "If-None-Match", `"other"`); other.Body.String() != first.Body.String() {
			t.Errorf("%s with another tag is not sent whole", path)
		}
	}
}

// Pages of other origins import the client, and nothing else of this server.
func TestTheClientAloneIsForOtherOrigins(t *testing.T) {
	for path, want := range map[string][2]string{
		"/assets/rostrum.js":   {"*", "cross-origin"},
		"/assets/rostrum.d.ts": {"*", "cross-origin"},
		"/assets/watch.js":     {},
		"/watch/demo":          {},
		"/docs":                {},
	} {
		header := do(http.MethodGet, path, "Origin", "https://pages.example.net").Header()
		got := [2]string{header.Get("Access-Control-Allow-Origin"), header.Get("Cross-Origin-Resource-Policy")}
		if got != want {
			t.Errorf("%s is sent with %q, want %q", path, got, want)
		}
	}
}

// What a page asks of a server goes through the client: no module of the pages has a request of its own.
func TestPagesTalkThroughTheClientAlone(t *testing.T) {
	own := regexp.MustCompile(`\bfetch\(|XMLHttpRequest|RTCPeerConnection\(|EventSource\(|sendBeacon`)
	for name, text := range sources(t) {
		if path.Ext(name) == ".js" && name != "assets/rostrum.js" && own.MatchString(text) {
			t.Errorf("%s talks by itself: %q", name, own.FindString(text))
		}
	}
}

func TestPathsThatAreNotPagesAreLeftToTheServer(t *testing.T) {
	for _, request := range [][2]string{
		{http.MethodGet, "/assets/none.js"},
		{http.MethodGet, "/assets/"},
		{http.MethodGet, "/watch/demo/more"},
		{http.MethodGet, "/none"},
		{http.MethodPost, "/"},
		{http.MethodPost, "/docs"},
		{http.MethodPost, "/recordings"},
		{http.MethodGet, "/recordings/"},
		{http.MethodGet, "/recordings/A"},
		{http.MethodDelete, "/watch/demo"},
		{http.MethodPut, "/assets/base.css"},
	} {
		if answer := do(request[0], request[1]); answer.Code != elsewhere {
			t.Errorf("%s %s = %d, want it left to the server", request[0], request[1], answer.Code)
		}
	}
}
