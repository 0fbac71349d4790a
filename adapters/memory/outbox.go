package memory

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

var _ ports.Outbox = (*Outbox)(nil)

// Outbox is ports.Outbox in a map. Recordings put into it what is to be delivered.
type Outbox struct {
	mu         sync.Mutex // guards deliveries
	deliveries map[address]ports.Delivery
}

// address is what a delivery is known by.
type address struct {
	id domain.EventID
	to string
}

// NewOutbox returns an empty outbox.
func NewOutbox() *Outbox { return &Outbox{deliveries: map[address]ports.Delivery{}} }

// Due is ports.Outbox.Due. It sorts all that is due, each time.
func (o *Outbox) Due(ctx context.Context, now time.Time, limit int) ([]ports.Delivery, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list what is due: %w", err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	var due []ports.Delivery
	for _, d := range o.deliveries {
		if !d.Next.After(kept(now)) {
			d.Body = bytes.Clone(d.Body)
			due = append(due, d)
		}
	}
	slices.SortFunc(due, func(a, b ports.Delivery) int {
		return cmp.Or(a.Next.Compare(b.Next), cmp.Compare(a.ID, b.ID), cmp.Compare(a.To, b.To))
	})
	return due[:min(max(limit, 0), len(due))], nil
}

// Delivered is ports.Outbox.Delivered.
func (o *Outbox) Delivered(ctx context.Context, id domain.EventID, to string) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("forget delivery %s: %w", id, err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.deliveries, address{id, to})
	return nil
}

// Postpone is ports.Outbox.Postpone.
func (o *Outbox) Postpone(ctx context.Context, id domain.EventID, to string, next time.Time) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("postpone delivery %s: %w", id, err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	d, ok := o.deliveries[address{id, to}]
	if !ok {
		return nil
	}
	d.Attempts++
	d.Next = kept(next)
	o.deliveries[address{id, to}] = d
	return nil
}

// add leaves those that are there already as they are.
func (o *Outbox) add(deliveries []ports.Delivery) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, d := range deliveries {
		at := address{d.ID, d.To}
		if _, there := o.deliveries[at]; there {
			continue
		}
		d.Body, d.Next = bytes.Clone(d.Body), kept(d.Next)
		o.deliveries[at] = d
	}
}
