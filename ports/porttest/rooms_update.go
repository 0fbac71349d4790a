package porttest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

func updateThroughNil(t *testing.T, r registry) {
	r.keep(t, withEverything("lobby"))
	r.keep(t, withEverything("other"))
	r.remove(t, "lobby")
	if _, err := r.Get(t.Context(), "lobby"); !errors.Is(err, domain.ErrRoomUnknown) {
		t.Errorf("Get of a deleted room: %v, want ErrRoomUnknown", err)
	}
	sameKept(t, "rooms after one of two is deleted", []domain.RoomName{"other"}, r.names(t, ports.RoomQuery{}))
	anew := room("lobby", domain.RoomSettings{})
	r.keep(t, anew)
	sameKept(t, "the room that was made anew", anew, r.kept(t, "lobby"))
	sameKept(t, "the other room", withEverything("other"), r.kept(t, "other"))
}

func updateNilToNil(t *testing.T, r registry) {
	r.remove(t, "lobby")
	sameKept(t, "what there is", nil, r.names(t, ports.RoomQuery{}))
}

func updateShowsNow(t *testing.T, r registry) {
	want := withEverything("lobby")
	for _, want := range []*domain.ProvisionedRoom{nil, &want} {
		err := r.Update(t.Context(), "lobby", func(now *domain.ProvisionedRoom) (*domain.ProvisionedRoom, []ports.AuditEntry, error) {
			sameKept(t, "what decide was shown", want, now)
			next := withEverything("lobby")
			return &next, nil, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func updateRefused(t *testing.T, r registry) {
	r.keep(t, withEverything("lobby"))
	refusal := domain.ErrForbidden.Because("not today")
	for _, name := range []domain.RoomName{"lobby", "new"} {
		err := r.Update(t.Context(), name, func(now *domain.ProvisionedRoom) (*domain.ProvisionedRoom, []ports.AuditEntry, error) {
			if now != nil {
				scribble(now)
			}
			next := room(name, domain.RoomSettings{DisplayName: "refused"})
			return &next, []ports.AuditEntry{{At: noon, Act: "refused"}}, refusal
		})
		if err != error(refusal) {
			t.Errorf("Update of %s returned %v, want decide's own error as it is", name, err)
		}
	}
	sameKept(t, "the room after a refused Update", withEverything("lobby"), r.kept(t, "lobby"))
	if _, err := r.Get(t.Context(), "new"); !errors.Is(err, domain.ErrRoomUnknown) {
		t.Errorf("a refused Update made a room: Get returned %v", err)
	}
	sameKept(t, "what is told of refused Updates", nil, r.told(t))
}

func updateRetainsNothing(t *testing.T, r registry) {
	mine, entries := withEverything("lobby"), []ports.AuditEntry{{At: noon, Act: "as written"}}
	r.keep(t, mine, entries...)
	scribble(&mine)
	entries[0].Act = "changed afterwards"
	sameKept(t, "the kept room", withEverything("lobby"), r.kept(t, "lobby"))
	sameKept(t, "the trail", []string{"as written"}, r.told(t))
}

func updateAtOnce(t *testing.T, r registry) {
	const writers, each = 8, 25
	atOnce(t, writers, func(int) error {
		for range each {
			if err := r.increment(t.Context(), "lobby"); err != nil {
				return err
			}
		}
		return nil
	})
	if got := r.kept(t, "lobby").Settings.MaxSubscribers; got != writers*each {
		t.Errorf("%d increments came to %d", writers*each, got)
	}
	if got := len(r.told(t)); got != writers*each {
		t.Errorf("%d increments are told by %d entries", writers*each, got)
	}
}

func updateCreatesOnce(t *testing.T, r registry) {
	const writers = 16
	outcomes := make([]error, writers)
	atOnce(t, writers, func(i int) error {
		outcomes[i] = r.Update(t.Context(), "lobby", func(now *domain.ProvisionedRoom) (*domain.ProvisionedRoom, []ports.AuditEntry, error) {
			if now != nil {
				return nil, nil, domain.ErrRoomExists
			}
			next := room("lobby", domain.RoomSettings{MaxSubscribers: i + 1})
			return &next, []ports.AuditEntry{{At: noon, Act: fmt.Sprint("by ", i)}}, nil
		})
		return nil
	})
	winner := slices.Index(outcomes, nil)
	for i, err := range outcomes {
		if i != winner && err != error(domain.ErrRoomExists) {
			t.Errorf("writer %d got %v, want ErrRoomExists: writer %d made the room", i, err, winner)
		}
	}
	if got := r.kept(t, "lobby").Settings.MaxSubscribers; got != winner+1 {
		t.Errorf("the room is that of writer %d, but writer %d was told so", got-1, winner)
	}
	sameKept(t, "the trail", []string{fmt.Sprint("by ", winner)}, r.told(t))
}

func updateManyRooms(t *testing.T, r registry) {
	const writers, each = 8, 10
	name := func(i int) domain.RoomName { return domain.RoomName(fmt.Sprintf("room-%d", i)) }
	atOnce(t, writers, func(i int) error {
		for range each + i {
			if err := r.increment(t.Context(), name(i)); err != nil {
				return err
			}
		}
		return nil
	})
	for i := range writers {
		if got := r.kept(t, name(i)).Settings.MaxSubscribers; got != each+i {
			t.Errorf("%s was incremented to %d, want %d", name(i), got, each+i)
		}
	}
}

// updateTells has entries of a change, of a deletion and of Record by turns.
func updateTells(t *testing.T, r registry) {
	entry := func(act string) ports.AuditEntry {
		return ports.AuditEntry{At: noon, Subject: "admin", From: "192.0.2.1", Act: act, Object: "lobby", Detail: "why"}
	}
	record(t, r.audit, entry("0"))
	r.keep(t, room("lobby", domain.RoomSettings{}), entry("1"), entry("2"), entry("3"))
	r.keep(t, room("lobby", domain.RoomSettings{MaxSubscribers: 1}))
	record(t, r.audit, entry("4"))
	r.remove(t, "lobby", entry("5"), entry("6"))
	got := trail(t, r.audit)
	if len(got) != 7 {
		t.Fatalf("7 entries came to %d", len(got))
	}
	for i, e := range got {
		want := entry(strconv.Itoa(i))
		want.Number = e.Number
		sameKept(t, "an entry of the trail", want, e)
		if i > 0 && e.Number <= got[i-1].Number {
			t.Errorf("entry %d has number %d, behind %d", i, e.Number, got[i-1].Number)
		}
	}
}

// updateShowsRoomTogether looks at rooms that are made one after another, and never
// sees one that the trail does not tell of, or the reverse.
func updateShowsRoomTogether(t *testing.T, r registry) {
	const count = 30
	done := make(chan error, 1)
	go func() {
		for i := range count {
			if err := r.increment(t.Context(), domain.RoomName(fmt.Sprintf("room-%02d", i))); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for over := false; !over; {
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			over = true
		default:
		}
		told := len(r.told(t))
		kept := len(r.names(t, ports.RoomQuery{}))
		toldThen := len(r.told(t))
		if kept < told || toldThen < kept {
			t.Fatalf("%d entries, then %d rooms, then %d entries: one was seen without the other", told, kept, toldThen)
		}
		if over && kept != count {
			t.Errorf("there are %d rooms, want %d", kept, count)
		}
	}
}

// withEverything returns a room that has something to share of every kind.
func withEverything(name domain.RoomName) domain.ProvisionedRoom {
	record, grace := true, 5*time.Second
	return domain.ProvisionedRoom{
		Name: name, Created: noon, Changed: noon, Version: 1,
		Settings: domain.RoomSettings{DisplayName: "as written", Labels: map[string]string{"team": "blue"}, Record: &record, Grace: &grace},
		Tokens:   []domain.RoomToken{{ID: "one", Label: "as written", Created: noon}},
	}
}

// scribble writes over all that a room of withEverything points to.
func scribble(r *domain.ProvisionedRoom) {
	r.Settings.DisplayName, r.Settings.Labels["team"], r.Settings.Labels["new"] = "scribbled over", "red", "label"
	*r.Settings.Record, *r.Settings.Grace = false, time.Hour
	r.Tokens[0].Label, r.Tokens[0].Hash[0] = "scribbled over", 1
}
