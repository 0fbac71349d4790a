package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"rostrum/adapters/sqlite"
	"rostrum/domain"
	"rostrum/ports"
)

// writes are the calls that change something, by their names.
func writes(ctx context.Context, db *sqlite.DB) map[string]error {
	now := time.Now()
	_, abandon := db.Sessions().Abandon(ctx, "north", now)
	return map[string]error{
		"Rooms.Update": increment(ctx, db),
		"Recordings.Update": db.Recordings().Update(ctx, "A", func(*domain.Recording) (*domain.Recording, []ports.Delivery, error) {
			return &domain.Recording{ID: "A", Started: now}, nil, nil
		}),
		"Sessions.Keep":    db.Sessions().Keep(ctx, []domain.SessionRecord{{ID: "A", Node: "north", Started: now}}),
		"Sessions.Abandon": abandon,
		"Audit.Record":     db.Audit().Record(ctx, ports.AuditEntry{At: now}),
		"Ping":             db.Ping(ctx),
	}
}

// reads are the calls that change nothing.
func reads(ctx context.Context, db *sqlite.DB) map[string]error {
	_, rooms := db.Rooms().List(ctx, ports.RoomQuery{}, "", 10)
	_, recordings := db.Recordings().Count(ctx)
	_, sessions := db.Sessions().List(ctx, ports.SessionQuery{}, ports.SessionPlace{}, 10)
	_, audit := db.Audit().List(ctx, 0, 10)
	_, outbox := db.Outbox().Due(ctx, time.Now(), 10)
	return map[string]error{"Rooms.List": rooms, "Recordings.Count": recordings, "Sessions.List": sessions, "Audit.List": audit, "Outbox.Due": outbox}
}

// areAway checks that the calls say that the database is away, which, and what to do.
func areAway(t *testing.T, calls map[string]error, path, advice string) {
	t.Helper()
	for call, err := range calls {
		if !errors.Is(err, ports.ErrAway) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), advice) {
			t.Errorf("%s: %v, want ports.ErrAway that names %s and says %q", call, err, path, advice)
		}
	}
}

func succeed(t *testing.T, calls map[string]error) {
	t.Helper()
	for call, err := range calls {
		if err != nil {
			t.Errorf("%s: %v", call, err)
		}
	}
}

// What a file is told that is not at its path any more would be lost with the process.
func TestFileMovedAndPutBack(t *testing.T) {
	path := newPath(t)
	db := open(t, path)
	if err := os.Rename(path, path+".old"); err != nil {
		t.Fatal(err)
	}
	areAway(t, writes(t.Context(), db), path, "Put it back")
	if err := os.Rename(path+".old", path); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Rooms().Get(t.Context(), "lobby"); !errors.Is(err, domain.ErrRoomUnknown) {
		t.Errorf("what was refused meanwhile is there: %v", err)
	}
	succeed(t, writes(t.Context(), db))
	sound(t, path)
}

// A caller's own end is that, and not the database's.
func TestLockedLongerThanTheCallerWaits(t *testing.T) {
	path := newPath(t)
	db := open(t, path)
	hold(t, path)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	for call, err := range writes(ctx, db) {
		if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, ports.ErrAway) {
			t.Errorf("%s: %v, want context.DeadlineExceeded alone", call, err)
		}
	}
	succeed(t, reads(t.Context(), db))
}

// hold keeps the database locked for writing, as a tool that hangs in a transaction.
func hold(t *testing.T, path string) *sql.Conn {
	t.Helper()
	conn, err := raw(t, path).Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	execute(t, conn, "BEGIN IMMEDIATE")
	return conn
}

// Whoever changes a table by hand is told so: waiting will not help.
func TestTableChangedByHand(t *testing.T) {
	for change, calls := range map[string][]string{
		"ALTER TABLE rooms DROP COLUMN display_name":                                                {"Rooms.Update", "Rooms.List"},
		"ALTER TABLE rooms RENAME COLUMN version TO versions":                                       {"Rooms.Update", "Rooms.List"},
		"DROP TABLE room_labels":                                                                    {"Rooms.Update", "Rooms.List"},
		"DROP INDEX sessions_by_start":                                                              {"Sessions.List"},
		"DROP INDEX live_sessions_by_node":                                                          {"Sessions.Abandon"},
		"ALTER TABLE sessions DROP COLUMN subject":                                                  {"Sessions.Keep", "Sessions.List"},
		"ALTER TABLE sessions ADD COLUMN mood TEXT NOT NULL DEFAULT ''":                             nil,
		"ALTER TABLE recordings RENAME TO takes":                                                    {"Recordings.Update", "Recordings.Count"},
		"CREATE TRIGGER mine BEFORE INSERT ON sessions BEGIN SELECT RAISE(ABORT, 'not today'); END": {"Sessions.Keep"},
		"ALTER TABLE audit DROP COLUMN detail":                                                      {"Audit.Record", "Rooms.Update", "Audit.List"},
	} {
		t.Run(change, func(t *testing.T) {
			path := newPath(t)
			db := open(t, path)
			succeed(t, reads(t.Context(), db))
			execute(t, raw(t, path), change)
			got := reads(t.Context(), db)
			for call, err := range writes(t.Context(), db) {
				got[call] = err
			}
			for _, call := range calls {
				if err := got[call]; err == nil || errors.Is(err, ports.ErrAway) ||
					!strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "undo what was changed by hand") {
					t.Errorf("%s: %v, want an error that names %s, says what to do, and is not ports.ErrAway", call, err, path)
				}
				delete(got, call)
			}
			succeed(t, got)
		})
	}
}
