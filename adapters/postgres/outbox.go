package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

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
	WHERE next <= $1 ORDER BY next, event, receiver LIMIT $2`

// Due is ports.Outbox.Due.
func (o *Outbox) Due(ctx context.Context, now time.Time, limit int) ([]ports.Delivery, error) {
	return list(ctx, o.db, deliveryFields, dueDeliveries, now, max(limit, 0))
}

func deliveryFields(d *ports.Delivery) []any {
	return []any{&d.ID, &d.To, &d.Body, &d.Attempts, instant{&d.Next}}
}

// Delivered is ports.Outbox.Delivered.
func (o *Outbox) Delivered(ctx context.Context, id domain.EventID, to string) error {
	_, err := o.db.execute(ctx, `DELETE FROM deliveries WHERE event = $1 AND receiver = $2`, id, to)
	return err
}

// Postpone is ports.Outbox.Postpone.
func (o *Outbox) Postpone(ctx context.Context, id domain.EventID, to string, next time.Time) error {
	_, err := o.db.execute(ctx, `
		UPDATE deliveries SET attempts = attempts + 1, next = $3
		WHERE event = $1 AND receiver = $2`, id, to, next)
	return err
}

// addDeliveries leaves those that are there already as they are.
func addDeliveries(changes *pgx.Batch, deliveries []ports.Delivery) {
	for _, d := range deliveries {
		changes.Queue(`
			INSERT INTO deliveries (event, receiver, body, attempts, next) VALUES ($1, $2, coalesce($3, ''::bytea), $4, $5)
			ON CONFLICT (event, receiver) DO NOTHING`, d.ID, d.To, d.Body, d.Attempts, d.Next)
	}
}
