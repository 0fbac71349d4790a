package app

import (
	"context"
	"errors"
	"fmt"

	"rostrum/domain"
)

// roomSettings returns what is kept about a room that is about to come to life.
// It refuses with domain.ErrRoomUnknown what nobody provisioned where rooms are
// not made by publishing into them, and with domain.ErrUnavailable when the
// database is away.
func (a *App) roomSettings(ctx context.Context, name domain.RoomName) (domain.RoomSettings, error) {
	settings, err := a.rooms.Get(ctx, name)
	switch {
	case errors.Is(err, domain.ErrRoomUnknown) && a.settings.AutoCreate:
		settings = domain.RoomSettings{Record: a.settings.Record}
	case errors.Is(err, domain.ErrRoomUnknown):
		return settings, err
	case err != nil:
		a.log.Error("room settings cannot be read", "room", name, "error", err)
		return settings, fmt.Errorf("%w: %w", domain.ErrUnavailable, err)
	}
	if settings.MaxSubscribers == 0 {
		settings.MaxSubscribers = a.settings.MaxSubscribers
	}
	return settings, nil
}
