package app

import "rostrum/domain"

// Status is what a watcher hears of the room.
type Status struct {
	domain.Status
	Reconnect bool // the server is about to go away: come back by a new session
}

// watcher hears of a room as long as its session is in it. Only the latest status
// waits for it: one that is slow hears of fewer changes, never of old ones.
type watcher struct {
	session domain.SessionID
	updates chan Status // of one; written and closed by the stage alone
}

// Alive reports whether a session has not ended.
func (a *App) Alive(id domain.SessionID) bool {
	_, ok := a.directory.find(id)
	return ok
}

// Watch returns the status of a session's room, as it is and after each change,
// until the session ends, which closes the channel, or stop is called, which the
// caller must. It refuses with domain.ErrSessionUnknown.
func (a *App) Watch(id domain.SessionID) (updates <-chan Status, stop func(), err error) {
	place, ok := a.directory.find(id)
	if !ok {
		return nil, nil, domain.ErrSessionUnknown
	}
	w := &watcher{session: id, updates: make(chan Status, 1)}
	if err := a.stages.apply(place.Room, func(s *stage) error { return s.watch(w) }); err != nil {
		return nil, nil, domain.ErrSessionUnknown
	}
	stop = func() {
		_ = a.stages.apply(place.Room, func(s *stage) error { // errNoStage: the stage has let go of it
			delete(s.watchers, w)
			return errUnchanged
		})
	}
	return w.updates, stop, nil
}

// watch takes on a watcher whose session is in the room.
func (s *stage) watch(w *watcher) error {
	if !s.room.Has(w.session) {
		return domain.ErrSessionUnknown
	}
	s.watchers[w] = struct{}{}
	w.tell(Status{Status: s.room.Status()})
	return nil
}

// tellWatchers tells every watcher the room's status, and lets go of those whose
// session has left.
func (s *stage) tellWatchers(reconnect bool) {
	status := Status{Status: s.room.Status(), Reconnect: reconnect}
	for w := range s.watchers {
		if s.room.Has(w.session) {
			w.tell(status)
			continue
		}
		close(w.updates)
		delete(s.watchers, w)
	}
}

// tell puts a status in place of the one that waits.
func (w *watcher) tell(status Status) {
	select {
	case <-w.updates:
	default:
	}
	w.updates <- status
}
