package app

import (
	"context"
	"errors"

	"rostrum/domain"
	"rostrum/ports"
)

// Play lets the bearer of a grant for it subscribe to a room's stream
// (draft-ietf-wish-whep §4.3). The room decides before anything is spent on the
// offer. It refuses with domain.ErrNoPublisher, ErrRoomFull, ErrShuttingDown and
// as ports.Media.Subscribe does.
func (a *App) Play(ctx context.Context, grant domain.Grant, room domain.RoomName, sdp string) (Answer, error) {
	place := placement{Room: room, Role: domain.RoleSubscriber, Subject: grant.Subject}
	id := a.directory.enter(place)
	var tracks []domain.Track
	err := a.stages.change(room, func(r *domain.Room) (err error) {
		tracks, err = r.Subscribe(domain.Session{ID: id, Subject: grant.Subject})
		return err
	})
	if err != nil {
		a.directory.drop(id)
		return Answer{}, a.notLive(err)
	}

	subscription, err := a.media.Subscribe(ctx, ports.Offer{Session: id, SDP: sdp, Events: a}, tracks)
	if err == nil {
		err = a.stages.change(room, func(r *domain.Room) error {
			return r.SetKinds(id, subscription.Kinds)
		})
	}
	if err != nil {
		return Answer{}, a.takeBack(place, id, err)
	}
	a.log.Info("playing", "room", room, "session", id, "subject", grant.Subject, "media", subscription.Kinds)
	return Answer{Session: id, SDP: subscription.Answer}, nil
}

// notLive says of a room that is not live what a subscriber should hear.
func (a *App) notLive(err error) error {
	switch {
	case !errors.Is(err, errNoStage):
		return err
	case a.stages.closed():
		return domain.ErrShuttingDown
	default:
		return domain.ErrNoPublisher
	}
}
