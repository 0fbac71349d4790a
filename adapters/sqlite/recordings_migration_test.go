package sqlite_test

import (
	"database/sql"
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"

	"rostrum/domain"
	"rostrum/migrations"
	"rostrum/ports"
)

// A database that the first version has made and filled is brought up to date: its
// rooms are as they were, and are recorded.
func TestMigrationFromTheFirstVersion(t *testing.T) {
	path := newPath(t)
	first, err := fs.ReadFile(migrations.SQLite(), "00001_rooms.sql")
	if err != nil {
		t.Fatal(err)
	}
	old := raw(t, path)
	if _, err := provider(t, old, fstest.MapFS{"00001_rooms.sql": {Data: first}}).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	execute(t, old, "INSERT INTO rooms VALUES ('Hall', 1, 'Der große Saal', 7), ('lobby', 0, '', 0)")
	db := open(t, path)
	want := []ports.ListedRoom{
		{Name: "Hall", Settings: domain.RoomSettings{Provisioned: true, DisplayName: "Der große Saal", MaxSubscribers: 7, Record: true}},
		{Name: "lobby", Settings: domain.RoomSettings{Record: true}},
	}
	got, err := db.Rooms().List(t.Context(), "", 10)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rooms after the migration (-want +got):\n%s", diff)
	}
	for name, count := range map[string]func() (int, error){
		"recordings": func() (int, error) {
			all, err := db.Recordings().List(t.Context(), ports.RecordingQuery{}, ports.RecordingPlace{}, 1)
			return len(all), err
		},
		"audit": func() (int, error) { all, err := db.Audit().List(t.Context(), 0, 1); return len(all), err },
	} {
		if n, err := count(); n != 0 || err != nil {
			t.Errorf("the new table %s has %d rows (%v)", name, n, err)
		}
	}
	sound(t, path)
}

// Every migration can be taken back and made again; rooms outlive that.
func TestMigrationsGoBack(t *testing.T) {
	path := newPath(t)
	db := open(t, path)
	if err := increment(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	shut(t, db)
	tool := raw(t, path)
	if _, err := provider(t, tool, migrations.SQLite()).DownTo(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	var tables int
	if err := tool.QueryRowContext(t.Context(), `SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('recordings', 'deliveries', 'audit')`).Scan(&tables); err != nil || tables != 0 {
		t.Errorf("%d tables are left (%v)", tables, err)
	}
	if got := counted(t, open(t, path)); got != 1 {
		t.Errorf("the room holds %d, want 1", got)
	}
	sound(t, path)
}

func provider(t *testing.T, db *sql.DB, files fs.FS) *goose.Provider {
	t.Helper()
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	return p
}
