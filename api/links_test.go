package api

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// linkFound finds the links in an answer.
var linkFound = regexp.MustCompile(`"url":"/api/recordings/[^"]+"`)

func encoded(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// linkTo returns the link of the first part of a recording, as bob is told it.
func (e edge) linkTo(t *testing.T, id string) *url.URL {
	t.Helper()
	u, err := url.Parse(read[RecordingDetail](t, e.do(http.MethodGet, "/api/recordings/"+id, "", bearerOf(bob))).Parts[0].URL)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestLinkPlaysWithoutToken(t *testing.T) {
	e := newEdge(t)
	e.stored(t, "hall", "A", may(1), film, "the second part")
	link := e.linkTo(t, "A")
	for _, lines := range [][]string{nil, {bearerOf("wrong-token")}, {bearerOf(dave)}} {
		w := e.do(http.MethodGet, link.String(), "", lines...)
		if wantStatus(t, w, http.StatusOK); w.Body.String() != film {
			t.Errorf("%d bytes", w.Body.Len())
		}
	}
	second := read[RecordingDetail](t, e.do(http.MethodGet, "/api/recordings/A", "", bearerOf(bob))).Parts[1].URL
	if w := e.do(http.MethodGet, second+"&download=true", ""); w.Body.String() != "the second part" || !strings.Contains(w.Header().Get("Content-Disposition"), "part-002.mp4") {
		t.Errorf("%d %s %v", w.Code, w.Body, w.Header())
	}
	until, _ := url.ParseQuery(link.RawQuery)
	if left := until.Get("expires"); left == "" || len(left) != 10 {
		t.Errorf("expires %s", left)
	}
}

// A link is for one file, for an hour, and of this process.
func TestLinkIsRefused(t *testing.T) {
	e := newEdge(t)
	e.stored(t, "hall", "A", may(1), film, film)
	e.stored(t, "hall", "B", may(2), film)
	for name, change := range map[string]func(u *url.URL, q url.Values){
		"of another part":             func(_ *url.URL, q url.Values) { q.Set("part", "part-002.mp4") },
		"of no part":                  func(_ *url.URL, q url.Values) { q.Del("part") },
		"of another recording":        func(u *url.URL, _ url.Values) { u.Path = strings.Replace(u.Path, "/A/", "/B/", 1) },
		"that holds longer":           func(_ *url.URL, q url.Values) { q.Set("expires", "9999999999") },
		"that holds for ever":         func(_ *url.URL, q url.Values) { q.Del("expires") },
		"that is not signed":          func(_ *url.URL, q url.Values) { q.Del("signature") },
		"that is signed with nothing": func(_ *url.URL, q url.Values) { q.Set("signature", "") },
		"that is signed by halves":    func(_ *url.URL, q url.Values) { q.Set("signature", q.Get("signature")[:20]) },
		"that is signed twice":        func(_ *url.URL, q url.Values) { q["signature"] = []string{"x", q.Get("signature")} },
		"of another process": func(_ *url.URL, q url.Values) {
			q.Set("signature", newLinks().sign("A", "part-001.mp4", q.Get("expires")))
		},
		"with the time written longer": func(_ *url.URL, q url.Values) { q.Set("expires", "0"+q.Get("expires")) },
		"with no time":                 func(_ *url.URL, q url.Values) { q.Set("expires", "soon") },
	} {
		t.Run(name, func(t *testing.T) {
			link := e.linkTo(t, "A")
			query := link.Query()
			change(link, query)
			link.RawQuery = query.Encode()
			wantProblem(t, e.do(http.MethodGet, link.String(), ""), "link_invalid")
			wantProblem(t, e.do(http.MethodGet, link.String(), "", bearerOf(carol)), "link_invalid")
		})
	}
}

func TestLinkRunsOut(t *testing.T) {
	l, expires := newLinks(), may(1)
	u, err := url.Parse(l.link("A", "part-001.mp4", expires))
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	for at, want := range map[time.Time]error{expires.Add(-time.Hour): nil, expires.Add(-time.Second): nil, expires: errLink, expires.Add(time.Hour): errLink} {
		if err := l.check("A", q.Get("part"), q.Get("expires"), q.Get("signature"), at); err != want { //nolint:errorlint // the value itself
			t.Errorf("at %v: %v, want %v", at, err, want)
		}
	}
	if other := newLinks(); other.sign("A", "B", "C") == l.sign("A", "B", "C") {
		t.Error("two processes sign alike")
	}
}
