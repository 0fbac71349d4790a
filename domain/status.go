package domain

// Status is what the subscribers of a room are told of it.
type Status struct {
	Active  bool // somebody publishes, and is connected
	Viewers int  // connected subscribers
}

// Status returns the room's status.
func (r *Room) Status() Status {
	s := Status{Active: r.publisher != nil && r.publisher.Connected && len(r.publisher.Tracks) > 0}
	for _, sub := range r.subscribers {
		if sub.Connected {
			s.Viewers++
		}
	}
	return s
}

// Has reports whether a session is in the room.
func (r *Room) Has(id SessionID) bool {
	return r.publisher != nil && r.publisher.ID == id || r.subscriber(id) != nil
}
