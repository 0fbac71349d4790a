package app

import (
	"slices"

	"rostrum/domain"
)

// End ends a session at the wish of the bearer of grant (RFC 9725 §4.2, DELETE).
// When it returns, the room is free and nobody receives from the session any more;
// its connections close behind it. It refuses with domain.ErrSessionUnknown when
// there is no such session in that role, and with domain.ErrForbidden when it is
// another subject's.
func (a *App) End(grant domain.Grant, role domain.Role, id domain.SessionID) error {
	place, ok := a.directory.find(id)
	if !ok || place.Role != role {
		return domain.ErrSessionUnknown
	}
	if !grant.Owns(place.Subject, place.Room) {
		return domain.ErrForbidden.Because("The session belongs to somebody else. Use the token that began it.")
	}
	if !a.leave(place.Room, id, domain.EndedByClient) {
		return domain.ErrSessionUnknown
	}
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
	a.endAll(room, ended, func(e domain.SessionID) domain.EndReason {
		if e == id {
			return reason
		}
		return domain.EndedByPublisher
	})
	a.directory.drop(id)
	return slices.Contains(ended, id)
}

// clear ends everybody in a room.
func (a *App) clear(room domain.RoomName, reason domain.EndReason) {
	var ended []domain.SessionID
	_ = a.stages.change(room, func(r *domain.Room) error { // errNoStage: nobody is there to end
		ended = r.Clear()
		return nil
	})
	a.endAll(room, ended, func(domain.SessionID) domain.EndReason { return reason })
}

func (a *App) endAll(room domain.RoomName, ended []domain.SessionID, why func(domain.SessionID) domain.EndReason) {
	for _, id := range ended {
		a.directory.drop(id)
		a.media.End(id)
		a.log.Info("session ended", "room", room, "session", id, "because", why(id))
	}
}
