package api

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// other returns the URL that a session would have if it were the other protocol's.
func other(session string) string {
	return strings.NewReplacer("/whip/", "/whep/", "/whep/", "/whip/").Replace(session)
}

func TestTrickle(t *testing.T) {
	for endpoint := range endpoints {
		e := newEdge(t)
		session := e.begin(t, endpoint)
		for _, match := range []string{`"now"`, "*", `"*"`, `"then", "now"`} {
			w := e.do(http.MethodPatch, session, "candidate", bearerOf(alice), fragmentType, "If-Match: "+match)
			wantNothing(t, w, http.StatusNoContent)
			if d := cmp.Diff(http.Header{}, w.Header()); d != "" {
				t.Errorf("%s: %s", match, d)
			}
		}
	}
}

func TestRestart(t *testing.T) {
	for endpoint := range endpoints {
		e := newEdge(t)
		session := e.begin(t, endpoint)
		w := e.do(http.MethodPatch, session, "restart", bearerOf(alice), fragmentType, `If-Match: "then"`, `If-Match: "now"`)
		want := http.Header{"Content-Type": {"application/trickle-ice-sdpfrag"}, "Content-Length": {"9"}, "Etag": {`"next"`}}
		if d := cmp.Diff(want, w.Header()); d != "" || w.Code != http.StatusOK || w.Body.String() != "restarted" {
			t.Errorf("%d %s: %s", w.Code, w.Body, d)
		}
		wantProblem(t, e.do(http.MethodPatch, session, "candidate", bearerOf(alice), fragmentType, `If-Match: "now"`), "if_match_failed")
		wantNothing(t, e.do(http.MethodPatch, session, "candidate", bearerOf(alice), fragmentType, `If-Match: "next"`), http.StatusNoContent)
	}
}

// Refused fragments change nothing: afterwards the first tag still fits.
func TestPatchIsRefused(t *testing.T) {
	const now = `If-Match: "now"`
	for name, c := range map[string]struct {
		body  string
		lines []string
		code  string
	}{
		"no token":                 {"restart", []string{fragmentType, now}, "token_missing"},
		"a wrong token":            {"restart", []string{bearerOf("wrong-token"), fragmentType, now}, "token_invalid"},
		"somebody else's":          {"restart", []string{bearerOf(bob), fragmentType, now}, "forbidden"},
		"a whole SDP":              {"restart", []string{bearerOf(alice), sdpType, now}, "media_type_unsupported"},
		"no type":                  {"restart", []string{bearerOf(alice), now}, "media_type_unsupported"},
		"a type that is like it":   {"restart", []string{bearerOf(alice), fragmentType + "s", now}, "media_type_unsupported"},
		"a coding":                 {"restart", []string{bearerOf(alice), fragmentType, now, "Content-Encoding: br"}, "content_coding_unsupported"},
		"too large":                {strings.Repeat("a", maxFragment+1), []string{bearerOf(alice), fragmentType, now}, "body_too_large"},
		"no If-Match":              {"restart", []string{bearerOf(alice), fragmentType}, "if_match_missing"},
		"the tag in another place": {"restart", []string{bearerOf(alice), fragmentType, `ETag: "now"`}, "if_match_missing"},
		"another tag":              {"restart", []string{bearerOf(alice), fragmentType, `If-Match: "then"`}, "if_match_failed"},
		"a weak tag":               {"restart", []string{bearerOf(alice), fragmentType, `If-Match: W/"now"`}, "if_match_failed"},
		"no quotes":                {"restart", []string{bearerOf(alice), fragmentType, "If-Match: now"}, "if_match_failed"},
		"nothing":                  {"", []string{bearerOf(alice), fragmentType, now}, "fragment_invalid"},
		"no fragment":              {"good morning", []string{bearerOf(alice), fragmentType, now}, "fragment_invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEdge(t)
			session := e.begin(t, playHall)
			w := e.do(http.MethodPatch, session, c.body, c.lines...)
			wantProblem(t, w, c.code)
			if want := c.code == "media_type_unsupported"; (w.Header().Get("Accept-Patch") == mediaTypeFragment) != want {
				t.Errorf("Accept-Patch: %q", w.Header().Get("Accept-Patch"))
			}
			again := e.do(http.MethodPatch, session, "candidate", bearerOf(alice), fragmentType, now)
			wantNothing(t, again, http.StatusNoContent)
		})
	}
}

func TestSessionIsProbed(t *testing.T) {
	for endpoint := range endpoints {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			e := newEdge(t)
			session := e.begin(t, endpoint)
			wantNothing(t, e.do(method, session, "", bearerOf(alice)), http.StatusNoContent)
			wantProblem(t, e.do(method, session, ""), "token_missing")
			wantProblem(t, e.do(method, session, "", bearerOf(bob)), "forbidden")
			wantProblem(t, e.do(method, other(session), "", bearerOf(alice)), "session_unknown")
		}
	}
}

// A session that is over, or that never was, is unknown by every method alike,
// also to who does not say which ICE session is meant.
func TestSessionIsUnknown(t *testing.T) {
	for endpoint, sessions := range endpoints {
		e := newEdge(t)
		session := e.begin(t, endpoint)
		wantNothing(t, e.do(http.MethodDelete, session, "", bearerOf(alice), `If-Match: "wrong"`), http.StatusOK)
		for _, url := range []string{session, other(session), sessions + "guessed", sessions + "%00"} {
			for _, method := range []string{http.MethodGet, http.MethodPatch, http.MethodDelete} {
				wantProblem(t, e.do(method, url, "candidate", bearerOf(alice), fragmentType), "session_unknown")
			}
		}
	}
}

// Requests for sessions are counted together, whichever method they have and
// whoever makes them.
func TestSessionsAreLimited(t *testing.T) {
	e := newEdge(t, func(o *Options) { o.Sessions = &limiter{left: 4} })
	session := e.begin(t, publishHall)
	wantNothing(t, e.do(http.MethodGet, session, "", bearerOf(alice)), http.StatusNoContent)
	wantProblem(t, e.do(http.MethodGet, session, ""), "token_missing")
	wantProblem(t, e.do(http.MethodDelete, session+"x", "", bearerOf(alice)), "session_unknown")
	last := e.do(http.MethodPatch, session, "candidate", bearerOf(alice), fragmentType, "If-Match: *")
	if wantNothing(t, last, http.StatusNoContent); last.Header().Get("RateLimit-Remaining") != "0" {
		t.Errorf("the last one is told %v", last.Header())
	}
	for _, method := range []string{http.MethodGet, http.MethodPatch, http.MethodDelete} {
		w := e.do(method, session, "candidate", bearerOf(alice), fragmentType, "If-Match: *")
		if wantProblem(t, w, "rate_limited"); w.Header().Get("Retry-After") != "60" {
			t.Errorf("%s: %v", method, w.Header())
		}
	}
	wantNothing(t, e.do(http.MethodOptions, session, ""), http.StatusNoContent)
}
