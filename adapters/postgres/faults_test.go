package postgres_test

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"rostrum/adapters/postgres"
	"rostrum/domain"
	"rostrum/ports"
	"rostrum/ports/porttest/pgserver"
)

// impatience is how long calls take that a test has run out of time.
const impatience = time.Second

func TestServerStopsAndComesBack(t *testing.T) {
	s := ownServer(t, pgserver.Config{})
	db := opened(t, postgres.Config{URL: s.URL("postgres")})
	if err := increment(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	s.Stop()
	allAway(t, db, "connection refused")
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	if err := db.Ping(t.Context()); err != nil {
		t.Errorf("Ping of a server that has come back: %v", err)
	}
	if err := increment(t.Context(), db); err != nil {
		t.Errorf("Update: %v", err)
	}
	if got := counted(t, db); got != 2 {
		t.Errorf("the room holds %d, want 2", got)
	}
}

func TestServerRestartsBetweenCalls(t *testing.T) {
	s := ownServer(t, pgserver.Config{})
	db := opened(t, postgres.Config{URL: s.URL("postgres")})
	for i := range 3 {
		if err := increment(t.Context(), db); err != nil {
			t.Errorf("Update after %d restarts: %v", i, err)
		}
		s.Stop()
		if err := s.Start(); err != nil {
			t.Fatal(err)
		}
	}
	if got := counted(t, db); got != 3 {
		t.Errorf("the room holds %d, want 3", got)
	}
}

// A server that hangs keeps no call for longer than its patience, nor Close.
func TestServerFreezes(t *testing.T) {
	s := ownServer(t, pgserver.Config{})
	db := impatient(t, s.URL("postgres"))
	recovers(t, db)
	if err := s.Freeze(t.Context()); err != nil {
		t.Fatal(err)
	}
	allAway(t, db, "does not answer in time")
	s.Thaw()
	recovers(t, db)
	if err := s.Freeze(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := db.Ping(t.Context()); !errors.Is(err, ports.ErrAway) {
		t.Errorf("Ping: %v, want ErrAway", err)
	}
	db.Close() // the test would time out: pgx itself would wait for 15 s
}

// A server that freezes while decide is at work has the commit end in time as well.
func TestServerFreezesInMidTransaction(t *testing.T) {
	s := ownServer(t, pgserver.Config{})
	db := impatient(t, s.URL("postgres"))
	frozen := false
	err := whileAway(func() error {
		err := db.Rooms().Update(t.Context(), "lobby", func(*domain.ProvisionedRoom) (*domain.ProvisionedRoom, []ports.AuditEntry, error) {
			frozen = true
			return &domain.ProvisionedRoom{Name: "lobby"}, nil, s.Freeze(t.Context())
		})
		if frozen && errors.Is(err, ports.ErrAway) {
			return nil // as it is to be
		}
		return cmp.Or(err, errors.New("it succeeded"))
	})
	if err != nil {
		t.Errorf("Update: %v, want ErrAway", err)
	}
	s.Thaw()
	err = whileAway(func() error { _, err := db.Rooms().Get(t.Context(), "lobby"); return err })
	if !errors.Is(err, domain.ErrRoomUnknown) {
		t.Errorf("Get after it: %v, want ErrRoomUnknown", err)
	}
}

// A lock that somebody holds is no reason to wait for ever.
func TestTableIsLockedByHand(t *testing.T) {
	address := newDatabase(t)
	db := impatient(t, address)
	admin := tool(t, address)
	execute(t, admin, "BEGIN", "LOCK TABLE rooms")
	if err := increment(t.Context(), db); !errors.Is(err, ports.ErrAway) {
		t.Errorf("Update: %v, want ErrAway", err)
	}
	execute(t, admin, "ROLLBACK")
	recovers(t, db)
}

func TestContextEndsIsNotAway(t *testing.T) {
	address := newDatabase(t)
	db := open(t, address)
	admin := tool(t, address)
	execute(t, admin, "BEGIN", "LOCK TABLE rooms")
	for want, end := range map[error]func(context.Context) (context.Context, context.CancelFunc){
		context.Canceled: func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(impatience, cancel)
			return ctx, cancel
		},
		context.DeadlineExceeded: func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, impatience)
		},
	} {
		ctx, cancel := end(t.Context())
		if err := increment(ctx, db); !errors.Is(err, want) || errors.Is(err, ports.ErrAway) {
			t.Errorf("Update: %v, want %v and no ErrAway", err, want)
		}
		cancel()
	}
}

func TestDatabaseBecomesReadOnly(t *testing.T) {
	address := newDatabase(t)
	db := open(t, address)
	if err := increment(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	server := pgserver.Shared(t)
	if err := server.Execute(t.Context(), "ALTER DATABASE "+databaseOf(t, address)+" SET default_transaction_read_only = on"); err != nil {
		t.Fatal(err)
	}
	if err := server.Disconnect(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	for call, err := range map[string]error{"Ping": db.Ping(t.Context()), "Update": increment(t.Context(), db)} {
		if !errors.Is(err, ports.ErrAway) || !strings.Contains(err.Error(), "target_session_attrs=read-write") {
			t.Errorf("%s: %v, want ErrAway and what to do", call, err)
		}
	}
	if got := counted(t, db); got != 1 {
		t.Errorf("what can be read holds %d, want 1", got)
	}
	if _, err := postgres.Open(t.Context(), postgres.Config{URL: address}); !errors.Is(err, ports.ErrAway) {
		t.Errorf("Open: %v, want ErrAway", err)
	}
}

func TestTablesAreChangedByHand(t *testing.T) {
	for fault, statement := range map[string]string{
		"a table is gone":               "DROP TABLE room_labels, rooms",
		"a column is gone":              "ALTER TABLE rooms DROP COLUMN version",
		"a column is of another type":   "ALTER TABLE rooms ALTER COLUMN version TYPE text USING 'one'",
		"a column has NULL":             "ALTER TABLE rooms ALTER COLUMN display_name DROP NOT NULL; UPDATE rooms SET display_name = NULL",
		"tokens have another form":      `UPDATE rooms SET tokens = '[{"id": 7}]'`,
		"a token has no hash":           `UPDATE rooms SET tokens = '[{"id": "A", "sha256": "beef"}]'`,
		"a column is added that counts": "ALTER TABLE rooms ADD COLUMN owner text NOT NULL DEFAULT ''; ALTER TABLE rooms ALTER COLUMN owner DROP DEFAULT",
	} {
		t.Run(fault, func(t *testing.T) {
			address := newDatabase(t)
			db := open(t, address)
			if err := increment(t.Context(), db); err != nil {
				t.Fatal(err)
			}
			execute(t, tool(t, address), statement)
			err := increment(t.Context(), db)
			if err == nil || errors.Is(err, ports.ErrAway) {
				t.Fatalf("Update: %v, want an error that is not ErrAway", err)
			}
			for _, part := range []string{databaseOf(t, address), "changed by hand", "restore it"} {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error %q does not say %q", err, part)
				}
			}
			if err := db.Ping(t.Context()); err != nil {
				t.Errorf("Ping: %v", err)
			}
		})
	}
}

// allAway calls something of every store, all at once.
func allAway(t *testing.T, db *postgres.DB, why string) {
	t.Helper()
	ctx := t.Context()
	var calls sync.WaitGroup
	for call, run := range map[string]func() error{
		"Ping":          func() error { return db.Ping(ctx) },
		"Rooms.Get":     func() error { _, err := db.Rooms().Get(ctx, "lobby"); return err },
		"Rooms.Update":  func() error { return increment(ctx, db) },
		"Sessions.Keep": func() error { return db.Sessions().Keep(ctx, []domain.SessionRecord{{ID: "A"}}) },
		"Recordings.List": func() error {
			_, err := db.Recordings().List(ctx, ports.RecordingQuery{}, ports.RecordingPlace{}, 1)
			return err
		},
		"Outbox.Due":   func() error { _, err := db.Outbox().Due(ctx, time.Now(), 1); return err },
		"Audit.Record": func() error { return db.Audit().Record(ctx, ports.AuditEntry{}) },
	} {
		calls.Go(func() {
			if err := run(); !errors.Is(err, ports.ErrAway) || !strings.Contains(err.Error(), why) {
				t.Errorf("%s: %v, want ErrAway, because of %q", call, err, why)
			}
		})
	}
	calls.Wait()
}

// impatient opens a database whose calls have little time.
func impatient(t *testing.T, address string) *postgres.DB {
	t.Helper()
	var db *postgres.DB
	err := whileAway(func() (err error) {
		db, err = postgres.Open(t.Context(), postgres.Config{URL: address, Patience: impatience})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

// recovers calls until the database is there.
func recovers(t *testing.T, db *postgres.DB) {
	t.Helper()
	if err := whileAway(func() error { return increment(t.Context(), db) }); err != nil {
		t.Errorf("Update of a database that is there: %v", err)
	}
}

// whileAway calls again what says that the database is away, as whoever waits for it
// does: a busy machine may take longer than our patience.
func whileAway(call func() error) error {
	err := call()
	for i := 0; i < 30 && errors.Is(err, ports.ErrAway); i++ {
		err = call()
	}
	return err
}

func ownServer(t *testing.T, c pgserver.Config) *pgserver.Server {
	t.Helper()
	s, err := pgserver.New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}
