package ports

import (
	"context"

	"rostrum/domain"
)

// Rooms keeps the settings of provisioned rooms. Live state is never in it.
type Rooms interface {
	// Get returns a room's settings, or domain.ErrRoomUnknown.
	Get(ctx context.Context, name domain.RoomName) (domain.RoomSettings, error)

	// Update reads, decides and writes in one transaction: decide gets the room's
	// settings, nil when there is no such room, and returns what they shall be,
	// nil to have no such room. Two Updates of one room never interleave: the
	// second sees what the first wrote. An error of decide is returned as it is
	// and nothing is written; decide may run more than once and must not call
	// Rooms.
	Update(ctx context.Context, name domain.RoomName, decide func(now *domain.RoomSettings) (*domain.RoomSettings, error)) error

	// List returns up to limit rooms in the byte order of their names, beginning
	// behind after ("" for the first page). A room that is there all the while is
	// returned exactly once over the pages; one that comes or goes may be or not.
	List(ctx context.Context, after domain.RoomName, limit int) ([]ListedRoom, error)
}

// ListedRoom is a row of Rooms.List.
type ListedRoom struct {
	Name     domain.RoomName
	Settings domain.RoomSettings
}
