package app

import (
	"context"
	"errors"

	"rostrum/domain"
	"rostrum/ports"
)

// Answer is an accepted offer: the session that it became, the tag of its ICE
// session, and the SDP answer.
type Answer struct {
	Session domain.SessionID
	Tag     string
	SDP     string
}

// Publish lets the bearer of a grant for it publish into a room (RFC 9725 §4.2).
// The room decides before anything is spent on the offer; when the offer then
// proves unusable, the room is free again. A publisher that is gone in all but name
// makes way for its own subject. It refuses with domain.ErrRoomBusy, ErrRoomUnknown,
// ErrTooManyRooms, ErrShuttingDown, ErrTokenInvalid where the bearer's token has been
// revoked or is about to expire, and as ports.Media.Publish does.
func (a *App) Publish(ctx context.Context, by domain.Caller, room domain.RoomName, sdp string) (Answer, error) {
	if err := a.mayBegin(by.Grant); err != nil {
		return Answer{}, err
	}
	place := placement{Room: room, Role: domain.RolePublisher, By: by, Started: keptNow()}
	id := a.directory.enter(place)
	session := domain.Session{ID: id, Subject: by.Subject, Token: by.Token}
	var recorder domain.SessionID
	err := a.change(ctx, place, func(r *domain.Room) error {
		recorder = r.Recorder()
		return r.Publish(session)
	})
	if errors.Is(err, domain.ErrRoomBusy) {
		err = a.elsewhere(a.takeOver(room, session))
	}
	if err != nil {
		a.directory.take(id)
		return Answer{}, err
	}

	a.goesOn(id, recorder)
	publication, err := a.media.Publish(ctx, ports.Offer{Session: id, SDP: sdp, Events: a})
	if err == nil {
		err = a.setTracks(room, func(r *domain.Room) ([]domain.SessionID, error) {
			return r.SetTracks(id, publication.Tracks)
		})
	}
	if err != nil {
		return Answer{}, a.takeBack(place, id, err)
	}
	a.begun(id, codecs(publication.Tracks))
	a.log.Debug("publishing", "room", room, "session", id, "subject", by.Subject, "tracks", codecs(publication.Tracks))
	return Answer{Session: id, Tag: publication.Tag, SDP: publication.Answer}, nil
}

// takeOver gives a busy room to session if the publisher there is of the same
// subject and gone in all but name.
func (a *App) takeOver(room domain.RoomName, session domain.Session) error {
	var old domain.Publisher
	err := a.stages.look(room, func(r *domain.Room) { old, _ = r.Publisher() })
	if err != nil || old.Subject != session.Subject {
		return domain.ErrRoomBusy
	}
	vitals, ok := a.media.Vitals(old.ID)
	if !ok || !vitals.GoneInAllButName() { // not known to media: its offer is being answered
		return domain.ErrRoomBusy
	}
	err = a.stages.change(room, func(r *domain.Room) error { return r.TakeOver(old.ID, session) })
	if err != nil {
		return domain.ErrRoomBusy
	}
	a.end(domain.EndedByTakeover, old.ID)
	return nil
}

// setTracks brings a room up to what its publisher sends, and ends the subscribers
// that cannot decode it.
func (a *App) setTracks(room domain.RoomName, set func(*domain.Room) ([]domain.SessionID, error)) error {
	var dropped []domain.SessionID
	err := a.stages.change(room, func(r *domain.Room) (err error) {
		dropped, err = set(r)
		return err
	})
	a.end(domain.EndedByCodec, dropped...)
	return err
}

// takeBack undoes an admission whose offer came to nothing, and returns what the
// caller is told: the cause, unless the room had been cleared meanwhile. Nobody
// else in the room notices.
func (a *App) takeBack(place placement, id domain.SessionID, cause error) error {
	_ = a.stages.change(place.Room, func(r *domain.Room) error { // errNoStage: it has been cleared
		if !r.Lose(id) {
			r.Leave(id)
		}
		return nil
	})
	a.directory.change(id, func(p *placement) { p.Refused = reasonOf(cause) })
	a.end(domain.EndedByFailure, id)
	if errors.Is(cause, errNoStage) || errors.Is(cause, domain.ErrSessionUnknown) {
		return domain.ErrUnavailable.Because("The session was ended while its offer was being answered. Try again.")
	}
	return cause
}

// reasonOf returns what a refusal says, "" for an error of another sort: its words are for
// the log.
func reasonOf(cause error) string {
	if refusal := (*domain.Refusal)(nil); errors.As(cause, &refusal) {
		return refusal.Reason
	}
	return ""
}

func codecs(tracks []domain.Track) []domain.Codec {
	names := make([]domain.Codec, len(tracks))
	for i, t := range tracks {
		names[i] = t.Codec
	}
	return names
}
