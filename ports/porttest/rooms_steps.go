package porttest

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"rostrum/domain"
	"rostrum/ports"
)

// put makes a room's settings what they are given as.
func put(t *testing.T, rooms ports.Rooms, name domain.RoomName, s domain.RoomSettings) {
	t.Helper()
	err := rooms.Update(t.Context(), name, func(*domain.RoomSettings) (*domain.RoomSettings, error) { return &s, nil })
	if err != nil {
		t.Fatalf("Update of %s: %v", name, err)
	}
}

// fill makes rooms of which pattern has the number, and returns their names in
// order.
func fill(t *testing.T, rooms ports.Rooms, pattern string, count int) []domain.RoomName {
	t.Helper()
	names := make([]domain.RoomName, count)
	for i := range names {
		names[i] = domain.RoomName(fmt.Sprintf(pattern, i))
		put(t, rooms, names[i], domain.RoomSettings{Provisioned: true})
	}
	return names
}

func remove(t *testing.T, rooms ports.Rooms, name domain.RoomName) {
	t.Helper()
	err := rooms.Update(t.Context(), name, func(*domain.RoomSettings) (*domain.RoomSettings, error) { return nil, nil })
	if err != nil {
		t.Fatalf("Update of %s to nil: %v", name, err)
	}
}

func get(t *testing.T, rooms ports.Rooms, name domain.RoomName) domain.RoomSettings {
	t.Helper()
	s, err := rooms.Get(t.Context(), name)
	if err != nil {
		t.Fatalf("Get of %s: %v", name, err)
	}
	return s
}

// increment adds one to a room's limit, from 0 when there is no such room.
func increment(ctx context.Context, rooms ports.Rooms, name domain.RoomName) error {
	return rooms.Update(ctx, name, func(now *domain.RoomSettings) (*domain.RoomSettings, error) {
		var next domain.RoomSettings
		if now != nil {
			next = *now
		}
		next.MaxSubscribers++
		return &next, nil
	})
}

// pages lists every name, page by page, and fails when a page is too long or does
// not begin behind the one before.
func pages(t *testing.T, rooms ports.Rooms, limit int) []domain.RoomName {
	t.Helper()
	var names []domain.RoomName
	var after domain.RoomName
	for {
		page, err := rooms.List(t.Context(), after, limit)
		if err != nil {
			t.Fatalf("List behind %q: %v", after, err)
		}
		if len(page) > limit {
			t.Fatalf("List of up to %d rooms has %d", limit, len(page))
		}
		if len(page) == 0 {
			return names
		}
		if page[0].Name <= after {
			t.Fatalf("List behind %q begins with %q", after, page[0].Name)
		}
		names = append(names, namesOf(page)...)
		after = names[len(names)-1]
	}
}

func namesOf(page []ports.ListedRoom) []domain.RoomName {
	var names []domain.RoomName
	for _, r := range page {
		names = append(names, r.Name)
	}
	return names
}

// atOnce runs writers goroutines, waits for all of them and fails with each
// error that one returned.
func atOnce(t *testing.T, writers int, run func(i int) error) {
	t.Helper()
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range writers {
		wg.Go(func() {
			<-start
			if err := run(i); err != nil {
				t.Errorf("number %d of %d at once: %v", i, writers, err)
			}
		})
	}
	close(start)
	wg.Wait()
}
