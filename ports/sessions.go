package ports

import (
	"context"
	"time"

	"rostrum/domain"
)

// Sessions keeps who came, when, how it went and why it ended. It is written when
// sessions begin and end, never by their packets, and behind their backs: what is kept
// of a session may be written late, and again.
type Sessions interface {
	// Get returns what is kept of a session, or domain.ErrSessionUnknown.
	Get(ctx context.Context, id domain.SessionID) (domain.SessionRecord, error)

	// Keep keeps records, all of them or none. Each is put in place of what is kept of
	// its session, unless that has ended and the record is of when it was live: so the
	// order in which two Keeps come is without meaning. An end that Abandon wrote gives
	// way to the record of a session's own end. It may be repeated. Several records of one
	// session in one call count as if each came by a call of its own. Figures above 2^63-1
	// are kept as that.
	Keep(ctx context.Context, records []domain.SessionRecord) error

	// Abandon ends what is kept as live of a node, which was killed: with
	// domain.EndedByCrash, at that time, or when it began if that is later. It returns
	// how many these were.
	Abandon(ctx context.Context, node string, at time.Time) (int, error)

	// List returns up to limit sessions that the query is for, those that began last
	// first (and of those that began at one time, the greater ID), beginning behind
	// after (the zero value for the first page). One that is there all the while is
	// returned exactly once over the pages. Times are kept to the microsecond, durations to
	// the nanosecond.
	List(ctx context.Context, query SessionQuery, after SessionPlace, limit int) ([]domain.SessionRecord, error)

	// Forget removes up to limit sessions that ended before a time, and returns how many
	// it has removed. Live ones stay.
	Forget(ctx context.Context, before time.Time, limit int) (int, error)
}

// SessionQuery says which sessions are meant; what is empty says nothing.
type SessionQuery struct {
	Room   domain.RoomName
	Role   domain.Role
	Live   bool      // only those that have not ended
	From   time.Time // began at that time or later
	Before time.Time // began earlier
}

// SessionPlace is the place of a session in a list.
type SessionPlace struct {
	Started time.Time
	ID      domain.SessionID
}
