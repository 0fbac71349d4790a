package porttest

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

func listSessionOrder(t *testing.T, v visitors) {
	want := []domain.SessionID{"A", "Z", "9", "1", "0", "B0", "B", "AA", "M"}
	began := map[domain.SessionID]time.Duration{
		"A": time.Hour, "Z": 2 * time.Microsecond, "9": time.Microsecond, "1": time.Microsecond, "0": time.Microsecond,
		"M": -100 * 365 * 24 * time.Hour,
	}
	for _, i := range rand.Perm(len(want)) {
		v.keep(t, domain.SessionRecord{ID: want[i], Started: noon.Add(began[want[i]]), Subject: domain.Subject(want[i])})
	}
	sameKept(t, "order", want, v.ids(t, ports.SessionQuery{}))
	page, err := v.List(t.Context(), ports.SessionQuery{}, ports.SessionPlace{Started: noon, ID: "B0"}, 1)
	if err != nil || len(page) != 1 || page[0].Subject != "B" {
		t.Errorf("behind B0 is %+v (%v), want B with its own fields", page, err)
	}
}

func listSessionPages(t *testing.T, v visitors) {
	want := v.fillList(t, 7)
	for _, limit := range []int{1, 2, 3, 6, 7, 8, math.MaxInt} {
		sameKept(t, fmt.Sprintf("pages of %d", limit), want, v.pages(t, ports.SessionQuery{}, limit))
	}
	for what, c := range map[string]struct {
		after ports.SessionPlace
		count int
	}{
		"behind the last":                  {ports.SessionPlace{Started: noon, ID: "S0000"}, 0},
		"behind what is older than all":    {ports.SessionPlace{Started: noon.Add(-time.Hour), ID: "Z"}, 0},
		"behind what is newer than all":    {ports.SessionPlace{Started: noon.Add(time.Hour), ID: "A"}, 7},
		"between two of one time":          {ports.SessionPlace{Started: noon, ID: "S0000X"}, 1},
		"before the greatest of one time":  {ports.SessionPlace{Started: noon.Add(time.Second), ID: "Z"}, 4},
		"behind the smallest of one time":  {ports.SessionPlace{Started: noon.Add(time.Second), ID: "A"}, 2},
		"at a time and no id":              {ports.SessionPlace{Started: noon.Add(time.Second)}, 2},
		"at a time of another time zone":   {ports.SessionPlace{Started: noon.In(time.FixedZone("", -3600)), ID: "S0001"}, 1},
		"at a time finer than what's kept": {ports.SessionPlace{Started: noon.Add(999), ID: "S0001"}, 1},
	} {
		if page, err := v.List(t.Context(), ports.SessionQuery{}, c.after, 100); err != nil || len(page) != c.count {
			t.Errorf("%s are %d sessions (%v), want %d", what, len(page), err, c.count)
		}
	}
	for _, none := range []int{0, -1} {
		if page, err := v.List(t.Context(), ports.SessionQuery{}, ports.SessionPlace{}, none); err != nil || len(page) != 0 {
			t.Errorf("List of up to %d sessions has %d (%v)", none, len(page), err)
		}
	}
}

// sessionQueries is every combination of filters that can mean something of fillList's
// sessions, and some that cannot.
func sessionQueries() (all []ports.SessionQuery) {
	for _, room := range []domain.RoomName{"", "hall", "HALL"} {
		for _, role := range []domain.Role{"", domain.RolePublisher, domain.RoleSubscriber, "usher"} {
			for _, live := range []bool{false, true} {
				for _, from := range []time.Time{{}, noon.Add(2 * time.Second).In(time.FixedZone("", 7200))} {
					for _, before := range []time.Time{{}, noon.Add(8 * time.Second), noon.Add(time.Second)} {
						all = append(all, ports.SessionQuery{Room: room, Role: role, Live: live, From: from, Before: before})
					}
				}
			}
		}
	}
	return all
}

// means says what a query is for in the words of the port.
func means(q ports.SessionQuery, r domain.SessionRecord) bool {
	return (q.Room == "" || r.Room == q.Room) && (q.Role == "" || r.Role == q.Role) && (!q.Live || r.Live()) &&
		(q.From.IsZero() || !r.Started.Before(q.From)) && (q.Before.IsZero() || r.Started.Before(q.Before))
}

// eachSessionQuery has check compare what a query finds among 20 sessions with what it
// should.
func (v visitors) eachSessionQuery(t *testing.T, check func(what string, query ports.SessionQuery, want []domain.SessionID)) {
	t.Helper()
	var all []domain.SessionRecord
	for _, id := range v.fillList(t, 20) {
		all = append(all, v.kept(t, id))
	}
	found := 0
	for _, query := range sessionQueries() {
		var want []domain.SessionID
		for _, r := range all {
			if means(query, r) {
				want = append(want, r.ID)
			}
		}
		found += len(want)
		check(fmt.Sprintf("sessions of %+v", query), query, want)
	}
	if found == 0 {
		t.Error("no query is for any session")
	}
}

func listSessionFilters(t *testing.T, v visitors) {
	v.eachSessionQuery(t, func(what string, query ports.SessionQuery, want []domain.SessionID) {
		sameKept(t, what, want, v.ids(t, query))
	})
}

func listSessionFilteredPages(t *testing.T, v visitors) {
	v.eachSessionQuery(t, func(what string, query ports.SessionQuery, want []domain.SessionID) {
		sameKept(t, what+" in pages of 2", want, v.pages(t, query, 2))
	})
}

func listSessionNow(t *testing.T, v visitors) {
	check := func(when string, live, elsewhere []domain.SessionID) {
		t.Helper()
		sameKept(t, "what is live "+when, live, v.ids(t, ports.SessionQuery{Live: true}))
		sameKept(t, "what is elsewhere "+when, elsewhere, v.ids(t, ports.SessionQuery{Room: "elsewhere"}))
	}
	a, b := []domain.SessionID{"A"}, []domain.SessionID{"B"}
	v.keep(t, begun("A"))
	check("in the beginning", a, nil)
	moved := ended("A", time.Hour)
	moved.Room = "elsewhere"
	v.keep(t, moved, begun("B"))
	check("when it has ended", b, a)
	v.keep(t, begun("A"))
	check("after one that came late", b, a)
	v.abandon(t, "north", noon, 1)
	check("after Abandon", nil, a)
	v.forget(t, noon.Add(2*time.Hour), 10, 2)
	check("after Forget", nil, nil)
}

func listSessionCursorForgotten(t *testing.T, v visitors) {
	for i := range 6 {
		r := ended(sessionID(i), 0)
		r.Started = noon.Add(time.Duration(i) * time.Second)
		r.Ended = noon.Add(time.Hour)
		if i == 3 {
			r.Ended = noon.Add(time.Minute)
		}
		v.keep(t, r)
	}
	page, err := v.List(t.Context(), ports.SessionQuery{}, ports.SessionPlace{}, 3)
	if err != nil || len(page) != 3 || page[2].ID != sessionID(3) {
		t.Fatalf("the first page is %+v (%v), want it to end with S0003", page, err)
	}
	v.forget(t, noon.Add(2*time.Minute), 10, 1)
	rest, err := v.List(t.Context(), ports.SessionQuery{}, ports.SessionPlace{Started: page[2].Started, ID: page[2].ID}, 10)
	if err != nil || len(rest) != 3 || rest[0].ID != sessionID(2) {
		t.Errorf("behind a forgotten session is %+v (%v), want S0002 to S0000", rest, err)
	}
}

// listWhileSessionsComeAndGo lists while others begin, end and are forgotten.
func listWhileSessionsComeAndGo(t *testing.T, v visitors) {
	standing := v.fillList(t, 12)
	ctx, stop := context.WithCancel(t.Context())
	var churn sync.WaitGroup
	defer churn.Wait()
	defer stop()
	churn.Go(func() {
		for i := 0; ctx.Err() == nil; i++ {
			passing := begun(sessionID(i%12) + "PASSES")
			passing.Started = noon.Add(time.Duration(i%12/2) * time.Second)
			_ = v.Keep(ctx, []domain.SessionRecord{passing})
			passing.Ended = passing.Started
			_ = v.Keep(ctx, []domain.SessionRecord{passing})
			_, _ = v.Forget(ctx, noon.Add(time.Minute), 10)
		}
	})
	for range 20 {
		got := slices.DeleteFunc(v.pages(t, ports.SessionQuery{}, 3), func(id domain.SessionID) bool { return strings.HasSuffix(string(id), "PASSES") })
		if !slices.Equal(standing, got) {
			t.Fatalf("sessions that were there all the while are %v, want %v", got, standing)
		}
	}
}

func listSessionCopies(t *testing.T, v visitors) {
	v.keep(t, begun("A"))
	for range 2 {
		page, err := v.List(t.Context(), ports.SessionQuery{}, ports.SessionPlace{}, 1)
		if err != nil || len(page) != 1 {
			t.Fatalf("a page of one has %d (%v)", len(page), err)
		}
		sameKept(t, "the listed session", begun("A"), page[0])
		page[0].Codecs[0] = "scribbled over"
	}
	got := v.kept(t, "A")
	got.Codecs[0] = "scribbled over"
	v.holds(t, "the kept session", begun("A"))
}
