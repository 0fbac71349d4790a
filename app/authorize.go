package app

import (
	"context"
	"errors"
	"time"

	"rostrum/domain"
)

// Identify returns what the bearer of token may do: by a token of a room's own, or as
// the first of the authenticators says that knows it. It refuses with
// domain.ErrTokenMissing and domain.ErrTokenInvalid, and with domain.ErrUnavailable while
// what knows of the token is away.
func (a *App) Identify(ctx context.Context, token string) (domain.Grant, error) {
	if secret, room, ok := domain.ParseTokenSecret(token); ok {
		return a.identifyIn(ctx, room, secret)
	}
	refusal := error(domain.ErrTokenMissing)
	for _, known := range a.access {
		grant, err := known.Authenticate(ctx, token)
		if err == nil || !errors.Is(err, domain.ErrTokenInvalid) && !errors.Is(err, domain.ErrTokenMissing) {
			return grant, err
		}
		refusal = err
	}
	return domain.Grant{}, refusal
}

// identifyIn returns what the bearer of a room's own token may do.
func (a *App) identifyIn(ctx context.Context, name domain.RoomName, secret domain.TokenSecret) (domain.Grant, error) {
	room, err := a.find(ctx, name)
	if kept, known := a.known.peek(name); err != nil && known && a.isLive(name) {
		room, err = kept, nil // who is there goes on, however long the database is away
	}
	if err != nil {
		return domain.Grant{}, err
	}
	if room == nil {
		room = &domain.ProvisionedRoom{}
	}
	grant, ok := room.Grant(secret)
	if !ok || grant.Over(time.Now()) {
		return domain.Grant{}, domain.ErrTokenInvalid
	}
	return grant, nil
}

// Authorize returns the grant of a bearer who may do the action in the room. It
// looks at no room but for the tokens that the bearer's says to be one of, so that a
// stranger learns nothing about one. It refuses as Identify does, and with
// domain.ErrRoomName and domain.ErrForbidden.
func (a *App) Authorize(ctx context.Context, token string, action domain.Action, room string) (domain.Grant, error) {
	grant, err := a.Identify(ctx, token)
	if err != nil {
		return domain.Grant{}, err
	}
	name, err := domain.ParseRoomName(room)
	if err != nil {
		return domain.Grant{}, err
	}
	return grant, grant.Permits(action, name, time.Now())
}
