package sqlite

import (
	"context"

	"rostrum/domain"
	"rostrum/ports"
)

var _ ports.Recordings = (*Recordings)(nil)

// Recordings is ports.Recordings in the table recordings.
type Recordings struct {
	db *DB
}

// Get is ports.Recordings.Get.
func (r *Recordings) Get(ctx context.Context, id domain.RecordingID) (domain.Recording, error) {
	kept, err := look(ctx, r.db, recordingFields, getRecording, id)
	if err != nil {
		return domain.Recording{}, err
	}
	if kept == nil {
		return domain.Recording{}, domain.ErrRecordingUnknown
	}
	return *kept, nil
}

// Update is ports.Recordings.Update. It waits for every other writer of the database,
// as Rooms.Update does.
func (r *Recordings) Update(ctx context.Context, id domain.RecordingID, decide func(now *domain.Recording) (*domain.Recording, []ports.Delivery, error)) error {
	return r.db.update(ctx, func(ctx context.Context, tx tx) error {
		now, err := one(ctx, tx, recordingFields, getRecording, id)
		if err != nil {
			return err
		}
		next, deliveries, err := decide(now)
		if err != nil {
			return err
		}
		if err := setRecording(ctx, tx, id, next); err != nil {
			return err
		}
		return addDeliveries(ctx, tx, deliveries)
	})
}

// List is ports.Recordings.List. A page is read from an index in its order, however
// many recordings there are.
func (r *Recordings) List(ctx context.Context, query ports.RecordingQuery, after ports.RecordingPlace, limit int) ([]domain.Recording, error) {
	text, args := listRecordings(query, after, limit)
	return list(ctx, r.db, recordingFields, text, args...)
}

// Count is ports.Recordings.Count.
func (r *Recordings) Count(ctx context.Context) (map[domain.RecordingState]int, error) {
	type count struct {
		state domain.RecordingState
		of    int
	}
	rows, err := list(ctx, r.db, func(c *count) []any { return []any{&c.state, &c.of} }, countRecordings)
	if err != nil {
		return nil, err
	}
	counts := map[domain.RecordingState]int{}
	for _, c := range rows {
		counts[c.state] = c.of
	}
	return counts, nil
}

// setRecording makes a recording's row what next says, nil for none.
func setRecording(ctx context.Context, tx tx, id domain.RecordingID, next *domain.Recording) error {
	if next == nil {
		_, err := tx.exec(ctx, `DELETE FROM recordings WHERE id = ?`, id)
		return err
	}
	f := next.Failure
	_, err := tx.exec(ctx, `
		REPLACE INTO recordings (`+recordingColumns+`)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id, next.Room, next.Session, next.Subject, next.Node, next.Key, next.State,
		next.Started.UnixMicro(), micros(next.Ended), micros(next.Stored),
		f.During, f.Reason, f.Attempts, micros(f.Next), parts{&next.Parts})
	return err
}
