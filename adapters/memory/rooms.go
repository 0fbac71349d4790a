// Package memory keeps in the process what outlives no restart: the stores of a
// server that needs none, and of tests.
package memory

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"rostrum/domain"
	"rostrum/ports"
)

var _ ports.Rooms = (*Rooms)(nil)

// Rooms is ports.Rooms in a map. Get and List wait for no Update.
type Rooms struct {
	audit *Audit
	turn  chan struct{} // full while an Update decides; a lock that a context can give up

	mu    sync.RWMutex // guards rooms; never held while an Update decides
	rooms map[domain.RoomName]domain.ProvisionedRoom
}

// NewRooms returns an empty store, whose updates are told to audit.
func NewRooms(audit *Audit) *Rooms {
	return &Rooms{audit: audit, turn: make(chan struct{}, 1), rooms: map[domain.RoomName]domain.ProvisionedRoom{}}
}

// Get is ports.Rooms.Get.
func (r *Rooms) Get(ctx context.Context, name domain.RoomName) (domain.ProvisionedRoom, error) {
	if err := ctx.Err(); err != nil {
		return domain.ProvisionedRoom{}, fmt.Errorf("get room %s: %w", name, err)
	}
	if room := r.get(name); room != nil {
		return *room, nil
	}
	return domain.ProvisionedRoom{}, domain.ErrRoomUnknown
}

// Update is ports.Rooms.Update. All rooms share one turn: an Update waits for
// every other one.
func (r *Rooms) Update(ctx context.Context, name domain.RoomName, decide func(now *domain.ProvisionedRoom) (*domain.ProvisionedRoom, []ports.AuditEntry, error)) error {
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("update room %s: %w", name, err)
	}
	next, entries, err := decide(r.get(name))
	if err != nil {
		return err
	}
	r.set(name, next, entries)
	return nil
}

// List is ports.Rooms.List. It looks at every room and sorts those that the query is
// for, for each page.
func (r *Rooms) List(ctx context.Context, query ports.RoomQuery, after domain.RoomName, limit int) ([]domain.ProvisionedRoom, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list rooms: %w", err)
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	var names []domain.RoomName
	for name, room := range r.rooms {
		if name > after && roomMatches(query, room) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var page []domain.ProvisionedRoom
	for _, name := range names[:min(max(limit, 0), len(names))] {
		page = append(page, copyOfRoom(r.rooms[name]))
	}
	return page, nil
}

// get returns a copy, nil when there is no such room.
func (r *Rooms) get(name domain.RoomName) *domain.ProvisionedRoom {
	r.mu.RLock()
	defer r.mu.RUnlock()
	room, ok := r.rooms[name]
	if !ok {
		return nil
	}
	room = copyOfRoom(room)
	return &room
}

// set shows a change and what is told of it to everybody at once: who sees the one
// sees the other.
func (r *Rooms) set(name domain.RoomName, next *domain.ProvisionedRoom, entries []ports.AuditEntry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.audit.add(entries)
	if next == nil {
		delete(r.rooms, name)
		return
	}
	room := copyOfRoom(*next)
	room.Name = name
	r.rooms[name] = room
}

func roomMatches(query ports.RoomQuery, room domain.ProvisionedRoom) bool {
	if !strings.HasPrefix(string(room.Name), query.Prefix) {
		return false
	}
	value, has := room.Settings.Labels[query.Label]
	return query.Label == "" || has && (query.Value == "" || query.Value == value)
}

// copyOfRoom shares nothing with r, and has its times as they are kept.
func copyOfRoom(r domain.ProvisionedRoom) domain.ProvisionedRoom {
	r.Created, r.Changed = kept(r.Created), kept(r.Changed)
	s := &r.Settings
	s.Labels, s.Record, s.Grace = maps.Clone(s.Labels), cloned(s.Record), cloned(s.Grace)
	r.Tokens = slices.Clone(r.Tokens)
	for i := range r.Tokens {
		t := &r.Tokens[i]
		t.Created, t.Expires = kept(t.Created), kept(t.Expires)
	}
	return r
}

func cloned[T any](p *T) *T {
	if p == nil {
		return nil
	}
	return new(*p)
}
