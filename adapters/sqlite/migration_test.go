package sqlite_test

import (
	"database/sql"
	"io/fs"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/pressly/goose/v3"

	"rostrum/domain"
	"rostrum/migrations"
	"rostrum/ports"
)

// older makes a database with the tables of an older version, as that one did.
func older(t *testing.T, path string, version int64) *sql.DB {
	t.Helper()
	names, err := fs.Glob(migrations.SQLite(), "*.sql")
	if err != nil || int64(len(names)) < version {
		t.Fatalf("there are %d migrations (%v), want %d", len(names), err, version)
	}
	files := fstest.MapFS{}
	for _, name := range names[:version] {
		text, err := fs.ReadFile(migrations.SQLite(), name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: text}
	}
	db := raw(t, path)
	if _, err := provider(t, db, files).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db
}

// Rooms that an older version has provisioned are as they were, and whether they are
// recorded is a choice from then on. Those that it has only remembered are gone.
func TestMigrationOfRooms(t *testing.T) {
	yes, no := true, false
	for name, c := range map[string]struct {
		version int64
		rows    string
		record  *bool // of the room Hall
	}{
		"from the first version":       {1, "('Hall', 1, 'Der große Saal', 7), ('hall', 1, '', 0), ('lobby', 0, '', 0)", &yes},
		"from that before sessions":    {5, "('Hall', 1, 'Der große Saal', 7, 0), ('hall', 1, '', 0, 1), ('lobby', 0, '', 0, 1)", &no},
		"from that before provisioned": {2, "('Hall', 1, 'Der große Saal', 7, 1), ('hall', 1, '', 0, 1), ('lobby', 0, '', 0, 0)", &yes},
	} {
		t.Run(name, func(t *testing.T) {
			path := newPath(t)
			execute(t, older(t, path, c.version), "INSERT INTO rooms VALUES "+c.rows)
			began := time.Now().Add(-time.Second).Truncate(time.Second)
			db := open(t, path)
			got, err := db.Rooms().List(t.Context(), ports.RoomQuery{}, "", 10)
			if err != nil {
				t.Fatal(err)
			}
			want := []domain.ProvisionedRoom{
				{Name: "Hall", Settings: domain.RoomSettings{DisplayName: "Der große Saal", MaxSubscribers: 7, Record: c.record}, Version: 1},
				{Name: "hall", Settings: domain.RoomSettings{Record: &yes}, Version: 1},
			}
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(domain.ProvisionedRoom{}, "Created", "Changed")); diff != "" {
				t.Errorf("rooms after the migration (-want +got):\n%s", diff)
			}
			for _, r := range got {
				if r.Created.Before(began) || r.Created.After(time.Now()) || r.Changed != r.Created {
					t.Errorf("%s was made at %v and changed at %v, want the time of the migration", r.Name, r.Created, r.Changed)
				}
			}
			sound(t, path)
		})
	}
}

// What else an older version has kept is as it was, and what is new is empty.
func TestMigrationKeepsTheRest(t *testing.T) {
	path := newPath(t)
	old := older(t, path, 5)
	execute(t, old, `INSERT INTO recordings VALUES ('A', 'Hall', 's', 'somebody', 'k', 'stored', 5, 6, 7, '', '', 0, NULL, '[{"file":"1.mp4","started_us":5}]')`)
	execute(t, old, `INSERT INTO deliveries VALUES ('E', 'https://receiver.example', x'7b7d', 1, 5)`)
	execute(t, old, `INSERT INTO audit VALUES (7, 5, 'admin', '192.0.2.1', 'recording.delete', 'A', '')`)
	db := open(t, path)
	us := func(n int64) time.Time { return time.UnixMicro(n).UTC() }
	recording, err := db.Recordings().Get(t.Context(), "A")
	same(t, "recording", domain.Recording{
		ID: "A", Room: "Hall", Session: "s", Subject: "somebody", Key: "k", State: domain.RecordingStored,
		Started: us(5), Ended: us(6), Stored: us(7), Parts: []domain.Part{{File: "1.mp4", Started: us(5)}},
	}, recording, err)
	due, err := db.Outbox().Due(t.Context(), time.Now(), 10)
	same(t, "deliveries", []ports.Delivery{{ID: "E", To: "https://receiver.example", Body: []byte("{}"), Attempts: 1, Next: us(5)}}, due, err)
	trail, err := db.Audit().List(t.Context(), 0, 10)
	same(t, "trail", []ports.AuditEntry{{Number: 7, At: us(5), Subject: "admin", From: "192.0.2.1", Act: "recording.delete", Object: "A"}}, trail, err)
	sessions, err := db.Sessions().List(t.Context(), ports.SessionQuery{}, ports.SessionPlace{}, 10)
	same(t, "sessions", nil, sessions, err)
	sound(t, path)
}

// Sessions that an older version has kept outlive the migrations to come.
func TestMigrationKeepsSessions(t *testing.T) {
	path := newPath(t)
	execute(t, older(t, path, 7), `INSERT INTO sessions VALUES
		('A', 'Hall', 'publisher', 'somebody', '192.0.2.1', 'OBS', 'north', '["H264","OPUS"]', 5, 6, 'client', '{"packets":9223372036854775807}'),
		('B', 'Hall', 'subscriber', '', '', '', '', 'null', 4, NULL, '', '{}')`)
	got, err := open(t, path).Sessions().List(t.Context(), ports.SessionQuery{}, ports.SessionPlace{}, 10)
	same(t, "sessions", []domain.SessionRecord{
		{
			ID: "A", Room: "Hall", Role: domain.RolePublisher, Subject: "somebody", Address: "192.0.2.1", UserAgent: "OBS", Node: "north",
			Codecs: []domain.Codec{domain.H264, domain.Opus}, Started: time.UnixMicro(5).UTC(), Ended: time.UnixMicro(6).UTC(),
			Reason: domain.EndedByClient, Report: domain.SessionReport{Packets: 1<<63 - 1},
		},
		{ID: "B", Room: "Hall", Role: domain.RoleSubscriber, Started: time.UnixMicro(4).UTC()},
	}, got, err)
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
	if err := tool.QueryRowContext(t.Context(), `SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('recordings', 'deliveries', 'audit', 'sessions', 'room_labels')`).Scan(&tables); err != nil || tables != 0 {
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

func same[T any](t *testing.T, what string, want, got T, err error) {
	t.Helper()
	if err != nil {
		t.Errorf("%s: %v", what, err)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
