package app_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/app"
	"rostrum/domain"
	"rostrum/ports"
)

// listed is a room as the model of a list knows it.
type listed struct {
	kept, live bool
	label      string // of "team"; "": none
}

// Lists of rooms that are kept, live or both, over pages of every size, are what a simple
// model says, for random rooms and queries.
func TestListsOfRoomsAreAsAModelSays(t *testing.T) {
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 11))
		h := newHouse(forgiving)
		rooms := map[domain.RoomName]listed{}
		for range random.IntN(120) {
			name := domain.RoomName([]string{"a-", "A-", "b", "b_"}[random.IntN(4)] + strconv.Itoa(random.IntN(60)))
			if _, there := rooms[name]; there {
				continue
			}
			one := listed{kept: random.IntN(3) > 0}
			one.live = !one.kept || random.IntN(3) == 0
			if one.kept {
				one.label = []string{"", "news", "sport"}[random.IntN(3)]
				settings := domain.RoomSettings{}
				if one.label != "" {
					settings.Labels = map[string]string{"team": one.label}
				}
				_, err := h.CreateRoom(t.Context(), alice, name, settings)
				must(t, err)
			}
			if one.live {
				play(t, h, name)
			}
			rooms[name] = one
		}
		for range 30 {
			query := app.RoomsQuery{Live: random.IntN(3) == 0, RoomQuery: ports.RoomQuery{Prefix: []string{"", "", "a", "A-", "b_", "b1", "none"}[random.IntN(7)]}}
			if random.IntN(3) == 0 {
				query.Label, query.Value = "team", []string{"", "news", "none"}[random.IntN(3)]
			}
			glob := []string{"*", "*", "a*", "?-1*", "b_[1-5]", "none"}[random.IntN(6)]
			limit := 1 + random.IntN(len(rooms)+3)
			want := expected(rooms, query, glob)
			got := h.listAll(t, query, glob, limit)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("seed %d, %+v of %q in pages of %d:\n%s", seed, query, glob, limit, diff)
			}
		}
		h.Close()
	}
}

func expected(rooms map[domain.RoomName]listed, query app.RoomsQuery, glob string) []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(rooms)) {
		r := rooms[name]
		seen, err := path.Match(glob, string(name))
		labelled := query.Label == "" || r.label != "" && (query.Value == "" || query.Value == r.label)
		if err == nil && seen && labelled && strings.HasPrefix(string(name), query.Prefix) && (!query.Live || r.live) {
			all = append(all, fmt.Sprint(name, " ", r.kept, r.live))
		}
	}
	return all
}

// listAll lists page by page, in pages that are as long as they may be.
func (h house) listAll(t *testing.T, query app.RoomsQuery, glob string, limit int) []string {
	t.Helper()
	grant := domain.Grant{Permissions: domain.Allow([]domain.Action{domain.ActionPlay}, glob)}
	var all []string
	for after, more := domain.RoomName(""), true; more; {
		page, next, err := h.ListRooms(t.Context(), grant, query, after, limit)
		must(t, err)
		for _, v := range page {
			all = append(all, fmt.Sprint(v.Name, " ", v.Kept != nil, v.Live != nil))
		}
		if len(page) > limit || next != "" && (len(page) < limit || next <= after) {
			t.Fatalf("a page of %d of %d, behind %q, and the next is behind %q", len(page), limit, after, next)
		}
		after, more = next, next != ""
	}
	return all
}

// Who may see nothing of many rooms is given short pages, and comes to the end.
func TestAListThatShowsLittleComesToItsEnd(t *testing.T) {
	h := newHouse(provisionedOnly)
	defer h.Close()
	for i := range 4500 {
		provision(t, h, domain.RoomName(fmt.Sprintf("room-%04d", i)))
	}
	grant := domain.Grant{Permissions: domain.Allow([]domain.Action{domain.ActionPlay}, "room-4499")}
	var found []domain.RoomName
	calls := 0
	for after, more := domain.RoomName(""), true; more && calls < 10; calls++ {
		page, next, err := h.ListRooms(t.Context(), grant, app.RoomsQuery{}, after, 10)
		must(t, err)
		for _, v := range page {
			found = append(found, v.Name)
		}
		after, more = next, next != ""
	}
	if !slices.Equal(found, []domain.RoomName{"room-4499"}) || calls != 3 {
		t.Errorf("%q in %d calls", found, calls)
	}
}

// While the database is away, live rooms are listed with what is known of them; those
// that are not known are told of as live.
func TestLiveRoomsAreListedWithoutTheDatabase(t *testing.T) {
	h := newHouse(enduring)
	defer h.Close()
	provision(t, h, "kept")
	play(t, h, "kept")
	play(t, h, "lobby")
	h.way.breaks(ports.ErrAway)
	page, next, err := h.ListRooms(t.Context(), everything, app.RoomsQuery{Live: true}, "", 10)
	if err != nil || next != "" || len(page) != 2 || page[0].Kept == nil || page[1].Kept != nil || page[1].Live == nil {
		t.Errorf("%+v, %q, %v", page, next, err)
	}
	if _, _, err := h.ListRooms(t.Context(), everything, app.RoomsQuery{}, "", 10); !errors.Is(err, domain.ErrUnavailable) {
		t.Errorf("all rooms: %v", err)
	}
	h.way.breaks(nil)
}
