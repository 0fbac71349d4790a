package app

import (
	"context"
	"errors"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"rostrum/app/database"
	"rostrum/domain"
	"rostrum/ports"
)

// maxKnown is how many rooms are remembered. lookUpPatience is how long the database is
// waited for before what is remembered does.
const (
	maxKnown       = 10_000
	lookUpPatience = 2 * time.Second
)

// knownRooms finds what is kept of rooms: in the database, and while that is away, for
// as long as outage says, in what it has told of them before, which may be that there is
// no such room.
type knownRooms struct {
	store    ports.Rooms
	database *database.Database
	outage   time.Duration
	turn     chan struct{} // full while a room is being changed, so that changes are known in their order

	mu      sync.Mutex // guards what follows
	rooms   *lru.Cache[domain.RoomName, *domain.ProvisionedRoom]
	absent  *lru.Cache[domain.RoomName, struct{}] // apart: strangers who ask for any name displace no room
	changes int                                   // made by this process
}

func newKnownRooms(store ports.Rooms, database *database.Database, outage time.Duration) *knownRooms {
	rooms, err := lru.New[domain.RoomName, *domain.ProvisionedRoom](maxKnown)
	absent, also := lru.New[domain.RoomName, struct{}](maxKnown)
	if err != nil || also != nil { // only for a size below 1
		panic(errors.Join(err, also))
	}
	return &knownRooms{store: store, database: database, outage: outage, turn: make(chan struct{}, 1), rooms: rooms, absent: absent}
}

// find returns a room, nil where nobody provisioned it. Nobody may change it. It refuses
// with domain.ErrUnavailable while the database is away and the room is not known.
func (k *knownRooms) find(ctx context.Context, name domain.RoomName) (*domain.ProvisionedRoom, error) {
	if since := k.database.Away(); !since.IsZero() {
		return k.recall(name, since)
	}
	before := k.changed()
	room, err := k.get(ctx, name)
	switch {
	case err == nil:
		k.learn(name, room, before)
		return room, nil
	case k.database.Lost(err):
		return k.recall(name, k.database.Away())
	default:
		return nil, err
	}
}

func (k *knownRooms) get(ctx context.Context, name domain.RoomName) (*domain.ProvisionedRoom, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, lookUpPatience, database.ErrLate)
	defer cancel()
	room, err := k.store.Get(ctx, name)
	switch {
	case errors.Is(err, domain.ErrRoomUnknown):
		return nil, nil //nolint:nilnil // there is none, which is an answer
	case err != nil:
		return nil, err
	}
	return &room, nil
}

// recall returns what is remembered of a room.
func (k *knownRooms) recall(name domain.RoomName, since time.Time) (*domain.ProvisionedRoom, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	room, known := k.rooms.Get(name)
	if !known {
		_, known = k.absent.Get(name)
	}
	if !known || !since.IsZero() && time.Since(since) > k.outage {
		return nil, domain.ErrUnavailable
	}
	return room, nil
}

// update is ports.Rooms.Update, and remembers what has come of it: also what decide was
// shown and refused, since a change may have been kept whose answer was lost.
func (k *knownRooms) update(ctx context.Context, name domain.RoomName, decide func(*domain.ProvisionedRoom) (*domain.ProvisionedRoom, []ports.AuditEntry, error)) error {
	select {
	case k.turn <- struct{}{}:
		defer func() { <-k.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	var read, kept *domain.ProvisionedRoom
	err := k.store.Update(ctx, name, func(now *domain.ProvisionedRoom) (*domain.ProvisionedRoom, []ports.AuditEntry, error) {
		read = now
		next, entries, err := decide(now)
		kept = next
		return next, entries, err
	})
	switch refusal := (*domain.Refusal)(nil); {
	case err == nil:
		k.set(name, kept)
	case errors.As(err, &refusal):
		k.set(name, read)
	}
	return err
}

// set remembers what a change of this process has made of a room, nil for none.
func (k *knownRooms) set(name domain.RoomName, room *domain.ProvisionedRoom) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.changes++
	k.remember(name, room)
}

// learn remembers what was read, unless a change may have been made since.
func (k *knownRooms) learn(name domain.RoomName, room *domain.ProvisionedRoom, before int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.changes == before {
		k.remember(name, room)
	}
}

// remember is called with mu held.
func (k *knownRooms) remember(name domain.RoomName, room *domain.ProvisionedRoom) {
	if room == nil {
		k.rooms.Remove(name)
		k.absent.Add(name, struct{}{})
		return
	}
	k.absent.Remove(name)
	k.rooms.Add(name, room)
}

// peek returns what is remembered of a room, and whether anything is.
func (k *knownRooms) peek(name domain.RoomName) (*domain.ProvisionedRoom, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if room, known := k.rooms.Peek(name); known {
		return room, true
	}
	return nil, k.absent.Contains(name)
}

func (k *knownRooms) changed() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.changes
}
