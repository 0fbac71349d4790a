package app

import (
	"rostrum/domain"
	"rostrum/ports"
)

var _ ports.MediaEvents = (*App)(nil)

// Connected puts a session whose connection is up into its room's fan-out.
func (a *App) Connected(id domain.SessionID) {
	place, ok := a.directory.find(id)
	if !ok {
		return
	}
	if err := a.stages.change(place.Room, func(r *domain.Room) error { return r.Connect(id) }); err != nil {
		a.log.Debug("a connection of a session that has left", "session", id)
	}
}

// TrackChanged brings the room up to what its publisher really sends.
func (a *App) TrackChanged(id domain.SessionID, track domain.Track) {
	place, ok := a.directory.find(id)
	if !ok {
		return
	}
	err := a.setTracks(place.Room, func(r *domain.Room) ([]domain.SessionID, error) { return r.SetTrack(id, track) })
	if err != nil {
		a.log.Debug("a track of a session that has left", "session", id)
	}
}

// Ended takes a session whose connection is over out of its room. A publisher that
// closed it has left; one that was lost may come back.
func (a *App) Ended(id domain.SessionID, reason domain.EndReason) {
	place, ok := a.directory.find(id)
	switch {
	case !ok:
	case place.Role == domain.RolePublisher && reason != domain.EndedByPeer:
		a.lose(place.Room, id, reason)
	default:
		a.leave(place.Room, id, reason)
	}
}
