package client_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"rostrum/api/client"
)

// patched is a server with one session, whose tag is "first" before a restart and
// "second" after it.
func patched(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	tag := r.Header.Get("If-Match")
	switch {
	case r.Method == http.MethodPost:
		created(w, "/api/whip/sessions/abc")
	case r.Method == http.MethodDelete, r.Header.Get("Content-Type") != "application/trickle-ice-sdpfrag":
		w.WriteHeader(http.StatusNotFound)
	case strings.HasPrefix(string(body), "restart") && tag == "*":
		w.Header().Set("ETag", `"second"`)
		w.Header().Set("Content-Type", "application/trickle-ice-sdpfrag")
		_, _ = io.WriteString(w, "fresh"+strings.Repeat("a=candidate:\n", 10_000*strings.Count(string(body), "long")))
	case string(body) == "now "+tag:
		w.WriteHeader(http.StatusNoContent)
	default:
		w.WriteHeader(http.StatusPreconditionFailed)
	}
}

func TestSessionGoesOnByItsTags(t *testing.T) {
	ctx := t.Context()
	s, err := serve(t, patched).Publish(ctx, "demo", offer)
	if err != nil || s.Answer != answer || s.ID != "abc" || s.ETag() != `"first"` {
		t.Fatalf("%+v, %v", s, err)
	}
	if err := s.Trickle(ctx, `now "first"`); err != nil {
		t.Error(err)
	}
	if fragment, err := s.Restart(ctx, "restart"); err != nil || fragment != "fresh" || s.ETag() != `"second"` {
		t.Errorf("%q, %v, %s", fragment, err, s.ETag())
	}
	if err := s.Trickle(ctx, `now "second"`); err != nil {
		t.Error(err)
	}
	if err := s.Trickle(ctx, `now "first"`); !errors.Is(err, &client.Problem{Status: http.StatusPreconditionFailed}) {
		t.Errorf("a stale tag: %v", err)
	}
	if _, err := s.Restart(ctx, "restart for long"); !errors.Is(err, client.ErrContract) || s.ETag() != `"second"` {
		t.Errorf("an endless fragment: %v", err)
	}
	if _, err := s.Restart(ctx, "none"); !errors.Is(err, &client.Problem{Status: http.StatusPreconditionFailed}) || s.ETag() != `"second"` {
		t.Errorf("a restart that is refused: %v", err)
	}
	if err := s.End(ctx); err != nil {
		t.Errorf("the end of a session that is over: %v", err)
	}
}

func TestRestartThatIsNoneIsRefused(t *testing.T) {
	s, err := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			created(w, "/api/whip/sessions/abc")
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}).Publish(t.Context(), "demo", offer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Restart(t.Context(), "restart"); !errors.Is(err, client.ErrContract) || s.ETag() != `"first"` {
		t.Errorf("%v, the tag is %s", err, s.ETag())
	}
}

// A session that has been begun behind the back of who wants it no more is ended.
func TestPostThatItsContextEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var asked []string
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method)
		if r.Method == http.MethodPost {
			cancel()
			created(w, "/api/whip/sessions/abc")
		}
	})
	if s, err := c.Publish(ctx, "demo", offer); s != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("%+v, %v", s, err)
	}
	if !slices.Equal(asked, []string{http.MethodPost, http.MethodDelete}) {
		t.Errorf("asked for %q", asked)
	}
}

func TestICEServers(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Add("Link", `<stun:stun.example.net>; rel="ice-server"`)
		w.Header().Add("Link", `<turn:turn.example.net?transport=udp>; rel="ice-server"; username="a,b"; credential="c\"d;e"; credential-type="password", <turns:turn.example.net>;rel=ice-server`)
		w.Header().Add("Link", `</api/whep/sessions/abc/events>; rel="urn:ietf:params:whep:ext:core:server-sent-events"`)
		w.Header().Add("Link", `<https://evil.example>; rel="ice-server", <stun:none, <>, garbage; rel="ice-server"`)
		created(w, "/api/whep/sessions/abc")
	})
	s, err := c.Play(t.Context(), "demo", offer)
	if err != nil {
		t.Fatal(err)
	}
	want := []client.ICEServer{
		{URL: "stun:stun.example.net"},
		{URL: "turn:turn.example.net?transport=udp", Username: "a,b", Credential: `c"d;e`},
		{URL: "turns:turn.example.net"},
	}
	if !slices.Equal(s.ICEServers, want) {
		t.Errorf("%+v, want %+v", s.ICEServers, want)
	}
}
