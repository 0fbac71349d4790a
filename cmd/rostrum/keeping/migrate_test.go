package keeping

import (
	"database/sql"
	"net/http"
	"strings"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"github.com/pressly/goose/v3"

	"rostrum/cmd/rostrum/rig"
	"rostrum/migrations"
)

// The status of a database that is not there, of one that an older version has left, and of
// one that is up to date; to ask for it changes nothing.
func TestMigrate(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		s := newStand(t, url)
		known := s.status(t)
		if n := known.pending(); n == 0 || n != len(known) {
			t.Fatalf("of an empty database %v is pending", known)
		}
		older(t, url, len(known)-1)
		if n := s.status(t).pending(); n != 1 {
			t.Errorf("of an older database %d migrations are pending, want 1", n)
		}
		if n := s.status(t).pending(); n != 1 {
			t.Errorf("to ask again has changed that to %d", n)
		}
		if _, wrong := s.run("migrate", "up"); wrong != "" {
			t.Fatal(wrong)
		}
		current := s.status(t)
		if n := current.pending(); n != 0 || len(current) != len(known) {
			t.Errorf("of a database that is up to date %d are pending", n)
		}
		s.start()
		s.provision("hall")
	})
}

func TestMigrateWithoutADatabase(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"up", "status"} {
		if _, wrong := newStand(t, "memory:").run("migrate", command); !strings.Contains(wrong, "memory:, which has no tables") {
			t.Errorf("migrate %s says %q", command, wrong)
		}
	}
}

// status is what `rostrum migrate status` prints: number, name, and when it was applied.
type status [][]string

func (s *stand) status(t *testing.T) status {
	t.Helper()
	printed, wrong := s.run("migrate", "status")
	if wrong != "" {
		t.Fatal(wrong)
	}
	var all status
	for line := range strings.Lines(printed) {
		fields := strings.Fields(line)
		if len(fields) != 3 || strings.HasSuffix(fields[1], ".sql") {
			t.Fatalf("a migration is told of as %q, want number, name and time", line)
		}
		all = append(all, fields)
	}
	return all
}

func (s status) pending() (n int) {
	for _, fields := range s {
		if fields[2] == "pending" {
			n++
		}
	}
	return n
}

// older runs the first n migrations, as an older version would have.
func older(t *testing.T, url string, n int) {
	t.Helper()
	driver, dialect, files := "pgx", goose.DialectPostgres, migrations.Postgres()
	options := []goose.ProviderOption{goose.WithTableName("rostrum_migrations"), goose.WithDisableGlobalRegistry(true)}
	path, lite := strings.CutPrefix(url, "sqlite:")
	if lite {
		driver, dialect, files, options = "sqlite", goose.DialectSQLite3, migrations.SQLite(), options[1:]
	}
	db, err := sql.Open(driver, path)
	if err != nil {
		t.Fatal(err)
	}
	provider, err := goose.NewProvider(dialect, db, files, options...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), int64(n)); err != nil {
		t.Fatal(err)
	}
	if err := provider.Close(); err != nil {
		t.Fatal(err)
	}
}

// Servers that start at the same time on an empty database all make its tables, and serve.
func TestStartsAtOnce(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		var stands []*stand
		for _, node := range []string{"a", "b", "c"} {
			stands = append(stands, newStand(t, url, "--cluster.node", node))
		}
		var starting sync.WaitGroup
		for _, s := range stands {
			starting.Go(func() {
				served, err := rig.Serve(s.command(append([]string{"serve"}, s.flags...)...))
				if err != nil {
					t.Error(err)
					return
				}
				s.now = served
			})
		}
		starting.Wait()
		if t.Failed() {
			return
		}
		for i, s := range stands {
			s.provision("hall-" + string(rune('a'+i)))
		}
		for _, s := range stands {
			var list struct{ Rooms []room }
			s.do(http.MethodGet, "/api/rooms", nil, http.StatusOK, &list)
			if len(list.Rooms) != len(stands) {
				t.Errorf("a server knows %d rooms, want %d", len(list.Rooms), len(stands))
			}
		}
	})
}
