package sqlite

import (
	"context"
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
	return o.db.update(ctx, func(ctx context.Context, tx tx) error {
		_, err := tx.exec(ctx, query, args...)
		return err
	})
}

// addDeliveries leaves those that are there already as they are.
func addDeliveries(ctx context.Context, tx tx, deliveries []ports.Delivery) error {
	return each(ctx, tx, deliveries, `
		INSERT INTO deliveries (event, receiver, body, attempts, next) VALUES (?, ?, coalesce(?, x''), ?, ?)
		ON CONFLICT (event, receiver) DO NOTHING`,
		func(d ports.Delivery) []any { return []any{d.ID, d.To, d.Body, d.Attempts, d.Next.UnixMicro()} })
}
