package app

import (
	"context"

	"rostrum/domain"
	"rostrum/ports"
)

// Play lets the bearer of a grant for it subscribe to a room's stream
// (draft-ietf-wish-whep §4.3), also before there is one: the picture starts when
// the publisher does. The room decides before anything is spent on the offer. It
// refuses with domain.ErrRoomFull, ErrRoomUnknown, ErrTooManyRooms, ErrShuttingDown,
// ErrTokenInvalid as Publish does, and as ports.Media.Subscribe does.
func (a *App) Play(ctx context.Context, by domain.Caller, room domain.RoomName, sdp string) (Answer, error) {
	if err := a.mayBegin(by.Grant); err != nil {
		return Answer{}, err
	}
	place := placement{Room: room, Role: domain.RoleSubscriber, By: by, Started: keptNow()}
	id := a.directory.enter(place)
	var tracks []domain.Track
	err := a.change(ctx, place, func(r *domain.Room) (err error) {
		tracks, err = r.Subscribe(domain.Session{ID: id, Subject: by.Subject, Token: by.Token})
		return err
	})
	if err != nil {
		a.directory.take(id)
		return Answer{}, err
	}

	subscription, err := a.media.Subscribe(ctx, ports.Offer{Session: id, SDP: sdp, Events: a}, tracks)
	if err == nil {
		err = a.stages.change(room, func(r *domain.Room) error {
			return r.SetCodecs(id, subscription.Codecs)
		})
	}
	if err != nil {
		return Answer{}, a.takeBack(place, id, err)
	}
	a.begun(id, subscription.Codecs)
	a.log.Debug("playing", "room", room, "session", id, "subject", by.Subject, "codecs", subscription.Codecs)
	return Answer{Session: id, Tag: subscription.Tag, SDP: subscription.Answer}, nil
}
