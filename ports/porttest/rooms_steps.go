package porttest

import (
	"context"
	"fmt"
	"math"
	"sync"
	"testing"

	"rostrum/domain"
	"rostrum/ports"
)

// registry is a store of rooms, and the trail that its updates are told to.
type registry struct {
	ports.Rooms
	audit ports.Audit
}

// room returns a room as it is when it has just been provisioned.
func room(name domain.RoomName, settings domain.RoomSettings) domain.ProvisionedRoom {
	return domain.ProvisionedRoom{Name: name, Settings: settings, Created: noon, Changed: noon, Version: 1}
}

// keep makes a room what it is given as, with something to tell.
func (r registry) keep(t *testing.T, next domain.ProvisionedRoom, entries ...ports.AuditEntry) {
	t.Helper()
	err := r.Update(t.Context(), next.Name, func(*domain.ProvisionedRoom) (*domain.ProvisionedRoom, []ports.AuditEntry, error) {
		return &next, entries, nil
	})
	if err != nil {
		t.Fatalf("Update of %.40q: %v", next.Name, err)
	}
}

// fill keeps rooms of which pattern has the number, and returns their names in order.
func (r registry) fill(t *testing.T, pattern string, count int) []domain.RoomName {
	t.Helper()
	names := make([]domain.RoomName, count)
	for i := range names {
		names[i] = domain.RoomName(fmt.Sprintf(pattern, i))
		r.keep(t, room(names[i], domain.RoomSettings{}))
	}
	return names
}

func (r registry) remove(t *testing.T, name domain.RoomName, entries ...ports.AuditEntry) {
	t.Helper()
	err := r.Update(t.Context(), name, func(*domain.ProvisionedRoom) (*domain.ProvisionedRoom, []ports.AuditEntry, error) {
		return nil, entries, nil
	})
	if err != nil {
		t.Fatalf("Update of %s to nil: %v", name, err)
	}
}

func (r registry) kept(t *testing.T, name domain.RoomName) domain.ProvisionedRoom {
	t.Helper()
	kept, err := r.Get(t.Context(), name)
	if err != nil {
		t.Fatalf("Get of %.40q: %v", name, err)
	}
	return kept
}

// increment adds one to a room's limit, from 0 when there is no such room, and tells it.
func (r registry) increment(ctx context.Context, name domain.RoomName) error {
	return r.Update(ctx, name, func(now *domain.ProvisionedRoom) (*domain.ProvisionedRoom, []ports.AuditEntry, error) {
		next := room(name, domain.RoomSettings{})
		if now != nil {
			next = *now
		}
		next.Settings.MaxSubscribers++
		return &next, []ports.AuditEntry{{At: noon, Act: "increment", Object: string(name)}}, nil
	})
}

// names lists what a query is for, on one page.
func (r registry) names(t *testing.T, query ports.RoomQuery) []domain.RoomName {
	t.Helper()
	return r.pages(t, query, math.MaxInt)
}

// pages lists every name, page by page, and fails when a page is too long or does not
// begin behind the one before.
func (r registry) pages(t *testing.T, query ports.RoomQuery, limit int) (names []domain.RoomName) {
	t.Helper()
	var after domain.RoomName
	for {
		page, err := r.List(t.Context(), query, after, limit)
		if err != nil {
			t.Fatalf("List behind %q: %v", after, err)
		}
		if len(page) > limit {
			t.Fatalf("List of up to %d rooms has %d", limit, len(page))
		}
		if len(page) == 0 {
			return names
		}
		if page[0].Name <= after {
			t.Fatalf("List behind %q begins with %q", after, page[0].Name)
		}
		for _, listed := range page {
			names = append(names, listed.Name)
		}
		after = names[len(names)-1]
	}
}

// told returns the acts in the trail, in its order.
func (r registry) told(t *testing.T) (acts []string) {
	t.Helper()
	for _, e := range trail(t, r.audit) {
		acts = append(acts, e.Act)
	}
	return acts
}

// atOnce runs writers goroutines, waits for all of them and fails with each
// error that one returned.
func atOnce(t *testing.T, writers int, run func(i int) error) {
	t.Helper()
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range writers {
		wg.Go(func() {
			<-start
			if err := run(i); err != nil {
				t.Errorf("number %d of %d at once: %v", i, writers, err)
			}
		})
	}
	close(start)
	wg.Wait()
}
