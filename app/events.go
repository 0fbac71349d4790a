package app

import (
	"rostrum/domain"
	"rostrum/ports"
)

var _ ports.MediaEvents = (*App)(nil)

// Connected puts a session whose connection is up into its room's fan-out.
func (a *App) Connected(id domain.SessionID) {
	a.onStage(id, func(r *domain.Room) error { return r.Connect(id) })
}

// TrackChanged brings the room up to what its publisher really sends.
func (a *App) TrackChanged(id domain.SessionID, track domain.Track) {
	a.onStage(id, func(r *domain.Room) error { return r.SetTrack(id, track) })
}

// Ended takes a session whose connection is over out of its room.
func (a *App) Ended(id domain.SessionID, reason domain.EndReason) {
	if place, ok := a.directory.find(id); ok {
		a.leave(place.Room, id, reason)
	}
}

// onStage makes a change in the session's room. A session that has left
// meanwhile is passed over: its event came too late to matter.
func (a *App) onStage(id domain.SessionID, decide func(*domain.Room) error) {
	place, ok := a.directory.find(id)
	if !ok {
		return
	}
	if err := a.stages.change(place.Room, decide); err != nil {
		a.log.Debug("event of a session that has left", "session", id)
	}
}
