package ports

import (
	"context"

	"rostrum/domain"
)

// Rooms keeps the rooms that outlive their sessions. Live state is never in it.
type Rooms interface {
	// Get returns a room, or domain.ErrRoomUnknown.
	Get(ctx context.Context, name domain.RoomName) (domain.ProvisionedRoom, error)

	// Update reads, decides and writes in one transaction: decide gets the room, nil
	// when there is no such room, and returns what it shall be, nil to have no such
	// room, and what Audit has to tell of it, which is kept with the change or not at
	// all. Two Updates of one room never interleave: the second sees what the first
	// wrote. An error of decide is returned as it is and nothing is written; decide may
	// run more than once and must not call a store. After any other error the change
	// may have been made or not, but for one that wraps the end of ctx before decide
	// ran.
	Update(ctx context.Context, name domain.RoomName, decide func(now *domain.ProvisionedRoom) (*domain.ProvisionedRoom, []AuditEntry, error)) error

	// List returns up to limit rooms that the query is for, in the byte order of their
	// names, beginning behind after ("" for the first page). A room that is there all
	// the while is returned exactly once over the pages; one that comes or goes may be
	// or not. Times are kept to the microsecond.
	List(ctx context.Context, query RoomQuery, after domain.RoomName, limit int) ([]domain.ProvisionedRoom, error)
}

// RoomQuery says which rooms are meant; what is empty says nothing.
type RoomQuery struct {
	Prefix string // of the name, byte for byte
	Label  string // the key of a label that they have
	Value  string // of that label; any where it is empty, and nothing without Label
}
