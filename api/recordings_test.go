package api

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/domain"
)

// list returns the ids of a list.
func (e edge) list(t *testing.T, query string, lines ...string) []string {
	t.Helper()
	ids := []string{}
	for _, r := range read[RecordingList](t, e.do(http.MethodGet, "/api/recordings"+query, "", lines...)).Recordings {
		ids = append(ids, r.ID)
	}
	return ids
}

// library keeps five recordings, of which the last that began is E.
func library(t *testing.T, e edge) {
	t.Helper()
	e.stored(t, "hall", "A", may(1), film)
	e.stored(t, "hall", "B", may(2), film)
	e.stored(t, "attic", "C", may(3), film)
	uploading := e.stored(t, "foyer", "D", may(4), film)
	uploading.State, uploading.Stored = domain.RecordingUploading, time.Time{}
	e.keep(t, uploading)
	failed := e.stored(t, "hall", "E", may(5), film)
	failed.State, failed.Stored = domain.RecordingFailed, time.Time{}
	failed.Failure = domain.Failure{During: domain.RecordingUploading, Reason: "the store is away", Attempts: 3, Next: may(6)}
	e.keep(t, failed)
}

func TestListIsFiltered(t *testing.T) {
	e := newEdge(t)
	library(t, e)
	for query, want := range map[string]string{
		"":                              "EDCBA",
		"?room=hall":                    "EBA",
		"?room=nowhere":                 "",
		"?state=stored":                 "CBA",
		"?state=uploading&state=failed": "ED",
		"?state=stored&state=stored":    "CBA",
		"?state=started":                "",
		"?from=2026-05-01T03:00:00Z":    "EDC",
		"?before=2026-05-01T03:00:00Z":  "BA",
		"?from=2026-05-01T05:00:00%2B02:00&before=2026-05-01T07:00:00%2B02:00": "DC",
		"?from=2026-05-01T03:00:00.000001Z":                                    "ED",
		"?room=hall&state=stored&from=2026-05-01T02:00:00Z":                    "B",
		"?from=2027-01-01T00:00:00Z&before=2026-01-01T00:00:00Z":               "",
		"?from=0001-01-01T00:00:00Z&before=9999-12-31T23:59:59Z":               "EDCBA",
		"?limit=200": "EDCBA",
		"?limit=1":   "E",
		"?room=&state=&from=&before=&limit=&cursor=": "EDCBA",
		"?order=asc&room[]=attic&x=%00":              "EDCBA",
	} {
		if got := strings.Join(e.list(t, query, bearerOf(bob)), ""); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}

// Whoever may play in a room may see its recordings, and nobody else learns of them.
func TestListHoldsWhatTheBearerMaySee(t *testing.T) {
	e := newEdgeFor(t, []string{"play:foyer"}, 0)
	library(t, e)
	for name, c := range map[string]struct{ line, query, want string }{
		"an administrator":     {bearerOf(carol), "", "EDCBA"},
		"who may play in all":  {bearerOf(bob), "", "EDCBA"},
		"who may play in one":  {bearerOf(dave), "", "C"},
		"in one, asks another": {bearerOf(dave), "?room=hall", ""},
		"anybody":              {"Accept: */*", "", "D"},
		"anybody, page by one": {"Accept: */*", "?limit=1", "D"},
	} {
		if got := strings.Join(e.list(t, c.query, c.line), ""); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestListIsPaged(t *testing.T) {
	for _, who := range []string{carol, dave} {
		for limit := 1; limit <= 9; limit++ {
			e := newEdge(t)
			var want []string
			for i := range 8 { // four of them began at one time
				id := string(rune('A' + i))
				e.stored(t, []domain.RoomName{"attic", "hall"}[i%2], domain.RecordingID(id), may(i/4), film)
				if who == carol || i%2 == 0 {
					want = append([]string{id}, want...)
				}
			}
			var got []string
			for query := fmt.Sprintf("?limit=%d", limit); query != ""; {
				page := read[RecordingList](t, e.do(http.MethodGet, "/api/recordings"+query, "", bearerOf(who)))
				for _, r := range page.Recordings {
					got = append(got, r.ID)
				}
				if query = ""; page.NextCursor != "" {
					query = fmt.Sprintf("?limit=%d&cursor=%s", limit, page.NextCursor)
				}
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("by pages of %d: %s", limit, d)
			}
		}
	}
}

func TestListIsRefused(t *testing.T) {
	e := newEdge(t)
	library(t, e)
	for name, c := range map[string]struct{ query, code, says string }{
		"a room that cannot be":       {"room=a.b", "room_name_invalid", ""},
		"SQL for a room":              {"room=" + url.QueryEscape("' OR 1=1 --"), "room_name_invalid", ""},
		"a wildcard for a room":       {"room=%25", "room_name_invalid", ""},
		"a state that is none":        {"state=gone", "request_invalid", "uploading"},
		"SQL for a state":             {"state=" + url.QueryEscape("stored'); DROP TABLE recordings; --"), "request_invalid", "uploading"},
		"a state in capitals":         {"state=STORED", "request_invalid", "uploading"},
		"one state of two is none":    {"state=stored&state=,", "request_invalid", "uploading"},
		"states in one parameter":     {"state=stored,failed", "request_invalid", "uploading"},
		"a day for a time":            {"from=2026-05-01", "request_invalid", "from"},
		"a plus that is a space":      {"from=2026-05-01T00:00:00+02:00", "request_invalid", "%2B"},
		"a 32nd of May":               {"before=2026-05-32T00:00:00Z", "request_invalid", "before"},
		"the year 10000":              {"before=10000-01-01T00:00:00Z", "request_invalid", "before"},
		"seconds since 1970":          {"from=1767225600", "request_invalid", "from"},
		"no recordings":               {"limit=0", "request_invalid", "200"},
		"fewer than none":             {"limit=-1", "request_invalid", "200"},
		"more than may be":            {"limit=201", "request_invalid", "200"},
		"more than can be counted":    {"limit=99999999999999999999", "request_invalid", "200"},
		"half a recording":            {"limit=1.5", "request_invalid", "200"},
		"no number":                   {"limit=all", "request_invalid", "200"},
		"a cursor that is none":       {"cursor=next", "cursor_invalid", ""},
		"a cursor of nothing":         {"cursor=" + encoded("|"), "cursor_invalid", ""},
		"without an id":               {"cursor=" + encoded("1|"), "cursor_invalid", ""},
		"without a time":              {"cursor=" + encoded("|A"), "cursor_invalid", ""},
		"with SQL for an id":          {"cursor=" + encoded("1|A' OR 1=1"), "cursor_invalid", ""},
		"with an endless id":          {"cursor=" + encoded("1|"+strings.Repeat("A", 65)), "cursor_invalid", ""},
		"before all years":            {"cursor=" + encoded("-9223372036854775808|A"), "cursor_invalid", ""},
		"behind all years":            {"cursor=" + encoded("9223372036854775807|A"), "cursor_invalid", ""},
		"written otherwise":           {"cursor=" + encoded("+1|A"), "cursor_invalid", ""},
		"padded":                      {"cursor=" + encoded("12|A") + "==", "cursor_invalid", ""},
		"with something behind it":    {"cursor=" + cursorOf(may(3), "C") + "A", "cursor_invalid", ""},
		"a cursor of a million bytes": {"cursor=" + strings.Repeat("A", 1_000_000), "cursor_invalid", ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := e.do(http.MethodGet, "/api/recordings?"+c.query, "", bearerOf(bob))
			if !strings.Contains(w.Body.String(), c.says) {
				t.Errorf("%s does not say %s", w.Body, c.says)
			}
			wantProblem(t, w, c.code)
		})
	}
	wantProblem(t, e.do(http.MethodGet, "/api/recordings?limit=x", ""), "token_missing")
	wantProblem(t, e.do(http.MethodGet, "/api/recordings?limit=x", "", bearerOf("wrong-token")), "token_invalid")
	if got := e.list(t, "", bearerOf(bob)); len(got) != 5 {
		t.Errorf("%v are left", got)
	}
}

func FuzzCursor(f *testing.F) {
	f.Add(exampleCursor)
	f.Add(encoded("1|A"))
	f.Fuzz(func(t *testing.T, cursor string) {
		at, id, err := parsePlace(cursor)
		if err == nil && cursorOf(at, id) != cursor {
			t.Errorf("%q is taken for %v and %q", cursor, at, id)
		}
	})
}
