package app

import (
	"crypto/rand"
	"sync"
	"time"

	"rostrum/app/archive"
	"rostrum/domain"
)

// placement is where a live session is, and whose it is.
type placement struct {
	Room    domain.RoomName
	Role    domain.Role
	By      domain.Caller
	Started time.Time
	Codecs  []domain.Codec // that it sends or takes; nil while its offer is being answered
	Expires time.Time      // when it has to end; zero: never
	Refused string         // why its offer was refused; "": it was not
	Take    *archive.Take  // the first that records a publisher; nil: none does
}

// directory finds a live session's place by its id, since session URLs name no
// room. It follows the rooms: a session is entered before it can have an event
// and dropped when it has left its room.
type directory struct {
	sooner chan struct{} // of one: a session may expire earlier than all others did
	gone   chan struct{} // of one: a session has been taken out

	mu     sync.RWMutex // guards places
	places map[domain.SessionID]placement
}

func newDirectory() *directory {
	return &directory{places: map[domain.SessionID]placement{}, sooner: make(chan struct{}, 1), gone: make(chan struct{}, 1)}
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

// change changes a session's place, if it is there, and returns it.
func (d *directory) change(id domain.SessionID, change func(*placement)) (placement, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, ok := d.places[id]
	if !ok {
		return p, false
	}
	change(&p)
	d.places[id] = p
	return p, true
}

// take removes a session and returns where it was, false if it had been taken.
func (d *directory) take(id domain.SessionID) (placement, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, ok := d.places[id]
	delete(d.places, id)
	select {
	case d.gone <- struct{}{}:
	default: // nobody has looked since the last one
	}
	return p, ok
}

// len returns how many sessions are live, those among them whose offer is being answered.
func (d *directory) len() int {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return len(d.places)
}
