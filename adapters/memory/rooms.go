// Package memory keeps in the process what outlives no restart: the stores of a
// server that needs none, and of tests.
package memory

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"rostrum/domain"
	"rostrum/ports"
)

var _ ports.Rooms = (*Rooms)(nil)

// Rooms is ports.Rooms in a map. Get and List wait for no Update.
type Rooms struct {
	turn chan struct{} // full while an Update decides; a lock that a context can give up

	mu    sync.RWMutex // guards rooms; never held while an Update decides
	rooms map[domain.RoomName]domain.RoomSettings
}

// NewRooms returns an empty store.
func NewRooms() *Rooms {
	return &Rooms{turn: make(chan struct{}, 1), rooms: map[domain.RoomName]domain.RoomSettings{}}
}

// Get is ports.Rooms.Get.
func (r *Rooms) Get(ctx context.Context, name domain.RoomName) (domain.RoomSettings, error) {
	if err := ctx.Err(); err != nil {
		return domain.RoomSettings{}, fmt.Errorf("get room %s: %w", name, err)
	}
	if s := r.get(name); s != nil {
		return *s, nil
	}
	return domain.RoomSettings{}, domain.ErrRoomUnknown
}

// Update is ports.Rooms.Update. All rooms share one turn: an Update waits for
// every other one.
func (r *Rooms) Update(ctx context.Context, name domain.RoomName, decide func(now *domain.RoomSettings) (*domain.RoomSettings, error)) error {
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("update room %s: %w", name, err)
	}
	next, err := decide(r.get(name))
	if err != nil {
		return err
	}
	r.set(name, next)
	return nil
}

// List is ports.Rooms.List. It sorts all names for each page.
func (r *Rooms) List(ctx context.Context, after domain.RoomName, limit int) ([]ports.ListedRoom, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list rooms: %w", err)
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	names := slices.Sorted(maps.Keys(r.rooms))
	first, found := slices.BinarySearch(names, after)
	if found {
		first++
	}
	names = names[first:]
	var page []ports.ListedRoom
	for _, name := range names[:min(max(limit, 0), len(names))] {
		page = append(page, ports.ListedRoom{Name: name, Settings: r.rooms[name]})
	}
	return page, nil
}

// get returns a copy, nil when there is no such room.
func (r *Rooms) get(name domain.RoomName) *domain.RoomSettings {
	r.mu.RLock()
	defer r.mu.RUnlock()
	s, ok := r.rooms[name]
	if !ok {
		return nil
	}
	return &s
}

func (r *Rooms) set(name domain.RoomName, s *domain.RoomSettings) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s == nil {
		delete(r.rooms, name)
		return
	}
	r.rooms[name] = *s
}
