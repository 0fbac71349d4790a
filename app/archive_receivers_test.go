package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"rostrum/app/archive"
	"rostrum/domain"
	"rostrum/ports"
)

// receivers is ports.Webhook: it takes every event, unless a fault is set for
// "deliver" and its receiver, and remembers what it took.
type receivers struct {
	*faults
	mu    sync.Mutex
	taken []taken
}

// taken is an event that was delivered.
type taken struct {
	to   string
	id   domain.EventID
	at   time.Time
	body archive.Announcement
}

func (r *receivers) Deliver(ctx context.Context, d ports.Delivery) error {
	if err := r.pass(ctx, "deliver "+d.To); err != nil {
		return err
	}
	one := taken{to: d.To, id: d.ID, at: time.Now()}
	if err := json.Unmarshal(d.Body, &one.body); err != nil {
		return fmt.Errorf("%s: %w", d.Body, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.taken = append(r.taken, one)
	return nil
}

// all returns what was taken, in order.
func (r *receivers) all() []taken {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]taken(nil), r.taken...)
}

// events counts what a receiver has taken, by event.
func (r *receivers) events(to string) map[domain.EventName]int {
	events := map[domain.EventName]int{}
	for _, one := range r.all() {
		if one.to == to {
			events[one.body.Type]++
		}
	}
	return events
}

// last returns what a receiver took last.
func (r *receivers) last(to string) (last taken) {
	for _, one := range r.all() {
		if one.to == to {
			last = one
		}
	}
	return last
}
