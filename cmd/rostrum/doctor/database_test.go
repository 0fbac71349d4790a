package doctor

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rostrum/adapters/postgres"
	"rostrum/adapters/sqlite"
	"rostrum/cmd/rostrum/config"
	"rostrum/ports/porttest/pgserver"
)

func TestPostgres(t *testing.T) {
	t.Parallel()
	empty, used := pgserver.Shared(t).Database(t, ""), pgserver.Shared(t).Database(t, "")
	db, err := postgres.Open(t.Context(), postgres.Config{URL: used})
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	for name, c := range map[string]struct {
		url string
		wants
	}{
		"empty":            {empty, wants{OK, "are pending, and run at the next start; a round trip takes", ""}},
		"up to date":       {used, wants{OK, "have been run; a round trip takes", ""}},
		"wrong password":   {withPassword(t, used, "s3cr3t"), wants{Fail, "password authentication failed", "psql '"}},
		"no such database": {strings.Replace(used, "?", "_gone?", 1), wants{Fail, "does not exist", "psql '"}},
		"nobody there":     {"postgres://a:s3cr3t@127.0.0.1:1/x", wants{Fail, "connection refused", "psql 'postgres://a@127.0.0.1:1/x'"}},
	} {
		t.Run(name, func(t *testing.T) {
			at, err := url.Parse(c.url)
			if err != nil {
				t.Fatal(err)
			}
			password, _ := at.User.Password()
			c.check(t, see(t, database(config.Database{URL: config.DatabaseURL(c.url)}), password))
		})
	}
}

func withPassword(t *testing.T, address, password string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(u.User.Username(), password)
	return u.String()
}

// A server that takes connections and does not answer is told of before doctor loses its
// patience.
func TestPostgresThatHangs(t *testing.T) {
	t.Parallel()
	server, err := pgserver.New(t.Context(), pgserver.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	if err := server.Freeze(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Thaw)
	wants{Fail, "no answer within 5s", "psql"}.check(t, see(t, database(config.Database{URL: config.DatabaseURL(server.URL("postgres"))})))
}

func TestSQLite(t *testing.T) {
	dir := t.TempDir()
	db, err := sqlite.Open(t.Context(), filepath.Join(dir, "used.db"))
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "diary"), []byte("this is a diary, and no database at all, not even a little"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		path string
		wants
	}{
		"up to date":        {filepath.Join(dir, "used.db"), wants{OK, "have been run", ""}},
		"not there yet":     {filepath.Join(dir, "new", "rostrum.db"), wants{OK, "does not exist yet", ""}},
		"something else":    {filepath.Join(dir, "diary"), wants{Fail, "diary", "Correct database.url"}},
		"below a file":      {filepath.Join(dir, "diary", "rostrum.db"), wants{Fail, "diary", "Correct database.url"}},
		"nothing writable":  {"/proc/rostrum.db", wants{Fail, "/proc cannot be written", "chown"}},
		"no such directory": {"/proc/none/rostrum.db", wants{Fail, "/proc cannot be written", "install -d -o rostrum -m 700 /proc/none;"}},
		"a directory of it": {dir, wants{Fail, "is a directory", "Correct database.url"}},
	} {
		t.Run(name, func(t *testing.T) {
			c.check(t, see(t, database(config.Database{URL: config.DatabaseURL("sqlite:" + c.path)})))
		})
	}
	wants{Warn, "forgets", "sqlite:"}.check(t, see(t, database(config.Database{URL: "memory:"})))
	if _, err := os.Stat(filepath.Join(dir, "new")); !os.IsNotExist(err) {
		t.Errorf("the directory was made (%v)", err)
	}
}

func TestClocksApart(t *testing.T) {
	for _, c := range []struct {
		ahead, resolution time.Duration
		want              string
	}{
		{time.Millisecond, time.Millisecond, "ours"},
		{-time.Second, time.Second, "ours"},
		{1500 * time.Millisecond, time.Millisecond, "1.5s ahead of ours"},
		{-time.Minute, time.Second, "1m0s behind ours"},
	} {
		if got := apart(c.ahead, c.resolution); got != c.want {
			t.Errorf("%v is %q, want %q", c.ahead, got, c.want)
		}
	}
}
