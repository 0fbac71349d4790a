package api

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"rostrum/domain"
	"rostrum/ports"
)

// problemIn returns the problem that an answer holds, which can be read again.
func problemIn(t *testing.T, w *httptest.ResponseRecorder) (p Problem) {
	t.Helper()
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatalf("%d %s: %v", w.Code, w.Body, err)
	}
	return p
}

// roomOperations are the operations on rooms, and which token is the least that does: of
// who may watch the room, of who administers it, or of who administers all.
var roomOperations = []struct{ method, target, least string }{
	{http.MethodPost, "/api/rooms", erin},
	{http.MethodGet, "/api/rooms/attic", dave},
	{http.MethodPatch, "/api/rooms/attic", erin},
	{http.MethodGet, "/api/rooms/attic/tokens", erin},
	{http.MethodPost, "/api/rooms/attic/tokens", erin},
	{http.MethodPost, "/api/rooms/attic/tokens/AAAA/rotation", erin},
	{http.MethodDelete, "/api/rooms/attic/tokens/AAAA", erin},
	{http.MethodGet, "/api/rooms/attic/sessions", erin},
	{http.MethodDelete, "/api/rooms/attic/publisher", erin},
	{http.MethodGet, "/api/rooms/attic/recording", dave},
	{http.MethodDelete, "/api/rooms/attic", erin},
	{http.MethodGet, "/api/sessions", carol},
	{http.MethodGet, "/api/audit", carol},
}

// bodyOf returns the body of an operation that takes one.
func bodyOf(method, target string) string {
	switch {
	case method == http.MethodPost && target == "/api/rooms":
		return `{"name":"attic"}`
	case method == http.MethodPost && strings.HasSuffix(target, "rotation"):
		return `{"overlap_seconds":0}`
	case method == http.MethodPost:
		return `{"action":"play"}`
	case method == http.MethodPatch:
		return `{}`
	}
	return ""
}

// Each operation is for who it is for, and everybody who is not let in is in the audit
// trail, once: who it is as far as that is known, from where, and what was asked for,
// without the query.
func TestAdministrationIsForAdministrators(t *testing.T) {
	subjects := map[string]string{"": "", "wrong-token-SECRET": "", alice: "alice", bob: "bob", carol: "carol", dave: "dave", erin: "erin"}
	order := map[string]int{dave: 1, erin: 2, carol: 3}
	for _, op := range roomOperations {
		for token, subject := range subjects {
			t.Run(op.method+" "+op.target+" as "+subject+" "+token, func(t *testing.T) {
				e := newEdge(t)
				lines := []string{"If-Match: *", "User-Agent: SECRET"}
				if token != "" {
					lines = append(lines, bearerOf(token))
				}
				w := e.doJSON(op.method, op.target+"?key=SECRET", bodyOf(op.method, op.target), lines...)
				want := "forbidden"
				switch {
				case token == "":
					want = "token_missing"
				case subject == "":
					want = "token_invalid"
				case order[token] >= order[op.least], op.least == dave: // alice and bob may watch all rooms
					want = ""
				}
				entries := e.entries(t)
				if want == "" {
					if w.Code == http.StatusUnauthorized || w.Code == http.StatusForbidden {
						t.Errorf("%d %s", w.Code, w.Body)
					}
					for _, entry := range entries {
						if entry.Act == "access.refused" {
							t.Errorf("%+v", entry)
						}
					}
					return
				}
				detail := want + ": " + problemIn(t, w).Detail
				wantProblem(t, w, want)
				entry := ports.AuditEntry{From: "192.0.2.1", Act: "access.refused", Object: op.method + " " + op.target, Detail: detail}
				if want == "forbidden" {
					entry.Subject = domain.Subject(subject)
				}
				if len(entries) != 1 || entries[0] != entry {
					t.Errorf("%+v, want %+v", entries, entry)
				}
			})
		}
	}
}

// What is not a refusal of somebody is not told as one.
func TestWhatTheAuditLeavesOut(t *testing.T) {
	e := newEdge(t, fromHome, func(o *Options) { o.Sessions = &limiter{left: 2} })
	session := e.begin(t, publishHall)
	wantNothing(t, e.do(http.MethodOptions, publishHall, "", bearerOf("wrong-token")), http.StatusNoContent)
	e.do(http.MethodOptions, "/api/rooms/hall", "", "Access-Control-Request-Method: DELETE", "Origin: https://home.example")
	e.do(http.MethodGet, "/healthz", "", bearerOf("wrong-token"))
	e.do(http.MethodGet, "/readyz", "", bearerOf("wrong-token"))
	e.do(http.MethodGet, "/metrics", "", bearerOf("wrong-token"))
	e.do(http.MethodGet, "/nothing", "", bearerOf("wrong-token"))
	e.do(http.MethodGet, publishHall, "", bearerOf("wrong-token"))
	wantProblem(t, e.do(http.MethodGet, "/api/rooms/nowhere", "", bearerOf(bob)), "room_unknown")
	wantProblem(t, e.do(http.MethodGet, session, "", bearerOf("wrong-token")), "token_invalid")
	wantProblem(t, e.do(http.MethodGet, session, "", bearerOf("wrong-token")), "rate_limited")
	entries := e.entries(t)
	if len(entries) != 1 || entries[0].Object != "GET "+session || !strings.HasPrefix(entries[0].Detail, "token_invalid: ") {
		t.Errorf("%+v", entries)
	}
}

// An address is told whole: how much of it is kept is the operator's choice, elsewhere.
func TestAuditTellsTheWholeAddress(t *testing.T) {
	e := newEdge(t, func(o *Options) { o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")} })
	wantProblem(t, e.do(http.MethodGet, "/api/rooms", "", "X-Forwarded-For: 203.0.113.9, 2001:db8::1:2"), "token_missing")
	wantProblem(t, e.do(http.MethodGet, "/api/rooms", ""), "token_missing")
	entries := e.entries(t)
	if len(entries) != 2 || entries[0].From != "2001:db8::1:2" || entries[1].From != "192.0.2.1" {
		t.Errorf("%+v", entries)
	}
}

// Whoever may try tokens is counted, whichever operation is asked.
func TestAdministrationIsLimited(t *testing.T) {
	e := newEdge(t, func(o *Options) { o.Sessions = &limiter{left: 1} })
	wantProblem(t, e.do(http.MethodGet, "/api/rooms", "", bearerOf("wrong-token")), "token_invalid")
	for _, op := range roomOperations {
		wantProblem(t, e.doJSON(op.method, op.target, bodyOf(op.method, op.target), bearerOf(carol), "If-Match: *"), "rate_limited")
	}
}

// The administrator of a room may make it and no other, and do nothing with another.
func TestAdministratorOfAnotherRoom(t *testing.T) {
	e := newEdge(t)
	for _, op := range roomOperations {
		if target := strings.Replace(op.target, "attic", "hall", 1); target != op.target {
			wantProblem(t, e.doJSON(op.method, target, bodyOf(op.method, target), bearerOf(erin), "If-Match: *"), "forbidden")
		}
	}
	wantProblem(t, e.doJSON(http.MethodPost, "/api/rooms", `{"name":"hall"}`, bearerOf(erin)), "forbidden")
	wantProblem(t, e.doJSON(http.MethodPost, "/api/rooms", `{"name":"Attic"}`, bearerOf(erin)), "forbidden")
	wantStatus(t, e.doJSON(http.MethodPost, "/api/rooms", `{"name":"attic"}`, bearerOf(erin)), http.StatusCreated)
	wantProblem(t, e.doJSON(http.MethodPost, "/api/rooms", `{"name":"attic"}`, bearerOf(dave)), "forbidden")
}
