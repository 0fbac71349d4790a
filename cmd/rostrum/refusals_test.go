package main

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"rostrum/cmd/rostrum/config"
	"rostrum/ports/porttest/webrtcpeer"
)

// TestRefusedRequests makes every kind of bad request. None of them may leave the
// room taken.
func TestRefusedRequests(t *testing.T) {
	server := startServer(t)
	offer := webrtcpeer.Publisher(t).Offer()
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	without := func(name string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Del(name) }
	}
	chunked := func(r *http.Request) { r.ContentLength = -1 }

	for name, c := range map[string]struct {
		room   string
		body   string
		change []func(*http.Request)
		status int
		code   string
	}{
		"65 characters":          {room: strings.Repeat("a", 65), body: offer, status: 400, code: "room_name_invalid"},
		"dot":                    {room: "a.b", body: offer, status: 400, code: "room_name_invalid"},
		"two dots":               {room: "..", body: offer, status: 400, code: "path_invalid"},
		"space":                  {room: "a%20b", body: offer, status: 400, code: "room_name_invalid"},
		"encoded slash":          {room: "a%2Fb", body: offer, status: 400, code: "room_name_invalid"},
		"slash":                  {room: "a/b", body: offer, status: 404, code: "not_found"},
		"no name":                {room: "", body: offer, status: 404, code: "not_found"},
		"NUL":                    {room: "a%00", body: offer, status: 400, code: "room_name_invalid"},
		"line end":               {room: "a%0A", body: offer, status: 400, code: "room_name_invalid"},
		"non-ASCII":              {room: "caf%C3%A9", body: offer, status: 400, code: "room_name_invalid"},
		"no UTF-8":               {room: "%ff", body: offer, status: 400, code: "room_name_invalid"},
		"no token":               {room: "bad", body: offer, change: []func(*http.Request){without("Authorization")}, status: 401, code: "token_missing"},
		"empty token":            {room: "bad", body: offer, change: []func(*http.Request){header("Authorization", "Bearer ")}, status: 401, code: "token_missing"},
		"no scheme":              {room: "bad", body: offer, change: []func(*http.Request){header("Authorization", testToken)}, status: 401, code: "token_missing"},
		"basic":                  {room: "bad", body: offer, change: []func(*http.Request){header("Authorization", "Basic "+testToken)}, status: 401, code: "token_missing"},
		"wrong token":            {room: "bad", body: offer, change: []func(*http.Request){header("Authorization", "Bearer wrong-token")}, status: 401, code: "token_invalid"},
		"stranger, bad name":     {room: "a.b", body: offer, change: []func(*http.Request){header("Authorization", "Bearer wrong-token")}, status: 401, code: "token_invalid"},
		"stranger, huge body":    {room: "bad", body: strings.Repeat("a", 1<<20), change: []func(*http.Request){without("Authorization")}, status: 401, code: "token_missing"},
		"no media type":          {room: "bad", body: offer, change: []func(*http.Request){without("Content-Type")}, status: 415, code: "media_type_unsupported"},
		"JSON":                   {room: "bad", body: offer, change: []func(*http.Request){header("Content-Type", "application/json")}, status: 415, code: "media_type_unsupported"},
		"nearly SDP":             {room: "bad", body: offer, change: []func(*http.Request){header("Content-Type", "application/sdpx")}, status: 415, code: "media_type_unsupported"},
		"empty":                  {room: "bad", body: "", status: 400, code: "offer_invalid"},
		"nonsense":               {room: "bad", body: "good morning", status: 400, code: "offer_invalid"},
		"NUL bytes":              {room: "bad", body: strings.Repeat("\x00", 100), status: 400, code: "offer_invalid"},
		"truncated":              {room: "bad", body: offer[:strings.Index(offer, "m=")+30], status: 400, code: "offer_invalid"},
		"huge, length known":     {room: "bad", body: strings.Repeat("a", 64<<10+1), status: 413, code: "body_too_large"},
		"huge, in chunks":        {room: "bad", body: strings.Repeat("a", 10<<20), change: []func(*http.Request){chunked}, status: 413, code: "body_too_large"},
		"recvonly":               {room: "bad", body: strings.ReplaceAll(offer, "a=sendonly", "a=recvonly"), status: 422, code: "offer_unsupported"},
		"no codec that we serve": {room: "bad", body: unknownCodecs(offer), status: 422, code: "no_common_codec"},
	} {
		t.Run(name, func(t *testing.T) {
			a := send(t, http.MethodPost, server+"/api/whip/publish/"+c.room, io.MultiReader(bytes.NewReader([]byte(c.body))),
				append([]func(*http.Request){func(r *http.Request) { r.ContentLength = int64(len(c.body)) }}, c.change...)...)
			p := a.problem(t)
			if a.StatusCode != c.status || p.Code != c.code {
				t.Errorf("%d %s (%s), want %d %s", a.StatusCode, p.Code, p.Detail, c.status, c.code)
			}
			if challenge := a.Header.Get("WWW-Authenticate"); (a.StatusCode == http.StatusUnauthorized) != strings.HasPrefix(challenge, "Bearer") {
				t.Errorf("WWW-Authenticate %q with a %d", challenge, a.StatusCode)
			}
			if strings.Contains(string(a.body), testToken) {
				t.Error("the answer holds the token")
			}
		})
	}
	connect(t, webrtcpeer.Publisher(t), server, "/api/whip/publish/bad")
}

func unknownCodecs(offer string) string {
	for _, name := range []string{"VP8/", "VP9/", "H264/", "H265/", "AV1/", "opus/"} {
		offer = strings.ReplaceAll(offer, " "+name, " X-"+name)
	}
	return offer
}

// TestSessionsOfOthers shows that a session can be ended only as what it is, and
// once.
func TestSessionsOfOthers(t *testing.T) {
	server := startServer(t, func(cfg *config.Config) {
		cfg.Auth.Anonymous = []string{"play:*"}
	})
	publisher := connect(t, webrtcpeer.Publisher(t), server, "/api/whip/publish/own")

	asViewer := strings.Replace(publisher, "/whip/", "/whep/", 1)
	if a := send(t, http.MethodDelete, asViewer, nil); a.problem(t).Code != "session_unknown" {
		t.Errorf("ending a publisher as a viewer: %s", a.body)
	}
	anonymous := func(r *http.Request) { r.Header.Del("Authorization") }
	if a := send(t, http.MethodDelete, publisher, nil, anonymous); a.problem(t).Code != "forbidden" {
		t.Errorf("ending a publisher without its token: %s", a.body)
	}
	stranger := func(r *http.Request) { r.Header.Set("Authorization", "Bearer wrong-token") }
	if a := send(t, http.MethodDelete, publisher, nil, stranger); a.problem(t).Code != "token_invalid" {
		t.Errorf("ending a publisher with a wrong token: %s", a.body)
	}
	end(t, publisher)
	if a := send(t, http.MethodDelete, publisher, nil); a.problem(t).Code != "session_unknown" {
		t.Errorf("ending it again: %s", a.body)
	}
}

// TestRateLimit lets an address publish as often as it may, and says when it may
// again.
func TestRateLimit(t *testing.T) {
	server := startServer(t, func(cfg *config.Config) {
		if err := cfg.Limits.Publish.UnmarshalText([]byte("3/1h")); err != nil {
			t.Fatal(err)
		}
	})
	for left := 2; left >= 0; left-- {
		a := post(t, server+"/api/whip/publish/limited", "nonsense")
		if a.StatusCode != http.StatusBadRequest || a.Header.Get("RateLimit-Remaining") != string(rune('0'+left)) || a.Header.Get("RateLimit-Limit") != "3" {
			t.Fatalf("%d with %v", a.StatusCode, a.Header)
		}
	}
	a := post(t, server+"/api/whip/publish/limited", "nonsense")
	if p := a.problem(t); p.Code != "rate_limited" || !p.Retryable {
		t.Errorf("past the limit: %+v", p)
	}
	wait, err := time.ParseDuration(a.Header.Get("Retry-After") + "s")
	if err != nil || wait <= 0 || wait > time.Hour {
		t.Errorf("Retry-After %q: %v", a.Header.Get("Retry-After"), err)
	}
	believed := post(t, server+"/api/whip/publish/limited", "nonsense")
	if believed.StatusCode != http.StatusTooManyRequests {
		t.Errorf("again: %d", believed.StatusCode)
	}
	forged := send(t, http.MethodPost, server+"/api/whip/publish/limited", strings.NewReader("nonsense"),
		func(r *http.Request) { r.Header.Set("X-Forwarded-For", "203.0.113.9") })
	if forged.StatusCode != http.StatusTooManyRequests {
		t.Errorf("with a forged X-Forwarded-For: %d", forged.StatusCode)
	}
}
