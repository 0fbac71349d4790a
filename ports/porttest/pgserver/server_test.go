package pgserver_test

import (
	"context"
	"errors"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"go.uber.org/goleak"

	"rostrum/ports/porttest/pgserver"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(pgserver.Tests{M: m}) }

func TestSharedServerHasADatabaseForEachTest(t *testing.T) {
	s := pgserver.Shared(t)
	first := s.Database(t, "")
	execute(t, first, "CREATE TABLE kept (n int)")
	execute(t, first, "INSERT INTO kept VALUES (7)")
	name := strings.TrimPrefix(parsed(t, first).Path, "/")
	if got := number(t, s.Database(t, name), "SELECT n FROM kept"); got != 7 {
		t.Errorf("the copy holds %d, want 7", got)
	}
	if got := number(t, s.Database(t, ""), "SELECT count(*) FROM pg_tables WHERE tablename = 'kept'"); got != 0 {
		t.Error("an empty database has the tables of another")
	}
}

func TestPasswordsCount(t *testing.T) {
	u := parsed(t, pgserver.Shared(t).URL("postgres"))
	u.User = url.UserPassword(u.User.Username(), "wrong")
	conn, err := pgx.Connect(t.Context(), u.String())
	var refused *pgconn.PgError
	if !errors.As(err, &refused) || refused.Code != "28P01" {
		t.Errorf("connect with a wrong password: %v, %v, want 28P01", conn, err)
	}
}

func TestCommittedRowsOutliveStop(t *testing.T) {
	s := own(t)
	address := s.URL("postgres")
	execute(t, address, "CREATE TABLE kept (n int)")
	execute(t, address, "INSERT INTO kept VALUES (7)")
	s.Stop()
	if _, err := pgx.Connect(t.Context(), address); err == nil {
		t.Error("a stopped server takes connections")
	}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	if got := number(t, address, "SELECT n FROM kept"); got != 7 {
		t.Errorf("the table holds %d, want 7", got)
	}
}

func TestFrozenServerAnswersNobodyUntilItThaws(t *testing.T) {
	s := own(t)
	conn := connect(t, s.URL("postgres"))
	if err := s.Freeze(t.Context()); err != nil {
		t.Fatal(err)
	}
	answered := make(chan error, 1)
	go func() { answered <- conn.Ping(t.Context()) }()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := pgx.Connect(ctx, s.URL("postgres")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a new connection to a frozen server: %v, want no answer", err)
	}
	select {
	case err := <-answered:
		t.Errorf("a frozen server has answered (%v)", err)
	default:
	}
	s.Thaw()
	if err := <-answered; err != nil {
		t.Errorf("the server did not go on: %v", err)
	}
}

func TestDisconnectBreaksConnectionsToOneDatabase(t *testing.T) {
	s := pgserver.Shared(t)
	first, second := s.Database(t, ""), s.Database(t, "")
	broken, whole := connect(t, first), connect(t, second)
	if err := s.Disconnect(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	if err := broken.Ping(t.Context()); err == nil {
		t.Error("a broken connection answers")
	}
	if err := whole.Ping(t.Context()); err != nil {
		t.Errorf("the connection to another database: %v", err)
	}
}

func TestCloseLeavesNothing(t *testing.T) {
	t.Setenv("TMPDIR", passable(t))
	s, err := pgserver.New(t.Context(), pgserver.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Freeze(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) != 0 {
		t.Errorf("Close left %v (%v)", left, err)
	}
}

// passable returns an empty directory that other users may enter.
func passable(t *testing.T) string {
	dir, err := os.MkdirTemp("", "rostrum-") //nolint:usetesting // the server's user may not enter t.TempDir
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func own(t *testing.T) *pgserver.Server {
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

func parsed(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func connect(t *testing.T, address string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

func execute(t *testing.T, address, statement string) {
	t.Helper()
	conn := connect(t, address)
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func number(t *testing.T, address, query string) (n int) {
	t.Helper()
	conn := connect(t, address)
	defer conn.Close(t.Context())
	if err := conn.QueryRow(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
