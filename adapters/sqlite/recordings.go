package sqlite

import (
	"context"
	"database/sql"
	"errors"

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
	kept, err := getRecording(ctx, r.db.read, id)
	if err != nil {
		return domain.Recording{}, explain(ctx, r.db.path, err)
	}
	if kept == nil {
		return domain.Recording{}, domain.ErrRecordingUnknown
	}
	return *kept, nil
}

// Update is ports.Recordings.Update. It waits for every other writer of the database,
// as Rooms.Update does.
func (r *Recordings) Update(ctx context.Context, id domain.RecordingID, decide func(now *domain.Recording) (*domain.Recording, []ports.Delivery, error)) error {
	return r.db.update(ctx, func(tx *sql.Tx) error {
		now, err := getRecording(ctx, tx, id)
		if err != nil {
			return explain(ctx, r.db.path, err)
		}
		next, deliveries, err := decide(now)
		if err != nil {
			return err
		}
		if err := setRecording(ctx, tx, id, next); err != nil {
			return explain(ctx, r.db.path, err)
		}
		if err := addDeliveries(ctx, tx, deliveries); err != nil {
			return explain(ctx, r.db.path, err)
		}
		return nil
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

// getRecording returns nil when there is no such recording.
func getRecording(ctx context.Context, from interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}, id domain.RecordingID) (*domain.Recording, error) {
	var kept domain.Recording
	err := from.QueryRowContext(ctx, selectRecordings+` WHERE id = ?`, id).Scan(recordingFields(&kept)...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &kept, nil
}

// setRecording makes a recording's row what next says, nil for none.
func setRecording(ctx context.Context, tx *sql.Tx, id domain.RecordingID, next *domain.Recording) error {
	if next == nil {
		_, err := tx.ExecContext(ctx, `DELETE FROM recordings WHERE id = ?`, id)
		return err
	}
	f := next.Failure
	_, err := tx.ExecContext(ctx, `
		REPLACE INTO recordings (`+recordingColumns+`)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id, next.Room, next.Session, next.Subject, next.Key, next.State,
		next.Started.UnixMicro(), micros(next.Ended), micros(next.Stored),
		f.During, f.Reason, f.Attempts, micros(f.Next), parts{&next.Parts})
	return err
}
