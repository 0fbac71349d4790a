package porttest

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/domain"
	"rostrum/ports"
)

// Rooms checks what ports.Rooms promises. open returns an empty store.
func Rooms(t *testing.T, open func(t *testing.T) ports.Rooms) {
	for name, promise := range map[string]func(*testing.T, ports.Rooms){
		"Get/of an unknown room is ErrRoomUnknown":             getUnknown,
		"Get/and List return every field of the settings":      getEveryField,
		"Get/gives display names back byte for byte":           getDisplayNames,
		"Get/tells names apart by case":                        getByCase,
		"Update/from nil creates and to nil deletes":           updateThroughNil,
		"Update/from nil to nil leaves no room":                updateNilToNil,
		"Update/shows decide what is kept":                     updateShowsNow,
		"Update/returns an error of decide, writing nothing":   updateRefused,
		"Update/keeps no hold of what decide has returned":     updateRetainsNothing,
		"Update/of one room at once loses no change":           updateAtOnce,
		"Update/creates a room once when many ask at once":     updateCreatesOnce,
		"Update/of many rooms at once keeps them apart":        updateManyRooms,
		"List/is in the byte order of names":                   listOrder,
		"List/gives pages that begin behind the last name":     listPages,
		"List/goes on when the last name is deleted":           listCursorDeleted,
		"List/has standing rooms once while others come, go":   listWhileRoomsComeAndGo,
		"a cancelled context/is an error and writes nothing":   cancelledBefore,
		"a cancelled context/ends the wait for another Update": cancelledWaiting,
	} {
		t.Run(name, func(t *testing.T) { promise(t, open(t)) })
	}
}

func getUnknown(t *testing.T, rooms ports.Rooms) {
	put(t, rooms, "lobby", domain.RoomSettings{})
	if _, err := rooms.Get(t.Context(), "lobb"); !errors.Is(err, domain.ErrRoomUnknown) {
		t.Errorf("Get of an unknown room: %v, want ErrRoomUnknown", err)
	}
}

// getEveryField fails for an adapter that forgets a field, also one that the
// domain has only just got.
func getEveryField(t *testing.T, rooms ports.Rooms) {
	var full domain.RoomSettings
	fillEvery(t, reflect.ValueOf(&full).Elem(), "RoomSettings")
	for i, want := range []domain.RoomSettings{full, {}, full} {
		put(t, rooms, "lobby", want)
		if diff := cmp.Diff(want, get(t, rooms, "lobby")); diff != "" {
			t.Errorf("settings %d came back otherwise (-put +got):\n%s", i, diff)
		}
		page, err := rooms.List(t.Context(), "", 10)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]ports.ListedRoom{{Name: "lobby", Settings: want}}, page); diff != "" {
			t.Errorf("settings %d are listed otherwise (-put +got):\n%s", i, diff)
		}
	}
}

func getDisplayNames(t *testing.T, rooms ports.Rooms) {
	for i, text := range []string{
		"Großer Saal — 大講堂 🎤", "e\u0301 is not \u00e9", "  outer spaces\t\r\n",
		`'; DROP TABLE rooms; --`, `" OR 1=1 --`, `\' $1 ? :name @name %s`, "NULL", "",
		strings.Repeat("long ", 20_000),
	} {
		name := domain.RoomName(fmt.Sprintf("room-%d", i))
		put(t, rooms, name, domain.RoomSettings{DisplayName: text})
		if got := get(t, rooms, name).DisplayName; got != text {
			t.Errorf("display name %.60q came back as %.60q", text, got)
		}
	}
}

func getByCase(t *testing.T, rooms ports.Rooms) {
	names := []domain.RoomName{"Lobby", "lobby", "LOBBY"}
	for i, name := range names {
		put(t, rooms, name, domain.RoomSettings{MaxSubscribers: i + 1})
	}
	for i, name := range names {
		if got := get(t, rooms, name).MaxSubscribers; got != i+1 {
			t.Errorf("room %s has the settings of number %d, want %d", name, got, i+1)
		}
	}
}

func updateThroughNil(t *testing.T, rooms ports.Rooms) {
	put(t, rooms, "lobby", domain.RoomSettings{Provisioned: true})
	put(t, rooms, "other", domain.RoomSettings{Provisioned: true})
	remove(t, rooms, "lobby")
	if _, err := rooms.Get(t.Context(), "lobby"); !errors.Is(err, domain.ErrRoomUnknown) {
		t.Errorf("Get of a deleted room: %v, want ErrRoomUnknown", err)
	}
	if diff := cmp.Diff([]domain.RoomName{"other"}, pages(t, rooms, 10)); diff != "" {
		t.Errorf("rooms after one of two is deleted (-want +got):\n%s", diff)
	}
}

func updateNilToNil(t *testing.T, rooms ports.Rooms) {
	remove(t, rooms, "lobby")
	if got := pages(t, rooms, 10); len(got) != 0 {
		t.Errorf("there are rooms %v, want none", got)
	}
}

func updateShowsNow(t *testing.T, rooms ports.Rooms) {
	want := domain.RoomSettings{Provisioned: true, DisplayName: "Saal", MaxSubscribers: 3}
	for _, want := range []*domain.RoomSettings{nil, &want} {
		err := rooms.Update(t.Context(), "lobby", func(now *domain.RoomSettings) (*domain.RoomSettings, error) {
			if diff := cmp.Diff(want, now); diff != "" {
				t.Errorf("decide was shown something else (-want +got):\n%s", diff)
			}
			return &domain.RoomSettings{Provisioned: true, DisplayName: "Saal", MaxSubscribers: 3}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func updateRefused(t *testing.T, rooms ports.Rooms) {
	want := domain.RoomSettings{DisplayName: "as it was"}
	put(t, rooms, "lobby", want)
	refusal := domain.ErrForbidden.Because("not today")
	for _, name := range []domain.RoomName{"lobby", "new"} {
		err := rooms.Update(t.Context(), name, func(now *domain.RoomSettings) (*domain.RoomSettings, error) {
			if now != nil {
				now.DisplayName = "scribbled over"
			}
			return &domain.RoomSettings{DisplayName: "refused"}, refusal
		})
		if err != error(refusal) {
			t.Errorf("Update of %s returned %v, want decide's own error as it is", name, err)
		}
	}
	if diff := cmp.Diff(want, get(t, rooms, "lobby")); diff != "" {
		t.Errorf("a refused Update wrote (-want +got):\n%s", diff)
	}
	if _, err := rooms.Get(t.Context(), "new"); !errors.Is(err, domain.ErrRoomUnknown) {
		t.Errorf("a refused Update made a room: Get returned %v", err)
	}
}

func updateRetainsNothing(t *testing.T, rooms ports.Rooms) {
	mine := domain.RoomSettings{DisplayName: "as written"}
	put(t, rooms, "lobby", domain.RoomSettings{})
	err := rooms.Update(t.Context(), "lobby", func(*domain.RoomSettings) (*domain.RoomSettings, error) { return &mine, nil })
	if err != nil {
		t.Fatal(err)
	}
	mine.DisplayName = "changed afterwards"
	if got := get(t, rooms, "lobby").DisplayName; got != "as written" {
		t.Errorf("the kept display name became %q", got)
	}
}

func updateAtOnce(t *testing.T, rooms ports.Rooms) {
	const writers, each = 8, 25
	put(t, rooms, "lobby", domain.RoomSettings{})
	atOnce(t, writers, func(int) error {
		for range each {
			if err := increment(t.Context(), rooms, "lobby"); err != nil {
				return err
			}
		}
		return nil
	})
	if got := get(t, rooms, "lobby").MaxSubscribers; got != writers*each {
		t.Errorf("%d increments came to %d", writers*each, got)
	}
}

func updateCreatesOnce(t *testing.T, rooms ports.Rooms) {
	const writers = 16
	outcomes := make([]error, writers)
	atOnce(t, writers, func(i int) error {
		outcomes[i] = rooms.Update(t.Context(), "lobby", func(now *domain.RoomSettings) (*domain.RoomSettings, error) {
			if now != nil {
				return nil, domain.ErrRoomExists
			}
			return &domain.RoomSettings{MaxSubscribers: i + 1}, nil
		})
		return nil
	})
	winner := slices.Index(outcomes, nil)
	for i, err := range outcomes {
		if i != winner && err != error(domain.ErrRoomExists) {
			t.Errorf("writer %d got %v, want ErrRoomExists: writer %d made the room", i, err, winner)
		}
	}
	if got := get(t, rooms, "lobby").MaxSubscribers; got != winner+1 {
		t.Errorf("the room is that of writer %d, but writer %d was told so", got-1, winner)
	}
}

func updateManyRooms(t *testing.T, rooms ports.Rooms) {
	const writers, each = 8, 10
	name := func(i int) domain.RoomName { return domain.RoomName(fmt.Sprintf("room-%d", i)) }
	atOnce(t, writers, func(i int) error {
		for range each + i {
			if err := increment(t.Context(), rooms, name(i)); err != nil {
				return err
			}
		}
		return nil
	})
	for i := range writers {
		if got := get(t, rooms, name(i)).MaxSubscribers; got != each+i {
			t.Errorf("%s was incremented to %d, want %d", name(i), got, each+i)
		}
	}
}
