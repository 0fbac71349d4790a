package ports

import (
	"context"
	"errors"
)

// ErrAway says of an error of a store that the whole database cannot do its work now,
// and may later: it is not reached, or refuses, hangs, has no room or takes no writes.
// Compare with errors.Is. No call takes longer than some seconds to find out; one whose
// context ended for a cause that wraps it returns that.
var ErrAway = errors.New("the database is away")

// Database is what Rooms, Sessions, Recordings, Outbox and Audit of one engine stand on.
// Text that they are given is valid UTF-8 without NUL.
type Database interface {
	// Ping returns nil if the database can be read and written now, else an error that
	// wraps ErrAway and says why.
	Ping(ctx context.Context) error
}
