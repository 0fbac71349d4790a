package app_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"rostrum/adapters/memory"
	"rostrum/app"
	"rostrum/app/database"
	"rostrum/domain"
	"rostrum/ports"
)

// keeping is all that a house keeps, in memory, and the way to it, which can be broken.
type keeping struct {
	rooms    *memory.Rooms
	sessions *memory.Sessions
	audit    *memory.Audit
	database *database.Database
	way      *way
}

func newKeeping(log *slog.Logger, settings database.Settings) keeping {
	k := keeping{sessions: memory.NewSessions(), audit: memory.NewAudit(), way: &way{}}
	k.rooms = memory.NewRooms(k.audit)
	k.database = database.New(database.Needs{
		Database: k.way, Sessions: watchedSessions{k.sessions, k.way}, Audit: watchedAudit{k.audit, k.way}, Log: log,
	}, settings)
	return k
}

// needs returns what an App needs of it.
func (k keeping) needs() app.Needs {
	return app.Needs{
		Rooms: watchedRooms{k.rooms, k.way}, Database: k.database,
	}
}

// way is the way to the stores: every call fails with what it is broken by, or hangs.
type way struct {
	mu      sync.Mutex
	cause   error
	hanging bool
	asked   int                                         // look-ups of rooms
	refused func(domain.SessionRecord) bool             // which records Keep does not take; nil: none
	kept    func(ctx context.Context, done error) error // what the caller of an Update or Record hears; nil: what was done
	pinged  func()                                      // happens when a Ping has passed, before it is told; nil: nothing
	ordered [][]domain.SessionID                        // what Keep took
}

func (w *way) breaks(cause error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cause, w.hanging = cause, false
}

// hangs has calls take as long as they may.
func (w *way) hangs() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hanging = true
}

// refuses has Keep refuse what the table of sessions does not take.
func (w *way) refuses(which func(domain.SessionRecord) bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refused = which
}

// loses has told say what callers hear of what was done.
func (w *way) loses(told func(ctx context.Context, done error) error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.kept = told
}

func (w *way) answer(ctx context.Context, done error) error {
	w.mu.Lock()
	told := w.kept
	w.mu.Unlock()
	if told == nil {
		return done
	}
	return told(ctx, done)
}

// longestCall is how long a call of a database takes that hangs.
const longestCall = 4 * time.Second

func (w *way) pass(ctx context.Context) error {
	w.mu.Lock()
	cause, hanging := w.cause, w.hanging
	w.mu.Unlock()
	if !hanging {
		return cause
	}
	select {
	case <-ctx.Done():
		return fmt.Errorf("no answer: %w", context.Cause(ctx))
	case <-time.After(longestCall):
		return fmt.Errorf("no answer: %w", ports.ErrAway)
	}
}

func (w *way) lookUps() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.asked
}

func (w *way) Ping(ctx context.Context) error {
	err := w.pass(ctx)
	w.mu.Lock()
	then := w.pinged
	w.mu.Unlock()
	if then != nil && err == nil {
		then()
	}
	return err
}

// afterPing has something happen each time that a Ping has passed, before it is told.
func (w *way) afterPing(happens func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pinged = happens
}

type watchedRooms struct {
	ports.Rooms
	way *way
}

func (r watchedRooms) Get(ctx context.Context, name domain.RoomName) (domain.ProvisionedRoom, error) {
	r.way.mu.Lock()
	r.way.asked++
	r.way.mu.Unlock()
	if err := r.way.pass(ctx); err != nil {
		return domain.ProvisionedRoom{}, err
	}
	return r.Rooms.Get(ctx, name)
}

func (r watchedRooms) Update(ctx context.Context, name domain.RoomName, decide func(*domain.ProvisionedRoom) (*domain.ProvisionedRoom, []ports.AuditEntry, error)) error {
	if err := r.way.pass(ctx); err != nil {
		return err
	}
	return r.way.answer(ctx, r.Rooms.Update(ctx, name, decide))
}

func (r watchedRooms) List(ctx context.Context, query ports.RoomQuery, after domain.RoomName, limit int) ([]domain.ProvisionedRoom, error) {
	if err := r.way.pass(ctx); err != nil {
		return nil, err
	}
	return r.Rooms.List(ctx, query, after, limit)
}

type watchedSessions struct {
	ports.Sessions
	way *way
}

func (s watchedSessions) Keep(ctx context.Context, records []domain.SessionRecord) error {
	if err := s.way.pass(ctx); err != nil {
		return err
	}
	s.way.mu.Lock()
	defer s.way.mu.Unlock()
	var all []domain.SessionID
	for _, r := range records {
		if all = append(all, r.ID); s.way.refused != nil && s.way.refused(r) {
			return errRefused
		}
	}
	s.way.ordered = append(s.way.ordered, all)
	return s.Sessions.Keep(ctx, records)
}

func (s watchedSessions) Get(ctx context.Context, id domain.SessionID) (domain.SessionRecord, error) {
	if err := s.way.pass(ctx); err != nil {
		return domain.SessionRecord{}, err
	}
	return s.Sessions.Get(ctx, id)
}

func (s watchedSessions) List(ctx context.Context, query ports.SessionQuery, after ports.SessionPlace, limit int) ([]domain.SessionRecord, error) {
	if err := s.way.pass(ctx); err != nil {
		return nil, err
	}
	return s.Sessions.List(ctx, query, after, limit)
}

type watchedAudit struct {
	ports.Audit
	way *way
}

func (a watchedAudit) Record(ctx context.Context, entries ...ports.AuditEntry) error {
	if err := a.way.pass(ctx); err != nil {
		return err
	}
	return a.way.answer(ctx, a.Audit.Record(ctx, entries...))
}

// errRefused is of a store that is there, and does not take what it is given.
var errRefused = errors.New("no such column")

type watchedRecordings struct {
	ports.Recordings
	way *way
}

func (r watchedRecordings) Get(ctx context.Context, id domain.RecordingID) (domain.Recording, error) {
	if err := r.way.pass(ctx); err != nil {
		return domain.Recording{}, err
	}
	return r.Recordings.Get(ctx, id)
}

func (r watchedRecordings) Update(ctx context.Context, id domain.RecordingID, decide func(*domain.Recording) (*domain.Recording, []ports.Delivery, error)) error {
	if err := r.way.pass(ctx); err != nil {
		return err
	}
	return r.Recordings.Update(ctx, id, decide)
}

type watchedOutbox struct {
	ports.Outbox
	way *way
}

func (o watchedOutbox) Due(ctx context.Context, now time.Time, limit int) ([]ports.Delivery, error) {
	if err := o.way.pass(ctx); err != nil {
		return nil, err
	}
	return o.Outbox.Due(ctx, now, limit)
}

func (o watchedOutbox) Delivered(ctx context.Context, id domain.EventID, to string) error {
	if err := o.way.pass(ctx); err != nil {
		return err
	}
	return o.Outbox.Delivered(ctx, id, to)
}

// history returns all sessions that are kept, those that began last first.
func (k keeping) history(t *testing.T) []domain.SessionRecord {
	t.Helper()
	all, err := k.sessions.List(t.Context(), ports.SessionQuery{}, ports.SessionPlace{}, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// trail returns the audit trail without its numbers and times.
func (k keeping) trail(t *testing.T) []ports.AuditEntry {
	t.Helper()
	all, err := k.audit.List(t.Context(), 0, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		all[i].Number, all[i].At = 0, time.Time{}
	}
	return all
}
