package app

import (
	"context"
	"time"

	"rostrum/domain"
)

// Identify returns what the bearer of token may do. It refuses with
// domain.ErrTokenMissing and domain.ErrTokenInvalid.
func (a *App) Identify(ctx context.Context, token string) (domain.Grant, error) {
	return a.access.Authenticate(ctx, token)
}

// Authorize returns the grant of a bearer who may do the action in the room. It
// looks at no room, so that a stranger learns nothing about one. It refuses as
// Identify does, and with domain.ErrRoomName and domain.ErrForbidden.
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
