package app

import (
	"fmt"
	"slices"

	"rostrum/domain"
)

// End ends a session at the wish of its own caller, or of one who administers its room
// (RFC 9725 §4.2, DELETE).
// When it returns, the room is free and nobody receives from the session any more;
// its connections close behind it. It refuses with domain.ErrSessionUnknown when
// there is no such session in that role, and with domain.ErrForbidden when it is
// another subject's.
func (a *App) End(by domain.Caller, role domain.Role, id domain.SessionID) error {
	place, err := a.own(by.Grant, role, id)
	if err != nil {
		return err
	}
	reason := domain.EndedByClient
	if by.Subject != place.By.Subject {
		reason = domain.EndedByOperator
	}
	if !a.leave(place.Room, id, reason) {
		return domain.ErrSessionUnknown
	}
	if reason == domain.EndedByOperator {
		a.database.Note(a.database.Act(by, "session.end", string(id), fmt.Sprintf("the %s %s of room %s", place.Role, place.By.Subject, place.Room)))
	}
	return nil
}

// EndPublication ends what is published in a room, at the wish of a caller who
// administers it. It refuses with domain.ErrRoomIdle where nothing is.
func (a *App) EndPublication(by domain.Caller, room domain.RoomName) error {
	var publisher domain.Publisher
	_ = a.stages.look(room, func(r *domain.Room) { publisher, _ = r.Publisher() }) // errNoStage: nobody publishes
	if publisher.ID == "" || !a.leave(room, publisher.ID, domain.EndedByOperator) {
		return domain.ErrRoomIdle.Because("Nobody publishes in the room, so there is nothing to end.")
	}
	a.database.Note(a.database.Act(by, "publication.end", string(room), fmt.Sprintf("session %s of %s", publisher.ID, publisher.Subject)))
	return nil
}

// leave takes a session out of its room, and with a publisher all its
// subscribers, and reports whether it was there. The fan-out without them is
// routed first, then their connections are closed.
func (a *App) leave(room domain.RoomName, id domain.SessionID, reason domain.EndReason) bool {
	var ended []domain.SessionID
	_ = a.stages.change(room, func(r *domain.Room) error { // errNoStage: nobody is there to end
		ended = r.Leave(id)
		return nil
	})
	for _, e := range ended {
		if e == id {
			a.end(reason, e)
		} else {
			a.end(domain.EndedByPublisher, e)
		}
	}
	return slices.Contains(ended, id)
}

// lose takes out a publisher that is gone without a word; its subscribers stay for
// the next one.
func (a *App) lose(room domain.RoomName, id domain.SessionID, reason domain.EndReason) {
	_ = a.stages.change(room, func(r *domain.Room) error { // errNoStage: it has been ended
		r.Lose(id)
		return nil
	})
	a.end(reason, id)
}

// shutDown ends everybody in a room, who had better come back elsewhere.
func (a *App) shutDown(room domain.RoomName) {
	var ended []domain.SessionID
	_ = a.stages.apply(room, func(s *stage) error { // errNoStage: nobody is there to end
		s.tellWatchers(true)
		ended = s.room.Clear()
		return nil
	})
	a.end(domain.EndedByShutdown, ended...)
}

// expired ends the subscribers of a room whose publisher did not come back.
func (a *App) expired(ended []domain.SessionID) {
	a.end(domain.EndedByGrace, ended...)
}

// end closes the connections of sessions that have left their room, and has the log and
// the history tell how each went. Sessions that have been ended already are passed over.
func (a *App) end(reason domain.EndReason, ids ...domain.SessionID) {
	for _, id := range ids {
		place, ok := a.directory.take(id)
		if !ok {
			continue
		}
		a.over(id, place, reason, a.media.End(id))
	}
}
