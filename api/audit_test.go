package api

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"rostrum/ports"
)

// exported returns the entries of an export, each a line.
func exported(t *testing.T, body io.Reader) (entries []AuditEntry) {
	t.Helper()
	for lines := bufio.NewScanner(body); lines.Scan(); {
		var e AuditEntry
		decoder := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&e); err != nil {
			t.Fatalf("%s: %v", lines.Bytes(), err)
		}
		entries = append(entries, e)
	}
	return entries
}

func (e edge) audit(t *testing.T, query string) []AuditEntry {
	t.Helper()
	w := e.do(http.MethodGet, "/api/audit"+query, "", bearerOf(carol))
	wantStatus(t, w, http.StatusOK)
	return exported(t, w.Body)
}

// The trail tells what was done to rooms and who was not let in, in order.
func TestAuditIsExported(t *testing.T) {
	e := newEdge(t)
	e.create(t, `{"name":"hall"}`)
	e.do(http.MethodDelete, "/api/rooms/hall?by=force", "", bearerOf(bob))
	e.entries(t) // what is written behind everybody's back is there, so that the order is known
	e.doJSON(http.MethodPatch, "/api/rooms/hall", `{"display_name":"x"}`, bearerOf(carol), "If-Match: *")
	made := e.mint(t, tokensOfHall, `{"action":"play"}`)
	e.do(http.MethodDelete, tokensOfHall+"/"+made.ID, "", bearerOf(carol))
	e.do(http.MethodDelete, "/api/rooms/hall", "", bearerOf(carol))
	e.do(http.MethodPost, publishHall, "offer", sdpType, bearerOf("wrong-token"))
	e.entries(t)
	w := e.do(http.MethodGet, "/api/audit", "", bearerOf(carol))
	if h := w.Header(); h.Get("Content-Type") != "application/jsonl" || h.Get("Cache-Control") != "no-store" ||
		!strings.HasPrefix(h.Get("Content-Disposition"), "attachment; filename=rostrum-audit-20") || h.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%v", h)
	}
	entries := exported(t, w.Body)
	var acts []string
	for i, entry := range entries {
		acts = append(acts, entry.Subject+" "+entry.Act+" "+entry.Object)
		if i > 0 && entry.Number <= entries[i-1].Number || entry.From != "192.0.2.1" || time.Since(entry.At) > time.Minute {
			t.Errorf("%+v", entry)
		}
	}
	want := []string{
		"carol room.create hall", "bob access.refused DELETE /api/rooms/hall", "carol room.change hall",
		"carol room.token.mint hall", "carol room.token.revoke hall", "carol room.delete hall", " access.refused POST /api/whip/publish/hall",
	}
	if strings.Join(acts, "\n") != strings.Join(want, "\n") {
		t.Errorf("%q, want %q", acts, want)
	}
	if head := e.do(http.MethodHead, "/api/audit", "", bearerOf(carol)); head.Code != http.StatusOK || head.Body.Len() > 0 || head.Header().Get("Content-Type") != "application/jsonl" {
		t.Errorf("HEAD: %d %v %s", head.Code, head.Header(), head.Body)
	}
}

// fill records entries, one each hour from the first of May on.
func (s stores) fill(t *testing.T, n int) {
	t.Helper()
	var entries []ports.AuditEntry
	for i := range n {
		entries = append(entries, ports.AuditEntry{At: may(i), Act: "test", Object: fmt.Sprintf("%d <\u2028>\"", i)})
	}
	if err := s.trail.Record(t.Context(), entries...); err != nil {
		t.Fatal(err)
	}
}

func TestAuditIsFiltered(t *testing.T) {
	const n = 2*auditPage + 7
	e := newEdge(t)
	e.fill(t, n)
	for query, want := range map[string][2]int{ // the first, and how many
		"":                                  {1, n},
		"?after=0":                          {1, n},
		"?after=3":                          {4, n - 3},
		"?limit=5":                          {1, 5},
		"?after=490&limit=20":               {491, 20},
		fmt.Sprintf("?limit=%d", auditPage): {1, auditPage},
		fmt.Sprintf("?limit=%d", n+1):       {1, n},
		fmt.Sprintf("?after=%d", n):         {0, 0},
		"?after=9223372036854775807":        {0, 0},
		"?from=2026-05-02T00:00:00Z":        {25, n - 24},
		"?from=2026-05-02T00:00:00Z&before=2026-05-03T00:00:00Z":          {25, 24},
		"?from=2026-05-22T00:00:00Z&limit=3":                              {505, 3},
		"?before=2026-05-01T00:00:00Z":                                    {0, 0},
		"?after=30&before=2026-05-03T00:00:00Z&limit=9223372036854775807": {31, 18},
	} {
		entries := e.audit(t, query)
		first := 0
		if len(entries) > 0 {
			first = int(entries[0].Number)
		}
		if first != want[0] || len(entries) != want[1] {
			t.Errorf("%s: %d from %d on, want %d from %d on", query, len(entries), first, want[1], want[0])
		}
		for i, entry := range entries {
			if entry.Number != int64(first+i) || entry.Object != fmt.Sprintf("%d <\u2028>\"", first+i-1) {
				t.Fatalf("%s: %+v at place %d", query, entry, i)
			}
		}
	}
	for _, query := range []string{"after=-1", "after=x", "after=1.5", "after=9223372036854775808", "limit=0", "limit=-1", "limit=all", "from=now", "before=2026-05-01"} {
		wantProblem(t, e.do(http.MethodGet, "/api/audit?"+query, "", bearerOf(carol)), "request_invalid")
	}
}

// A part of the trail is never taken for the whole: where the database goes away while it
// is exported, the connection breaks off.
func TestAuditBreaksOff(t *testing.T) {
	for name, pages := range map[string]int32{"after one page": 1, "after two pages": 2} {
		t.Run(name, func(t *testing.T) {
			e := newEdge(t)
			e.fill(t, 3*auditPage)
			server := httptest.NewServer(e)
			defer server.Close()
			e.outage.pages.Store(pages)
			r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/api/audit", nil)
			r.Header.Set("Authorization", "Bearer "+carol)
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			if res.StatusCode != http.StatusOK || !errors.Is(err, io.ErrUnexpectedEOF) || strings.Contains(string(body), "hunter2") {
				t.Errorf("%s with %d bytes, then %v", res.Status, len(body), err)
			}
		})
	}
	e := newEdge(t)
	e.outage.away.Store(true)
	w := e.do(http.MethodGet, "/api/audit", "", bearerOf(carol))
	if strings.Contains(w.Body.String(), "hunter2") || w.Header().Get("Retry-After") == "" {
		t.Errorf("%v %s", w.Header(), w.Body)
	}
	wantProblem(t, w, "unavailable")
}
