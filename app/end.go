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
	place, err := a.own(grant, role, id)
	if err != nil {
		return err
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
	for _, e := range ended {
		if e == id {
			a.end(room, reason, e)
		} else {
			a.end(room, domain.EndedByPublisher, e)
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
	a.end(room, reason, id)
}

// shutDown ends everybody in a room, who had better come back elsewhere.
func (a *App) shutDown(room domain.RoomName) {
	var ended []domain.SessionID
	_ = a.stages.apply(room, func(s *stage) error { // errNoStage: nobody is there to end
		s.tellWatchers(true)
		ended = s.room.Clear()
		return nil
	})
	a.end(room, domain.EndedByShutdown, ended...)
}

// expired ends the subscribers of a room whose publisher did not come back.
func (a *App) expired(room domain.RoomName, ended []domain.SessionID) {
	a.end(room, domain.EndedByGrace, ended...)
}

// end closes the connections of sessions that have left their room, and says in
// one line how each went. Sessions that have been ended already are passed over.
func (a *App) end(room domain.RoomName, reason domain.EndReason, ids ...domain.SessionID) {
	for _, id := range ids {
		place, ok := a.directory.take(id)
		if !ok {
			continue
		}
		r := a.media.End(id)
		a.log.Info("session ended", "because", reason, "room", room, "session", id, "role", place.Role, "subject", place.Subject,
			"connected_after", r.ConnectedAfter, "pair", r.Pair, "remote_candidates", r.RemoteCandidates, "dtls", r.DTLS,
			"packets", r.Packets, "bytes", r.Bytes, "keyframes", r.Keyframes, "resent", r.Resent, "dropped", r.Dropped, "lost", r.Lost, "estimate", r.Estimate, "ice_restarts", r.Restarts)
	}
}
