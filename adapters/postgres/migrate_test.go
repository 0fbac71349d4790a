package postgres_test

import (
	"context"
	"database/sql"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx", for goose
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"rostrum/adapters/postgres"
	"rostrum/domain"
	"rostrum/migrations"
	"rostrum/ports"
	"rostrum/ports/porttest/pgserver"
)

// rowsOf is what stands in each table when the migrations behind it come.
var rowsOf = []string{
	`INSERT INTO rooms VALUES ('Hall', 'Der große Saal', '{"team": "blue"}', 7, true, 5000000000, '[]', '2026-03-29 12:00+00', '2026-03-29 13:00+00', 3)`,
	`INSERT INTO sessions VALUES ('S', 'Hall', 'publisher', 'app', '', '', 'north', '{VP8,OPUS}', '2026-03-29 12:00+00', NULL, '', '{"packets": 7}')`,
	`INSERT INTO recordings VALUES ('R', 'Hall', 'S', 'app', '', 'k', 'stored', '2026-03-29 12:00+00', NULL, NULL, '', '', 0, NULL, '[{"file": "1.mp4"}]')`,
	`INSERT INTO deliveries VALUES ('R.completed', 'https://example.org', 'body', 0, '2026-03-29 12:00+00')`,
	`INSERT INTO audit (at, subject, origin, act, object, detail) VALUES ('2026-03-29 12:00+00', 'admin', '', 'room.create', 'Hall', '')`,
}

// From every older version, with rows in what it had, Open makes the tables of now, and
// the rows are as they were.
func TestMigrationFromEveryVersion(t *testing.T) {
	t.Parallel()
	for version := range len(rowsOf) + 1 {
		address := pgserver.Shared(t).Database(t, "")
		migrateTo(t, address, version)
		execute(t, tool(t, address), rowsOf[:version]...)
		db := open(t, address)
		execute(t, tool(t, address), rowsOf[version:]...)
		holdsRows(t, db)
	}
}

func holdsRows(t *testing.T, db *postgres.DB) {
	t.Helper()
	noon := time.Date(2026, time.March, 29, 12, 0, 0, 0, time.UTC)
	yes, grace := true, 5*time.Second
	rooms, err := db.Rooms().List(t.Context(), ports.RoomQuery{Label: "team", Value: "blue"}, "", 10)
	same(t, err, []domain.ProvisionedRoom{{
		Name: "Hall", Created: noon, Changed: noon.Add(time.Hour), Version: 3,
		Settings: domain.RoomSettings{DisplayName: "Der große Saal", Labels: map[string]string{"team": "blue"}, MaxSubscribers: 7, Record: &yes, Grace: &grace},
	}}, rooms)
	sessions, err := db.Sessions().List(t.Context(), ports.SessionQuery{Live: true}, ports.SessionPlace{}, 10)
	same(t, err, []domain.SessionRecord{{
		ID: "S", Room: "Hall", Role: domain.RolePublisher, Subject: "app", Node: "north", Codecs: []domain.Codec{domain.VP8, domain.Opus},
		Started: noon, Report: domain.SessionReport{Packets: 7},
	}}, sessions)
	recordings, err := db.Recordings().List(t.Context(), ports.RecordingQuery{Room: "Hall"}, ports.RecordingPlace{}, 10)
	same(t, err, []domain.Recording{{
		ID: "R", Room: "Hall", Session: "S", Subject: "app", Key: "k", State: domain.RecordingStored, Started: noon, Parts: []domain.Part{{File: "1.mp4"}},
	}}, recordings)
	due, err := db.Outbox().Due(t.Context(), noon, 10)
	same(t, err, []ports.Delivery{{ID: "R.completed", To: "https://example.org", Body: []byte("body"), Next: noon}}, due)
	trail, err := db.Audit().List(t.Context(), 0, 10)
	same(t, err, []ports.AuditEntry{{Number: 1, At: noon, Subject: "admin", Act: "room.create", Object: "Hall"}}, trail)
}

func same[T any](t *testing.T, err error, want, got T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// Every migration can be taken back and made again, and leaves nothing.
func TestMigrationsGoBack(t *testing.T) {
	t.Parallel()
	address := newDatabase(t)
	db, goose := goosed(t, address, migrations.Postgres())
	if _, err := goose.DownTo(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	var left int
	if err := db.QueryRowContext(t.Context(), `
		SELECT (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE 'rostrum_migrations%')
			+ (SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace)`).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d tables, indexes and functions are left (%v)", left, err)
	}
	if err := increment(t.Context(), open(t, address)); err != nil {
		t.Error(err)
	}
}

// Of many servers that start at once on an empty database one migrates it.
func TestManyOpenAtOnce(t *testing.T) {
	t.Parallel()
	address := pgserver.Shared(t).Database(t, "")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			db, err := postgres.Open(t.Context(), postgres.Config{URL: address})
			if err != nil {
				t.Error(err)
				return
			}
			defer db.Close()
			if err := increment(t.Context(), db); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := counted(t, open(t, address)); got != 4 {
		t.Errorf("4 servers came to %d", got)
	}
}

// An Open that another one keeps waiting gives up with its context, and has changed
// nothing; where nothing is to be migrated, it does not wait.
func TestOpenWaitsForAnotherMigration(t *testing.T) {
	address := pgserver.Shared(t).Database(t, "")
	other := tool(t, address)
	if _, err := other.Exec(t.Context(), "SELECT pg_advisory_lock($1)", lock.DefaultLockID); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), impatience)
	defer cancel()
	if _, err := postgres.Open(ctx, postgres.Config{URL: address}); err == nil || ctx.Err() == nil {
		t.Errorf("Open while another one migrates: %v, want its context's end", err)
	}
	var tables int
	if err := other.QueryRow(t.Context(), "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").Scan(&tables); err != nil || tables != 0 {
		t.Errorf("the waiting Open made %d tables (%v)", tables, err)
	}
	execute(t, other, "SELECT pg_advisory_unlock_all()")
	open(t, address)
	if _, err := other.Exec(t.Context(), "SELECT pg_advisory_lock($1)", lock.DefaultLockID); err != nil {
		t.Fatal(err)
	}
	open(t, address)
}

func TestStatus(t *testing.T) {
	t.Parallel()
	names := []string{"rooms", "sessions", "recordings", "deliveries", "audit"}
	address := pgserver.Shared(t).Database(t, "")
	for _, version := range []int{0, 2, 5} {
		if version > 0 {
			migrateTo(t, address, version)
		}
		all, err := postgres.Status(t.Context(), address)
		if err != nil || len(all) != len(names) {
			t.Fatalf("Status has %d migrations (%v), want %d", len(all), err, len(names))
		}
		for i, m := range all {
			if m.Version != int64(i+1) || m.Name != names[i] || m.Applied.IsZero() != (i >= version) || i < version && time.Since(m.Applied).Abs() > time.Hour {
				t.Errorf("at version %d migration %d is %+v", version, i, m)
			}
		}
		if version == 0 {
			var tables int
			if err := tool(t, address).QueryRow(t.Context(), "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").Scan(&tables); err != nil || tables != 0 {
				t.Errorf("Status made %d tables (%v)", tables, err)
			}
		}
	}
	if _, err := postgres.Status(t.Context(), newer(t)); err == nil || !strings.Contains(err.Error(), "run the newer rostrum again") {
		t.Errorf("Status of newer tables: %v", err)
	}
}

// migrateTo makes the tables of a version, as the program of then did.
func migrateTo(t *testing.T, address string, version int) {
	t.Helper()
	if version == 0 {
		return
	}
	files, err := fs.ReadDir(migrations.Postgres(), ".")
	if err != nil {
		t.Fatal(err)
	}
	then := fstest.MapFS{}
	for _, file := range files[:version] {
		text, err := fs.ReadFile(migrations.Postgres(), file.Name())
		if err != nil {
			t.Fatal(err)
		}
		then[file.Name()] = &fstest.MapFile{Data: text}
	}
	_, goose := goosed(t, address, then)
	if _, err := goose.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func goosed(t *testing.T, address string, files fs.FS) (*sql.DB, *goose.Provider) {
	t.Helper()
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	p, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithTableName("rostrum_migrations"), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	return db, p
}
