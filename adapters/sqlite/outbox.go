package sqlite

import (
	"context"
	"database/sql"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

var _ ports.Outbox = (*Outbox)(nil)

// Outbox is ports.Outbox in the table deliveries.
type Outbox struct {
	db *DB
}

const dueDeliveries = `
	SELECT event, receiver, body, attempts, next FROM deliveries
	WHERE next <= ? ORDER BY next, event, receiver LIMIT ?`

// Due is ports.Outbox.Due.
func (o *Outbox) Due(ctx context.Context, now time.Time, limit int) ([]ports.Delivery, error) {
	return list(ctx, o.db, deliveryFields, dueDeliveries, now.UnixMicro(), max(limit, 0))
}

func deliveryFields(d *ports.Delivery) []any {
	return []any{&d.ID, &d.To, &d.Body, &d.Attempts, instant{&d.Next}}
}

// Delivered is ports.Outbox.Delivered.
func (o *Outbox) Delivered(ctx context.Context, id domain.EventID, to string) error {
	return o.change(ctx, `DELETE FROM deliveries WHERE event = ? AND receiver = ?`, id, to)
}

// Postpone is ports.Outbox.Postpone.
func (o *Outbox) Postpone(ctx context.Context, id domain.EventID, to string, next time.Time) error {
	return o.change(ctx, `
		UPDATE deliveries SET attempts = attempts + 1, next = ?
		WHERE event = ? AND receiver = ?`, next.UnixMicro(), id, to)
}

func (o *Outbox) change(ctx context.Context, query string, args ...any) error {
	return o.db.update(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, query, args...); err != nil {
			return explain(ctx, o.db.path, err)
		}
		return nil
	})
}

// addDeliveries leaves those that are there already as they are.
func addDeliveries(ctx context.Context, tx *sql.Tx, deliveries []ports.Delivery) error {
	for _, d := range deliveries {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO deliveries (event, receiver, body, attempts, next) VALUES (?, ?, coalesce(?, x''), ?, ?)
			ON CONFLICT (event, receiver) DO NOTHING`, d.ID, d.To, d.Body, d.Attempts, d.Next.UnixMicro())
		if err != nil {
			return err
		}
	}
	return nil
}
