package api

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/domain"
)

const (
	publishHall = "/api/whip/publish/hall"
	playHall    = "/api/whep/play/hall"
)

var endpoints = map[string]string{publishHall: "/api/whip/sessions/", playHall: "/api/whep/sessions/"}

func TestCreated(t *testing.T) {
	for endpoint, sessions := range endpoints {
		w := newEdge(t).do(http.MethodPost, endpoint, "offer", sdpType, bearerOf(alice))
		if w.Code != http.StatusCreated || w.Body.String() != "answer to offer" {
			t.Fatalf("%s: %d %s", endpoint, w.Code, w.Body)
		}
		location := w.Header().Get("Location")
		id, ok := strings.CutPrefix(location, sessions)
		if !ok || len(id) != 26 {
			t.Errorf("Location: %s", location)
		}
		want := http.Header{
			"Content-Type":   {"application/sdp"},
			"Content-Length": {"15"},
			"Location":       {location},
			"Etag":           {`"now"`},
			"Accept-Patch":   {"application/trickle-ice-sdpfrag"},
		}
		if endpoint == playHall {
			want["Link"] = []string{eventsLink(sessions, domain.SessionID(id))}
		}
		if d := cmp.Diff(want, w.Header()); d != "" {
			t.Errorf("%s: %s", endpoint, d)
		}
	}
}

// someServers are told of by one link that is the same for everybody and one that
// is not.
func someServers(o *Options) {
	o.ICEServers = []ICEServer{{URLs: []string{"stun:a.example", "turn:a.example"}, Secret: "north"}}
}

// wantServers checks that the links tell of someServers, for user, each on a line
// of its own.
func wantServers(t *testing.T, links []string, user string) {
	t.Helper()
	links = slices.DeleteFunc(links, func(l string) bool { return !strings.Contains(l, "ice-server") })
	if len(links) != 2 || links[0] != `<stun:a.example>; rel="ice-server"` ||
		!strings.HasPrefix(links[1], `<turn:a.example>; rel="ice-server"; username="`) || !strings.Contains(links[1], ":"+user+`"; credential="`) {
		t.Errorf("links %q for %s", links, user)
	}
}

func TestServersAreTold(t *testing.T) {
	for endpoint, sessions := range endpoints {
		e := newEdge(t, someServers)
		created := e.do(http.MethodPost, endpoint, "offer", sdpType, bearerOf(alice))
		wantServers(t, created.Header()["Link"], strings.TrimPrefix(created.Header().Get("Location"), sessions))
		asked := e.do(http.MethodOptions, endpoint, "", bearerOf(alice))
		wantNothing(t, asked, http.StatusNoContent)
		wantServers(t, asked.Header()["Link"], "hall")
	}
}

func TestServersAreNotToldToStrangers(t *testing.T) {
	for name, c := range map[string]struct {
		target string
		lines  []string
	}{
		"no token":                 {publishHall, nil},
		"a wrong token":            {publishHall, []string{bearerOf("wrong-token")}}, // which the audit trail has
		"a token for less":         {publishHall, []string{bearerOf(bob)}},           // likewise
		"a preflight":              {publishHall, []string{"Access-Control-Request-Method: POST", "Origin: https://a.example"}},
		"a preflight with a token": {publishHall, []string{"Access-Control-Request-Method: POST", bearerOf(alice)}},
		"a room that cannot be":    {"/api/whip/publish/a.b", []string{bearerOf(alice)}},
		"a session":                {"/api/whip/sessions/5VJTE4J6W3KQCZ2LXSOMRH7YAG", []string{bearerOf(alice)}},
		"another path":             {"/healthz", []string{bearerOf(alice)}},
	} {
		e := newEdge(t, someServers)
		w := e.do(http.MethodOptions, c.target, "", c.lines...)
		if wantNothing(t, w, http.StatusNoContent); w.Header()["Link"] != nil {
			t.Errorf("%s: %q", name, w.Header()["Link"])
		}
		tried := name == "a wrong token" || name == "a token for less"
		if entries := e.entries(t); len(entries) > 0 != tried {
			t.Errorf("%s: the trail has %+v", name, entries)
		}
	}
}

// Tokens could be tried by OPTIONS, so they count as requests for sessions do.
func TestServersAreNotToldTooOften(t *testing.T) {
	e := newEdge(t, someServers, func(o *Options) { o.Sessions = &limiter{left: 1} })
	for _, told := range []bool{true, false, false} {
		w := e.do(http.MethodOptions, playHall, "", bearerOf(alice))
		if wantNothing(t, w, http.StatusNoContent); (w.Header()["Link"] != nil) != told {
			t.Errorf("links %q, want any: %v", w.Header()["Link"], told)
		}
	}
}

func TestEndpointIsProbed(t *testing.T) {
	for endpoint := range endpoints {
		e := newEdge(t)
		wantNothing(t, e.do(http.MethodGet, endpoint, ""), http.StatusNoContent)
		wantProblem(t, e.do(http.MethodGet, endpoint+".b", ""), "room_name_invalid")
		wantNothing(t, e.do(http.MethodGet, endpoint, "", bearerOf("wrong-token")), http.StatusNoContent)
	}
	e := newEdge(t)
	wantNothing(t, e.do(http.MethodHead, publishHall, ""), http.StatusNoContent)
	w := e.do(http.MethodHead, playHall, "")
	if wantNothing(t, w, http.StatusOK); w.Header().Get("Content-Type") != "application/sdp" {
		t.Errorf("a player finds %v", w.Header())
	}
	wantProblem(t, e.do(http.MethodHead, playHall+".b", ""), "room_name_invalid")
}

// A room tells strangers nothing: with a publisher in it, a probe is answered as
// without.
func TestProbesTellNothingOfTheRoom(t *testing.T) {
	empty, taken := newEdge(t), newEdge(t)
	taken.begin(t, publishHall)
	for endpoint := range endpoints {
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodOptions} {
			was, is := empty.do(method, endpoint, ""), taken.do(method, endpoint, "")
			if d := cmp.Diff(was.Header(), is.Header()); d != "" || was.Code != is.Code {
				t.Errorf("%s %s: %d and %d, %s", method, endpoint, was.Code, is.Code, d)
			}
		}
	}
}

// OPTIONS says of each path what a refused method says of it, and what to send.
func TestOptions(t *testing.T) {
	const session = "5VJTE4J6W3KQCZ2LXSOMRH7YAG"
	for target, want := range map[string]http.Header{
		publishHall:                     {"Accept-Post": {"application/sdp"}},
		playHall:                        {"Accept-Post": {"application/sdp"}},
		"/api/whip/sessions/" + session: {"Accept-Patch": {"application/trickle-ice-sdpfrag"}},
		"/api/whep/sessions/" + session: {"Accept-Patch": {"application/trickle-ice-sdpfrag"}},
	} {
		e := newEdge(t)
		refused := e.do(http.MethodPut, target, "")
		wantProblem(t, refused, "method_not_allowed")
		want["Allow"] = refused.Header()["Allow"]
		want["Access-Control-Allow-Methods"] = []string{"GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE"}
		w := e.do(http.MethodOptions, target, "")
		wantNothing(t, w, http.StatusNoContent)
		if d := cmp.Diff(want, w.Header()); d != "" {
			t.Errorf("%s: %s", target, d)
		}
	}
}

func TestOfferIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		body  string
		lines []string
		code  string
	}{
		"no token goes before all":   {strings.Repeat("a", maxOffer+1), []string{"Content-Type: text/plain"}, "token_missing"},
		"another type":               {"offer", []string{bearerOf(alice), fragmentType}, "media_type_unsupported"},
		"a coding":                   {"offer", []string{bearerOf(alice), sdpType, "Content-Encoding: gzip"}, "content_coding_unsupported"},
		"too large":                  {strings.Repeat("a", maxOffer+1), []string{bearerOf(alice), sdpType}, "body_too_large"},
		"nothing":                    {"", []string{bearerOf(alice), sdpType}, "offer_invalid"},
		"a token for something else": {"offer", []string{bearerOf(bob), sdpType}, "forbidden"},
	} {
		t.Run(name, func(t *testing.T) {
			wantProblem(t, newEdge(t).do(http.MethodPost, publishHall, c.body, c.lines...), c.code)
		})
	}
	largest := strings.Repeat("a", maxOffer)
	if w := newEdge(t).do(http.MethodPost, publishHall, largest, bearerOf(alice), "Content-Type: Application/SDP; charset=utf-8", "Content-Encoding: Identity"); w.Code != http.StatusCreated {
		t.Errorf("as large as may be: %d %s", w.Code, w.Body)
	}
}
