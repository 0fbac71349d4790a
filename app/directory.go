package app

import (
	"crypto/rand"
	"sync"

	"rostrum/domain"
)

// placement is where a live session is.
type placement struct {
	Room    domain.RoomName
	Role    domain.Role
	Subject domain.Subject
}

// directory finds a live session's place by its id, since session URLs name no
// room. It follows the rooms: a session is entered before it can have an event
// and dropped when it has left its room.
type directory struct {
	mu     sync.RWMutex
	places map[domain.SessionID]placement
}

func newDirectory() *directory {
	return &directory{places: map[domain.SessionID]placement{}}
}

// enter returns a new session's id: 26 characters, 130 random bits (RFC 9725 §5).
func (d *directory) enter(p placement) domain.SessionID {
	id := domain.SessionID(rand.Text())
	d.mu.Lock()
	defer d.mu.Unlock()
	d.places[id] = p
	return id
}

func (d *directory) find(id domain.SessionID) (placement, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	p, ok := d.places[id]
	return p, ok
}

// take removes a session and returns where it was, false if it had been taken.
func (d *directory) take(id domain.SessionID) (placement, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, ok := d.places[id]
	delete(d.places, id)
	return p, ok
}
