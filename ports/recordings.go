package ports

import (
	"context"
	"time"

	"rostrum/domain"
)

// Recordings keeps what is known of recordings. The media is elsewhere.
type Recordings interface {
	// Get returns a recording, or domain.ErrRecordingUnknown.
	Get(ctx context.Context, id domain.RecordingID) (domain.Recording, error)

	// Update reads, decides and writes in one transaction: decide gets the recording,
	// nil when there is none, and returns what it shall be, nil for none, and what is
	// to be delivered of the change, which Outbox has from then on. Two Updates of
	// one recording never interleave. An error of decide is returned as it is and
	// nothing is written; decide may run more than once and must not call
	// Recordings. A delivery that is there already (ID and To) is left as it is.
	Update(ctx context.Context, id domain.RecordingID, decide func(now *domain.Recording) (*domain.Recording, []Delivery, error)) error

	// List returns up to limit recordings that the query is for, those that began
	// last first (and of those that began at one time, the greater ID), beginning
	// behind after (the zero value for the first page). One that is there all the
	// while is returned exactly once over the pages. Times are kept to the
	// microsecond.
	List(ctx context.Context, query RecordingQuery, after RecordingPlace, limit int) ([]domain.Recording, error)

	// Count returns how many recordings are in each state.
	Count(ctx context.Context) (map[domain.RecordingState]int, error)
}

// RecordingQuery says which recordings are meant; what is empty says nothing.
type RecordingQuery struct {
	Room   domain.RoomName
	States []domain.RecordingState
	From   time.Time // began at that time or later
	Before time.Time // began earlier
}

// RecordingPlace is the place of a recording in a list.
type RecordingPlace struct {
	Started time.Time
	ID      domain.RecordingID
}

// Outbox holds what is to be delivered until it has been.
type Outbox interface {
	// Due returns up to limit deliveries whose time has come, those that have waited
	// longest first.
	Due(ctx context.Context, now time.Time, limit int) ([]Delivery, error)

	// Delivered forgets a delivery.
	Delivered(ctx context.Context, id domain.EventID, to string) error

	// Postpone takes note of an attempt that has failed, and when the next is due.
	Postpone(ctx context.Context, id domain.EventID, to string, next time.Time) error
}

// Delivery is an event on its way to one receiver.
type Delivery struct {
	ID       domain.EventID
	To       string // the receiver's URL
	Body     []byte
	Attempts int // that have failed
	Next     time.Time
}

// Webhook takes events to their receivers.
type Webhook interface {
	// Deliver makes one attempt, signed so that the receiver can tell that it is
	// ours. It returns nil when the receiver has taken it.
	Deliver(ctx context.Context, d Delivery) error
}
