package api

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"rostrum/adapters/memory"
	"rostrum/app/database"
	"rostrum/app/privacy"
	"rostrum/domain"
	"rostrum/ports"
)

// outagePatience is how long known rooms go on while the database is away.
const outagePatience = time.Minute

// stores are what an edge keeps, in memory, until there is an outage.
type stores struct {
	outage   *outage
	rooms    rooms
	sessions sessions
	trail    trail
	database *database.Database
}

// newStores returns stores that end with the test, after all that is made of them.
func newStores(t *testing.T, log *slog.Logger) stores {
	t.Helper()
	o, audit := &outage{}, memory.NewAudit()
	s := stores{outage: o, rooms: rooms{memory.NewRooms(audit), o}, sessions: sessions{memory.NewSessions(), o}, trail: trail{audit, o}}
	s.database = database.New(database.Needs{Database: o, Sessions: s.sessions, Audit: s.trail, Log: log},
		database.Settings{Node: "north-1", Addresses: privacy.WholeAddresses})
	if err := s.database.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.database.Close)
	return s
}

// outage is a ports.Database that can be away, and all that stands on it.
type outage struct {
	away  atomic.Bool
	pages atomic.Int32 // of the audit that are still read before the database goes away; 0: as many as there are
}

// secret is in the errors of a database that is away, and nowhere else.
const secret = "postgres://rostrum:hunter2@10.1.2.3/rostrum"

func (o *outage) Ping(context.Context) error {
	if o.away.Load() {
		return fmt.Errorf("connect to %s: %w", secret, ports.ErrAway)
	}
	return nil
}

type rooms struct {
	*memory.Rooms
	*outage
}

func (r rooms) Get(ctx context.Context, name domain.RoomName) (domain.ProvisionedRoom, error) {
	if err := r.Ping(ctx); err != nil {
		return domain.ProvisionedRoom{}, err
	}
	return r.Rooms.Get(ctx, name)
}

func (r rooms) Update(ctx context.Context, name domain.RoomName, decide func(*domain.ProvisionedRoom) (*domain.ProvisionedRoom, []ports.AuditEntry, error)) error {
	if err := r.Ping(ctx); err != nil {
		return err
	}
	return r.Rooms.Update(ctx, name, decide)
}

func (r rooms) List(ctx context.Context, query ports.RoomQuery, after domain.RoomName, limit int) ([]domain.ProvisionedRoom, error) {
	if err := r.Ping(ctx); err != nil {
		return nil, err
	}
	return r.Rooms.List(ctx, query, after, limit)
}

type sessions struct {
	*memory.Sessions
	*outage
}

func (s sessions) Keep(ctx context.Context, records []domain.SessionRecord) error {
	if err := s.Ping(ctx); err != nil {
		return err
	}
	return s.Sessions.Keep(ctx, records)
}

func (s sessions) Get(ctx context.Context, id domain.SessionID) (domain.SessionRecord, error) {
	if err := s.Ping(ctx); err != nil {
		return domain.SessionRecord{}, err
	}
	return s.Sessions.Get(ctx, id)
}

func (s sessions) List(ctx context.Context, query ports.SessionQuery, after ports.SessionPlace, limit int) ([]domain.SessionRecord, error) {
	if err := s.Ping(ctx); err != nil {
		return nil, err
	}
	return s.Sessions.List(ctx, query, after, limit)
}

type trail struct {
	*memory.Audit
	*outage
}

func (a trail) Record(ctx context.Context, entries ...ports.AuditEntry) error {
	if err := a.Ping(ctx); err != nil {
		return err
	}
	return a.Audit.Record(ctx, entries...)
}

func (a trail) List(ctx context.Context, after int64, limit int) ([]ports.AuditEntry, error) {
	if err := a.Ping(ctx); err != nil {
		return nil, err
	}
	if a.pages.Load() > 0 && a.pages.Add(-1) == 0 {
		a.away.Store(true)
	}
	return a.Audit.List(ctx, after, limit)
}

// entries returns what the audit trail holds, without its numbers and times, once all
// that waits to be written is.
func (s stores) entries(t *testing.T) (all []ports.AuditEntry) {
	t.Helper()
	eventually(t, "nothing waits to be written", func() bool { return s.database.Status().Waiting == 0 })
	kept, err := s.trail.Audit.List(t.Context(), 0, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range kept {
		e.Number, e.At = 0, time.Time{}
		all = append(all, e)
	}
	return all
}
