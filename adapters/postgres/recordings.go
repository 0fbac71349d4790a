package postgres

import (
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"rostrum/domain"
	"rostrum/ports"
)

var _ ports.Recordings = (*Recordings)(nil)

// Recordings is ports.Recordings in the table recordings.
type Recordings struct {
	db *DB
}

// recordingColumns are those of the table, in the order of recordingFields.
const recordingColumns = `id, room, session, subject, node, object_key, state, started, ended, stored,
	failure_during, failure_reason, failure_attempts, failure_next, parts`

const (
	selectRecordings = `SELECT ` + recordingColumns + ` FROM recordings`
	countRecordings  = `SELECT state, count(*) FROM recordings GROUP BY state`
)

func recordingFields(r *domain.Recording) []any {
	f := &r.Failure
	return []any{
		&r.ID, &r.Room, &r.Session, &r.Subject, &r.Node, &r.Key, &r.State, instant{&r.Started}, instant{&r.Ended}, instant{&r.Stored},
		&f.During, &f.Reason, &f.Attempts, instant{&f.Next}, parts{&r.Parts},
	}
}

// Get is ports.Recordings.Get.
func (r *Recordings) Get(ctx context.Context, id domain.RecordingID) (domain.Recording, error) {
	found, err := list(ctx, r.db, recordingFields, selectRecordings+` WHERE id = $1`, id)
	if err != nil {
		return domain.Recording{}, err
	}
	if len(found) == 0 {
		return domain.Recording{}, domain.ErrRecordingUnknown
	}
	return found[0], nil
}

// Update is ports.Recordings.Update. It waits for every other Update of the recording, by
// this program and by others.
func (r *Recordings) Update(ctx context.Context, id domain.RecordingID, decide func(now *domain.Recording) (*domain.Recording, []ports.Delivery, error)) error {
	return r.db.update(ctx, func(ctx context.Context, tx pgx.Tx) error {
		now, err := readAlone(ctx, tx, lockOfRecording+string(id), recordingFields, selectRecordings+` WHERE id = $1`, id)
		if err != nil {
			return r.db.source.explain(ctx, err)
		}
		next, deliveries, err := decide(now)
		if err != nil {
			return err
		}
		var changes pgx.Batch
		setRecording(&changes, id, next)
		addDeliveries(&changes, deliveries)
		if err := tx.SendBatch(ctx, &changes).Close(); err != nil {
			return r.db.source.explain(ctx, err)
		}
		return nil
	})
}

// setRecording makes a recording's row what next says, nil for none.
func setRecording(changes *pgx.Batch, id domain.RecordingID, next *domain.Recording) {
	if next == nil {
		changes.Queue(`DELETE FROM recordings WHERE id = $1`, id)
		return
	}
	f := next.Failure
	changes.Queue(`
		INSERT INTO recordings (`+recordingColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
		ON CONFLICT (id) DO UPDATE SET room = excluded.room, session = excluded.session, subject = excluded.subject, node = excluded.node,
			object_key = excluded.object_key, state = excluded.state, started = excluded.started, ended = excluded.ended,
			stored = excluded.stored, failure_during = excluded.failure_during, failure_reason = excluded.failure_reason,
			failure_attempts = excluded.failure_attempts, failure_next = excluded.failure_next, parts = excluded.parts`,
		id, next.Room, next.Session, next.Subject, next.Node, next.Key, next.State, next.Started, orNull(next.Ended), orNull(next.Stored),
		f.During, f.Reason, f.Attempts, orNull(f.Next), parts{&next.Parts})
}

// List is ports.Recordings.List. A page is read from an index in its order, however many
// recordings there are.
func (r *Recordings) List(ctx context.Context, query ports.RecordingQuery, after ports.RecordingPlace, limit int) ([]domain.Recording, error) {
	text, args := listRecordings(query, after, limit)
	return list(ctx, r.db, recordingFields, text, args...)
}

// listRecordings returns the query for a page, and its arguments. For several states it
// joins a page of each, and sorts these few; "state IN" would read and sort all that there
// are.
func listRecordings(query ports.RecordingQuery, after ports.RecordingPlace, limit int) (text string, args []any) {
	var c conditions
	if query.Room != "" {
		c.is(`room`, query.Room)
	}
	if len(query.States) == 0 {
		return c.recordings(query, after, limit), c.args
	}
	var pages []string
	for _, state := range slices.Compact(slices.Sorted(slices.Values(query.States))) {
		of := conditions{columns: slices.Clip(c.columns), values: slices.Clip(c.values), args: c.args}
		of.is(`state`, state)
		pages = append(pages, of.recordings(query, after, limit))
		c.args = of.args
	}
	if len(pages) == 1 {
		return pages[0], c.args
	}
	return `SELECT * FROM ((` + strings.Join(pages, `) UNION ALL (`) + `)) AS pages
		ORDER BY started DESC, id DESC` + c.limit(limit), c.args
}

// recordings returns the query for a page of what has the same values of all columns that
// the query is for.
func (c *conditions) recordings(query ports.RecordingQuery, after ports.RecordingPlace, limit int) string {
	c.times(query.From, query.Before, after.Started, string(after.ID))
	return selectRecordings + c.where() + c.backInTime() + c.limit(limit)
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
