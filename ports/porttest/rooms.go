package porttest

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"testing"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// Rooms checks what ports.Rooms promises. open returns an empty store and the empty
// trail that its updates are told to.
func Rooms(t *testing.T, open func(t *testing.T) (ports.Rooms, ports.Audit)) {
	for name, promise := range map[string]func(*testing.T, registry){
		"Get/of an unknown room is ErrRoomUnknown":             getUnknown,
		"Get/and List return every field":                      getEveryField,
		"Get/tells what is not chosen from nothing":            getUnchosen,
		"Get/gives text back byte for byte":                    getRoomText,
		"Get/has times to the microsecond and in UTC":          getRoomTimes,
		"Get/tells names apart by case":                        getByCase,
		"Update/from nil creates and to nil deletes":           updateThroughNil,
		"Update/from nil to nil leaves no room":                updateNilToNil,
		"Update/shows decide what is kept":                     updateShowsNow,
		"Update/returns an error of decide, writing nothing":   updateRefused,
		"Update/keeps no hold of what decide has returned":     updateRetainsNothing,
		"Update/of one room at once loses no change":           updateAtOnce,
		"Update/creates a room once when many ask at once":     updateCreatesOnce,
		"Update/of many rooms at once keeps them apart":        updateManyRooms,
		"Update/has its entries in the trail":                  updateTells,
		"Update/shows a room and its entries together":         updateShowsRoomTogether,
		"List/is in the byte order of names":                   listOrder,
		"List/gives pages that begin behind the last name":     listPages,
		"List/has each filter":                                 listRoomFilters,
		"List/has pages of what is filtered":                   listRoomFilteredPages,
		"List/finds a room by the labels that it has now":      listLabelsNow,
		"List/finds labels of any text":                        listLabelText,
		"List/goes on when the last name is deleted":           listCursorDeleted,
		"List/has standing rooms once while others come, go":   listWhileRoomsComeAndGo,
		"List/gives copies":                                    listRoomCopies,
		"a cancelled context/is an error and writes nothing":   cancelledBefore,
		"a cancelled context/ends the wait for another Update": cancelledWaiting,
	} {
		t.Run(name, func(t *testing.T) {
			rooms, audit := open(t)
			promise(t, registry{rooms, audit})
		})
	}
}

func getUnknown(t *testing.T, r registry) {
	r.keep(t, room("lobby", domain.RoomSettings{}))
	for _, name := range []domain.RoomName{"lobb", "lobbyy", "Lobby", ""} {
		if _, err := r.Get(t.Context(), name); !errors.Is(err, domain.ErrRoomUnknown) {
			t.Errorf("Get of %q beside lobby: %v, want ErrRoomUnknown", name, err)
		}
	}
}

// getEveryField fails for an adapter that forgets a field, also one that the
// domain has only just got.
func getEveryField(t *testing.T, r registry) {
	var full domain.ProvisionedRoom
	fillEvery(t, reflect.ValueOf(&full).Elem(), "ProvisionedRoom")
	full.Name = "lobby"
	empty := domain.ProvisionedRoom{Name: "lobby"}
	for i, want := range []domain.ProvisionedRoom{full, empty, room("lobby", domain.RoomSettings{}), full} {
		r.keep(t, want)
		sameKept(t, fmt.Sprintf("room %d as it came back", i), want, r.kept(t, "lobby"))
		page, err := r.List(t.Context(), ports.RoomQuery{}, "", 10)
		if err != nil {
			t.Fatal(err)
		}
		sameKept(t, fmt.Sprintf("room %d as it is listed", i), []domain.ProvisionedRoom{want}, page)
	}
}

// getUnchosen keeps choices that are the zero of what is chosen, and the greatest.
func getUnchosen(t *testing.T, r registry) {
	yes, no := true, false
	none, long := time.Duration(0), time.Duration(math.MaxInt64)
	for _, want := range []domain.RoomSettings{
		{}, {Record: &no, Grace: &none}, {Record: &yes, Grace: &long}, {Record: &no}, {Grace: &none},
		{Labels: map[string]string{"team": ""}}, {},
	} {
		r.keep(t, room("lobby", want))
		sameKept(t, "settings", want, r.kept(t, "lobby").Settings)
	}
}

func getRoomText(t *testing.T, r registry) {
	for i, text := range hostile {
		want := room(domain.RoomName(fmt.Sprintf("room-%d", i)), domain.RoomSettings{
			DisplayName: text, Labels: map[string]string{text: text, "plain": text},
		})
		want.Tokens = []domain.RoomToken{{ID: domain.TokenID(text), Label: text, Action: domain.Action(text), Subject: domain.Subject(text), Created: noon}}
		r.keep(t, want)
		sameKept(t, fmt.Sprintf("%.40q", text), want, r.kept(t, want.Name))
	}
	want := room("long", domain.RoomSettings{DisplayName: long})
	r.keep(t, want)
	sameKept(t, "a long display name", want, r.kept(t, "long"))
	for _, text := range hostile {
		if _, err := r.Get(t.Context(), domain.RoomName(text)); !errors.Is(err, domain.ErrRoomUnknown) {
			t.Errorf("Get of a room %.40q: %v, want ErrRoomUnknown", text, err)
		}
	}
}

func getRoomTimes(t *testing.T, r registry) {
	exact := noon.Add(123_456 * time.Microsecond)
	made := func(at time.Time) domain.ProvisionedRoom {
		return domain.ProvisionedRoom{
			Name: "lobby", Created: at, Changed: at, Version: 1,
			Tokens: []domain.RoomToken{{ID: "until", Created: at, Expires: at}, {ID: "for ever", Created: at}},
		}
	}
	r.keep(t, made(exact.Add(789).In(time.FixedZone("far east", 9*3600))))
	got := r.kept(t, "lobby")
	sameKept(t, "times", made(exact), got)
	if len(got.Tokens) != 2 {
		t.Fatalf("there are %d tokens, want 2", len(got.Tokens))
	}
	if !got.Tokens[1].Expires.IsZero() {
		t.Errorf("a token that never expires does at %v", got.Tokens[1].Expires)
	}
	for name, at := range map[string]time.Time{
		"Created": got.Created, "Changed": got.Changed,
		"Tokens[0].Created": got.Tokens[0].Created, "Tokens[0].Expires": got.Tokens[0].Expires,
	} {
		if at.Location() != time.UTC {
			t.Errorf("%s is in %s, want UTC", name, at.Location())
		}
	}
}

func getByCase(t *testing.T, r registry) {
	names := []domain.RoomName{"Lobby", "lobby", "LOBBY"}
	for i, name := range names {
		r.keep(t, room(name, domain.RoomSettings{MaxSubscribers: i + 1}))
	}
	for i, name := range names {
		if got := r.kept(t, name).Settings.MaxSubscribers; got != i+1 {
			t.Errorf("room %s has the settings of number %d, want %d", name, got, i+1)
		}
	}
}
