package client_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"rostrum/api/client"
)

func TestProblems(t *testing.T) {
	const kind = "application/problem+json; charset=utf-8"
	document := `{"type":"about:blank","title":"Conflict","status":409,"code":"room_busy","detail":"The room has a publisher.","retryable":true}`
	for name, c := range map[string]struct {
		status           int
		kind, body, wait string
		want             client.Problem
	}{
		"the server's": {409, kind, document, "2",
			client.Problem{Status: 409, Code: "room_busy", Title: "Conflict", Detail: "The room has a publisher.", Retryable: true, RetryAfter: 2 * time.Second}},
		"a proxy's page": {502, "text/html", "<html>", "", client.Problem{Status: 502, Title: "Bad Gateway", Retryable: true}},
		"a document in name alone": {503, kind, "<html>", "7",
			client.Problem{Status: 503, Title: "Service Unavailable", Retryable: true, RetryAfter: 7 * time.Second}},
		"one that does not say whether": {429, kind, `{"title":"Slow down"}`, "", client.Problem{Status: 429, Title: "Slow down", Retryable: true}},
		"one of lies":                   {403, kind, `{"status":200,"code":"forbidden","retryable":false}`, "-5", client.Problem{Status: 403, Code: "forbidden", Title: "Forbidden"}},
		"one with control codes":        {400, kind, `{"title":"a\u001b[2Jb\nc","retryable":false}`, "soon", client.Problem{Status: 400, Title: "a [2Jb c"}},
		"one that paints":               {400, kind, `{"title":"a\u009b2Jb\u202Ec\u2028d é","retryable":false}`, "", client.Problem{Status: 400, Title: "a 2Jb c d é"}},
		"a status of its own":           {499, "", "", "", client.Problem{Status: 499, Title: "no reason is given"}},
		"a wait of years":               {503, "", "", "99999999", client.Problem{Status: 503, Title: "Service Unavailable", Retryable: true, RetryAfter: client.MaxRetryAfter}},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", c.kind)
				if c.wait != "" {
					w.Header().Set("Retry-After", c.wait)
				}
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.body)
			})
			_, err := server.GetRoomWithResponse(t.Context(), "demo")
			var got *client.Problem
			if !errors.As(err, &got) || *got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
			if again, after := client.Retryable(fmt.Errorf("x: %w", err)); again != c.want.Retryable || after != c.want.RetryAfter {
				t.Errorf("retryable %v after %v", again, after)
			}
		})
	}
}

func TestRetryAfterADate(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", time.Now().Add(time.Minute).UTC().Format(http.TimeFormat))
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	_, err := server.GetRoomWithResponse(t.Context(), "demo")
	if _, after := client.Retryable(err); after <= 0 || after > time.Minute {
		t.Errorf("wait %v", after)
	}
}

func TestProblemsAreShort(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"detail":"`+strings.Repeat("long ", 1<<18)+`"}`)
	})
	if _, err := server.GetRoomWithResponse(t.Context(), "demo"); len(err.Error()) > 600 {
		t.Errorf("an error of %d bytes", len(err.Error()))
	}
}

func TestProblemMatchesByCodeOrStatus(t *testing.T) {
	p := error(&client.Problem{Status: 409, Code: "room_busy", Detail: "The room has a publisher."})
	for _, c := range []struct {
		target error
		want   bool
	}{
		{&client.Problem{Code: "room_busy"}, true},
		{&client.Problem{Status: 409}, true},
		{&client.Problem{Code: "forbidden", Status: 409}, false},
		{&client.Problem{Status: 404}, false},
		{client.ErrUnreachable, false},
	} {
		if got := errors.Is(fmt.Errorf("x: %w", p), c.target); got != c.want {
			t.Errorf("%+v: %v", c.target, got)
		}
	}
	if got := p.Error(); got != "the server refused (409 room_busy): The room has a publisher" {
		t.Error(got)
	}
}
