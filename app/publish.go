package app

import (
	"context"
	"errors"

	"rostrum/domain"
	"rostrum/ports"
)

// Answer is an accepted offer: the session that it became, and the SDP answer.
type Answer struct {
	Session domain.SessionID
	SDP     string
}

// Publish lets the bearer of a grant for it publish into a room (RFC 9725 §4.2).
// The room decides before anything is spent on the offer; when the offer then
// proves unusable, the room is free again. It refuses with domain.ErrRoomBusy,
// ErrRoomUnknown, ErrTooManyRooms, ErrShuttingDown and as ports.Media.Publish does.
func (a *App) Publish(ctx context.Context, grant domain.Grant, room domain.RoomName, sdp string) (Answer, error) {
	place := placement{Room: room, Role: domain.RolePublisher, Subject: grant.Subject}
	id := a.directory.enter(place)
	err := a.change(ctx, room, func(r *domain.Room) error {
		return r.Publish(domain.Session{ID: id, Subject: grant.Subject})
	})
	if err != nil {
		a.directory.drop(id)
		return Answer{}, err
	}

	publication, err := a.media.Publish(ctx, ports.Offer{Session: id, SDP: sdp, Events: a})
	if err == nil {
		err = a.stages.change(room, func(r *domain.Room) error {
			return r.SetTracks(id, publication.Tracks)
		})
	}
	if err != nil {
		return Answer{}, a.takeBack(place, id, err)
	}
	a.log.Info("publishing", "room", room, "session", id, "subject", grant.Subject, "tracks", codecs(publication.Tracks))
	return Answer{Session: id, SDP: publication.Answer}, nil
}

// takeBack undoes an admission whose offer came to nothing, and returns what the
// caller is told: the cause, unless the room had been cleared meanwhile.
func (a *App) takeBack(place placement, id domain.SessionID, cause error) error {
	a.leave(place.Room, id, domain.EndedByFailure)
	a.media.End(id)
	if errors.Is(cause, errNoStage) || errors.Is(cause, domain.ErrSessionUnknown) {
		return domain.ErrUnavailable.Because("The session was ended while its offer was being answered. Try again.")
	}
	return cause
}

func codecs(tracks []domain.Track) []domain.Codec {
	names := make([]domain.Codec, len(tracks))
	for i, t := range tracks {
		names[i] = t.Codec
	}
	return names
}
