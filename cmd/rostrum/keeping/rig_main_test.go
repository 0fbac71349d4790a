package keeping

import (
	"testing"

	"go.uber.org/goleak"

	"rostrum/cmd/rostrum/rig"
	"rostrum/ports/porttest/pgserver"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(rig.Tests{M: pgserver.Tests{M: m}, Parallel: 8})
}

// databases are those that the server can keep things in. To open one makes it, empty, and
// returns its URL.
var databases = map[string]func(t *testing.T) string{
	"sqlite":   newSQLite,
	"postgres": newPostgres,
}

func newSQLite(t *testing.T) string { return "sqlite:" + t.TempDir() + "/rostrum.db" }

func newPostgres(t *testing.T) string { return pgserver.Shared(t).Database(t, "") }

// onEach runs a test on each of the databases.
func onEach(t *testing.T, run func(t *testing.T, url string)) {
	t.Parallel()
	for name, open := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, open(t))
		})
	}
}

// ownPostgres starts a PostgreSQL that the test may stop and freeze.
func ownPostgres(t *testing.T) *pgserver.Server {
	t.Helper()
	s, err := pgserver.New(t.Context(), pgserver.Config{})
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
