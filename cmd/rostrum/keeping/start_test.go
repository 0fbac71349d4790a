package keeping

import (
	"context"
	"database/sql"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"rostrum/ports/porttest/pgserver"
)

// password stands in the URLs of databases that cannot be used, and nowhere else.
const password = "s3cr3t-w0rd"

// A server that cannot use its database ends, and says why, and what to do, and never the
// password.
func TestStartsThatFail(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		url  func(t *testing.T) string
		says []string
		exit int
	}{
		"no such scheme":             {fixed("mysql://rostrum:" + password + "@127.0.0.1/rostrum"), []string{"ROSTRUM_DATABASE_URL", "postgres://"}, exitMisconfigured},
		"no URL":                     {fixed("postgres://rostrum:" + password + "%zz@127.0.0.1/rostrum"), []string{"ROSTRUM_DATABASE_URL", "%XX"}, exitMisconfigured},
		"no such setting":            {fixed("postgres://rostrum:" + password + "@127.0.0.1/rostrum?sslmode=perhaps"), []string{"sslmode"}, exitFailed},
		"wrong password":             {wrongPassword, []string{"password authentication failed", "Check user and password"}, exitFailed},
		"nobody there":               {fixed("postgres://rostrum:" + password + "@127.0.0.1:1/rostrum"), []string{"connection refused", "See whether it runs there"}, exitFailed},
		"a host that does not exist": {fixed("postgres://rostrum:" + password + "@no-such-host.invalid/rostrum"), []string{"no-such-host.invalid", "See whether it runs there"}, exitFailed},
		"a server that says nothing": {silent, []string{"127.0.0.1", "See whether"}, exitFailed},
		"no such database":           {noSuchDatabase, []string{"no_such_database", "CREATE DATABASE"}, exitFailed},
		"read only":                  {readOnly, []string{"takes no writes", "target_session_attrs"}, exitFailed},
		"no rights":                  {noRights, []string{"permission denied", "GRANT CREATE"}, exitFailed},
		"newer PostgreSQL tables":    {newerPostgres, []string{"tables of version 99999", "run the newer rostrum"}, exitFailed},
		"newer SQLite tables":        {newerSQLite, []string{"tables of version 99999", "run the newer rostrum"}, exitFailed},
		"a directory":                {func(t *testing.T) string { return "sqlite:" + t.TempDir() }, []string{"is a directory"}, exitFailed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := newStand(t, c.url(t)).fails(c.exit)
			for _, want := range c.says {
				if !strings.Contains(log, want) {
					t.Errorf("the server does not say %q, but\n%s", want, log)
				}
			}
			if strings.Contains(log, password) {
				t.Errorf("the server says the password\n%s", log)
			}
		})
	}
}

func fixed(url string) func(*testing.T) string { return func(*testing.T) string { return url } }

// as returns a database's URL for another user, whose password is the one above.
func as(t *testing.T, address, user string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(user, password)
	return u.String()
}

func wrongPassword(t *testing.T) string { return as(t, newPostgres(t), "rostrum") }

// silent is a server that takes connections and says nothing.
func silent(t *testing.T) string {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return as(t, "postgres://"+l.Addr().String()+"/rostrum?sslmode=disable", "rostrum")
}

func noSuchDatabase(t *testing.T) string {
	u, err := url.Parse(noRights(t))
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "no_such_database"
	return u.String()
}

// readOnly is a database in which a user that owns it can write nothing.
func readOnly(t *testing.T) string {
	return role(t, newPostgres(t), "ALTER ROLE %s SET default_transaction_read_only = on; ALTER DATABASE %d OWNER TO %s")
}

// noRights is a database in which a user may make nothing.
func noRights(t *testing.T) string { return role(t, newPostgres(t), "") }

// role makes a user who may connect to a database, and returns the URL for it. In the
// statements that come then %s is the user and %d the database.
func role(t *testing.T, address, statements string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	database := strings.TrimPrefix(u.Path, "/")
	user := "user_of_" + database
	all := "CREATE ROLE %s LOGIN PASSWORD '" + password + "';" + statements
	execute(t, address, strings.NewReplacer("%s", user, "%d", database).Replace(all))
	t.Cleanup(func() {
		statement := "REASSIGN OWNED BY " + user + " TO CURRENT_USER; DROP ROLE " + user
		if err := pgserver.Shared(t).Execute(context.WithoutCancel(t.Context()), statement); err != nil {
			t.Error(err)
		}
	})
	return as(t, address, user)
}

func execute(t *testing.T, address, statements string) {
	t.Helper()
	if _, err := connect(t, address).Exec(t.Context(), statements); err != nil {
		t.Fatal(err)
	}
}

// newerPostgres is a database that a later version has worked with.
func newerPostgres(t *testing.T) string {
	address := newPostgres(t)
	migrated(t, address)
	execute(t, address, "INSERT INTO rostrum_migrations (version_id, is_applied) VALUES (99999, true)")
	return address
}

func newerSQLite(t *testing.T) string {
	file := filepath.Join(t.TempDir(), "rostrum.db")
	migrated(t, "sqlite:"+file)
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)")
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + file
}

// migrated makes the tables of a database.
func migrated(t *testing.T, database string) {
	t.Helper()
	if _, wrong := newStand(t, database).run("migrate", "up"); wrong != "" {
		t.Fatal(wrong)
	}
}

func TestConfigMasksThePassword(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"postgres://rostrum:" + password + "@db.example.com/rostrum",
		"postgres://rostrum@db.example.com/rostrum?password=" + password,
	} {
		printed, wrong := newStand(t, address).run("config")
		if wrong != "" || strings.Contains(printed, password) || !strings.Contains(printed, "db.example.com") {
			t.Errorf("config prints %s%s", wrong, printed)
		}
		if strings.Contains(printed, operator) {
			t.Error("config prints a token")
		}
	}
}
