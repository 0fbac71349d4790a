package porttest

import (
	"context"
	"errors"
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

func listOrder(t *testing.T, r registry) {
	want := []domain.RoomName{"-", "0", "10", "9", "A", "Z", "_", "a", "a-", "a0", "aA", "a_", "aa", "z"}
	for _, i := range rand.Perm(len(want)) {
		r.keep(t, room(want[i], domain.RoomSettings{DisplayName: string(want[i])}))
	}
	sameKept(t, "order of names", want, r.names(t, ports.RoomQuery{}))
	page, err := r.List(t.Context(), ports.RoomQuery{}, "9", 1)
	if err != nil || len(page) != 1 || page[0].Settings.DisplayName != "A" {
		t.Errorf("behind 9 is %+v (%v), want room A with its own settings", page, err)
	}
}

func listPages(t *testing.T, r registry) {
	want := r.fill(t, "room-%02d", 7)
	for _, limit := range []int{1, 2, 3, 6, 7, 8, math.MaxInt} {
		sameKept(t, fmt.Sprintf("pages of %d", limit), want, r.pages(t, ports.RoomQuery{}, limit))
	}
	for after, count := range map[domain.RoomName]int{"room-06": 0, "zzz": 0, "room-03x": 3, "A": 7} {
		if page, err := r.List(t.Context(), ports.RoomQuery{}, after, 100); err != nil || len(page) != count {
			t.Errorf("List behind %s has %d rooms (%v), want %d", after, len(page), err, count)
		}
	}
	for _, none := range []int{0, -1} {
		if page, err := r.List(t.Context(), ports.RoomQuery{}, "", none); err != nil || len(page) != 0 {
			t.Errorf("List of up to %d rooms has %d (%v)", none, len(page), err)
		}
	}
}

// fillLabels keeps eight rooms with labels.
func (r registry) fillLabels(t *testing.T) {
	t.Helper()
	for name, labels := range map[domain.RoomName]map[string]string{
		"a":   {"team": "blue", "city": "Bern"},
		"a-1": {"team": "Blue"},
		"a_1": {"Team": "blue"},
		"a_2": {"team": ""},
		"ab":  {"team": "blue", "city": ""},
		"abc": {"city": "Bern", "blue": "team"},
		"B":   nil,
		"b":   {"team": "blue"},
	} {
		r.keep(t, room(name, domain.RoomSettings{DisplayName: "blue", Labels: labels}))
	}
}

// roomFilters are queries, with those of fillLabels' rooms that they are for.
var roomFilters = map[string]struct {
	query ports.RoomQuery
	want  []domain.RoomName
}{
	"nothing":                    {ports.RoomQuery{}, []domain.RoomName{"B", "a", "a-1", "a_1", "a_2", "ab", "abc", "b"}},
	"a prefix":                   {ports.RoomQuery{Prefix: "ab"}, []domain.RoomName{"ab", "abc"}},
	"a prefix of all of a":       {ports.RoomQuery{Prefix: "a"}, []domain.RoomName{"a", "a-1", "a_1", "a_2", "ab", "abc"}},
	"a prefix of its own case":   {ports.RoomQuery{Prefix: "b"}, []domain.RoomName{"b"}},
	"an underscore that is one":  {ports.RoomQuery{Prefix: "a_"}, []domain.RoomName{"a_1", "a_2"}},
	"a prefix that is a pattern": {ports.RoomQuery{Prefix: "%"}, nil},
	"a prefix that is a glob":    {ports.RoomQuery{Prefix: "*"}, nil},
	"a prefix behind all names":  {ports.RoomQuery{Prefix: "\U0010FFFF"}, nil},
	"a prefix longer than names": {ports.RoomQuery{Prefix: "abcd"}, nil},
	"a prefix that ends a text":  {ports.RoomQuery{Prefix: "a'--"}, nil},
	"a label":                    {ports.RoomQuery{Label: "team"}, []domain.RoomName{"a", "a-1", "a_2", "ab", "b"}},
	"a label of its own case":    {ports.RoomQuery{Label: "Team"}, []domain.RoomName{"a_1"}},
	"a label that none has":      {ports.RoomQuery{Label: "tea"}, nil},
	"a label and a value":        {ports.RoomQuery{Label: "team", Value: "blue"}, []domain.RoomName{"a", "ab", "b"}},
	"a value of its own case":    {ports.RoomQuery{Label: "team", Value: "Blue"}, []domain.RoomName{"a-1"}},
	"a value of another label":   {ports.RoomQuery{Label: "team", Value: "Bern"}, nil},
	"a value that is a pattern":  {ports.RoomQuery{Label: "team", Value: "b%"}, nil},
	"a label and a prefix":       {ports.RoomQuery{Prefix: "a", Label: "city"}, []domain.RoomName{"a", "ab", "abc"}},
	"all at once":                {ports.RoomQuery{Prefix: "a", Label: "team", Value: "blue"}, []domain.RoomName{"a", "ab"}},
	"a value and no label":       {ports.RoomQuery{Prefix: "a_", Value: "blue"}, []domain.RoomName{"a_1", "a_2"}},
}

func listRoomFilters(t *testing.T, r registry) {
	r.fillLabels(t)
	for name, f := range roomFilters {
		sameKept(t, "rooms of "+name, f.want, r.names(t, f.query))
	}
}

func listRoomFilteredPages(t *testing.T, r registry) {
	r.fillLabels(t)
	for name, f := range roomFilters {
		for _, limit := range []int{1, 2} {
			sameKept(t, fmt.Sprintf("rooms of %s in pages of %d", name, limit), f.want, r.pages(t, f.query, limit))
		}
	}
	for after, count := range map[domain.RoomName]int{"A": 2, "aa": 2, "abb": 1, "abc": 0, "z": 0} {
		if page, err := r.List(t.Context(), ports.RoomQuery{Prefix: "ab"}, after, 10); err != nil || len(page) != count {
			t.Errorf("behind %s are %d rooms of ab (%v), want %d", after, len(page), err, count)
		}
	}
}

func listLabelsNow(t *testing.T, r registry) {
	check := func(when string, query ports.RoomQuery, want ...domain.RoomName) {
		t.Helper()
		sameKept(t, when, want, r.names(t, query))
	}
	blue, red := ports.RoomQuery{Label: "team", Value: "blue"}, ports.RoomQuery{Label: "team", Value: "red"}
	r.keep(t, room("lobby", domain.RoomSettings{Labels: map[string]string{"team": "blue", "city": "Bern"}}))
	check("in the beginning", blue, "lobby")
	r.keep(t, room("lobby", domain.RoomSettings{Labels: map[string]string{"team": "red"}}))
	check("the old value", blue)
	check("the new value", red, "lobby")
	check("a label that is gone", ports.RoomQuery{Label: "city"})
	r.remove(t, "lobby")
	check("of a deleted room", red)
	r.keep(t, room("lobby", domain.RoomSettings{}))
	check("of a room made anew", red)
}

func listLabelText(t *testing.T, r registry) {
	for i, text := range hostile {
		r.keep(t, room(domain.RoomName(fmt.Sprintf("room-%02d", i)), domain.RoomSettings{Labels: map[string]string{text: "key", "value": text}}))
	}
	for i, text := range hostile {
		want := []domain.RoomName{domain.RoomName(fmt.Sprintf("room-%02d", i))}
		sameKept(t, fmt.Sprintf("rooms with a label %.40q", text), want, r.names(t, ports.RoomQuery{Label: text}))
		sameKept(t, fmt.Sprintf("rooms with a value %.40q", text), want, r.names(t, ports.RoomQuery{Label: "value", Value: text}))
		sameKept(t, fmt.Sprintf("rooms that begin with %.40q", text), nil, r.names(t, ports.RoomQuery{Prefix: text}))
	}
}

func listCursorDeleted(t *testing.T, r registry) {
	names := r.fill(t, "room-%02d", 6)
	page, err := r.List(t.Context(), ports.RoomQuery{}, "", 3)
	if err != nil || len(page) != 3 {
		t.Fatalf("the first page has %d rooms (%v), want 3", len(page), err)
	}
	r.remove(t, page[2].Name)
	rest, err := r.List(t.Context(), ports.RoomQuery{}, page[2].Name, 10)
	if err != nil || len(rest) != 3 || rest[0].Name != names[3] {
		t.Errorf("behind a deleted room is %+v (%v), want %v", rest, err, names[3:])
	}
}

func listWhileRoomsComeAndGo(t *testing.T, r registry) {
	standing := r.fill(t, "room-%02d-stands", 12)
	ctx, stop := context.WithCancel(t.Context())
	var churn sync.WaitGroup
	defer churn.Wait()
	defer stop()
	churn.Go(func() {
		for i := 0; ctx.Err() == nil; i++ {
			passing := room(domain.RoomName(fmt.Sprintf("room-%02d-passes", i%12)), domain.RoomSettings{})
			_ = r.Update(ctx, passing.Name, func(now *domain.ProvisionedRoom) (*domain.ProvisionedRoom, []ports.AuditEntry, error) {
				if now == nil {
					return &passing, nil, nil
				}
				return nil, nil, nil
			})
		}
	})
	for range 20 {
		got := slices.DeleteFunc(r.pages(t, ports.RoomQuery{}, 3), func(n domain.RoomName) bool { return strings.HasSuffix(string(n), "passes") })
		if !slices.Equal(standing, got) {
			t.Fatalf("rooms that were there all the while are %v, want %v", got, standing)
		}
	}
}

func listRoomCopies(t *testing.T, r registry) {
	want := withEverything("lobby")
	r.keep(t, want)
	for range 2 {
		page, err := r.List(t.Context(), ports.RoomQuery{}, "", 1)
		if err != nil || len(page) != 1 {
			t.Fatalf("a page of one has %d (%v)", len(page), err)
		}
		sameKept(t, "the listed room", want, page[0])
		scribble(&page[0])
	}
	got := r.kept(t, "lobby")
	scribble(&got)
	sameKept(t, "the kept room", want, r.kept(t, "lobby"))
}

func cancelledBefore(t *testing.T, r registry) {
	r.keep(t, room("lobby", domain.RoomSettings{}))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, get := r.Get(ctx, "lobby")
	_, list := r.List(ctx, ports.RoomQuery{}, "", 1)
	for call, err := range map[string]error{"Update": r.increment(ctx, "lobby"), "Get": get, "List": list} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want context.Canceled", call, err)
		}
	}
	if got := r.kept(t, "lobby").Settings.MaxSubscribers; got != 0 {
		t.Error("a cancelled Update wrote")
	}
	sameKept(t, "what is told of a cancelled Update", nil, r.told(t))
}

// cancelledWaiting lets the time of an Update run out while another one of the
// same room is deciding, and sees that the other one comes through.
func cancelledWaiting(t *testing.T, r registry) {
	deciding, decided := make(chan struct{}), make(chan struct{})
	enter := sync.OnceFunc(func() { close(deciding) })
	first := make(chan error, 1)
	go func() {
		first <- r.Update(t.Context(), "lobby", func(*domain.ProvisionedRoom) (*domain.ProvisionedRoom, []ports.AuditEntry, error) {
			enter()
			<-decided
			next := room("lobby", domain.RoomSettings{MaxSubscribers: 100})
			return &next, nil, nil
		})
	}()
	<-deciding
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := r.increment(ctx, "lobby"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the waiting Update: %v, want context.DeadlineExceeded", err)
	}
	close(decided)
	if err := <-first; err != nil {
		t.Fatalf("the other Update: %v", err)
	}
	if got := r.kept(t, "lobby").Settings.MaxSubscribers; got != 100 {
		t.Errorf("the room holds %d, want the other Update's 100", got)
	}
}
