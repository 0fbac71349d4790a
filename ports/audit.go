package ports

import (
	"context"
	"time"

	"rostrum/domain"
)

// Audit keeps who did what, for ever: nothing is changed or taken away again.
type Audit interface {
	// Record adds entries, all of them or none, in their order. They are kept when the
	// call returns.
	Record(ctx context.Context, entries ...AuditEntry) error

	// List returns up to limit entries in the order in which they were added,
	// beginning behind the entry numbered after (0 for the first page). Whoever lists
	// again behind the last number misses none, however many write at once.
	List(ctx context.Context, after int64, limit int) ([]AuditEntry, error)
}

// AuditEntry is one act of somebody.
type AuditEntry struct {
	Number  int64 // given by the store, increasing
	At      time.Time
	Subject domain.Subject
	From    string // the address that it came from; "" for the house itself
	Act     string // recording.delete
	Object  string // what it was done to
	Detail  string
}
