package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"rostrum/adapters/postgres"
	"rostrum/ports"
	"rostrum/ports/porttest/pgserver"
)

func TestOpenRefuses(t *testing.T) {
	address := newDatabase(t)
	host := func(name string) func(*url.URL, url.Values) { return func(u *url.URL, _ url.Values) { u.Host = name } }
	option := func(name, value string) func(*url.URL, url.Values) {
		return func(_ *url.URL, o url.Values) { o.Set(name, value) }
	}
	for fault, c := range map[string]struct{ url, says string }{
		"no URL":             {"", "must begin with postgres://"},
		"another scheme":     {"mysql://app:secret@localhost/db", "must begin with postgres://"},
		"keywords":           {"host=localhost password=secret", "must begin with postgres://"},
		"no URL at all":      {"postgres://app:sec%ret@localhost:port:5432/db", "%XX"},
		"a mislaid password": {"postgres://app:sec:ret@x@localhost:secret/db", "%XX"},
		"an unknown mode":    {"postgres://app:secret@localhost/db?sslmode=perhaps", "sslmode"},
		"no certificate":     {"postgres://app:secret@localhost/db?sslmode=verify-full&sslrootcert=/none/ca.pem", "/none/ca.pem"},
		"wrong password":     {as(t, address, "rostrum", "secret"), "Check user and password"},
		"unknown user":       {as(t, address, "nobody", "secret"), "Check user and password"},
		"unknown database":   {with(t, address, func(u *url.URL, _ url.Values) { u.Path = "nowhere" }), "CREATE DATABASE"},
		"unknown schema":     {with(t, address, option("search_path", "nowhere")), "CREATE SCHEMA"},
		"unknown host":       {with(t, address, host("nowhere.invalid")), "nowhere.invalid"},
		"refused port":       {with(t, address, host("127.0.0.1:1")), "connection refused"},
		"a silent host":      {with(t, address, func(u *url.URL, o url.Values) { u.Host = "192.0.2.1"; o.Set("connect_timeout", "1") }), "192.0.2.1"},
		"a silent server":    {with(t, address, func(u *url.URL, o url.Values) { u.Host = listener(t, func(net.Conn) {}); o.Set("connect_timeout", "1") }), "timeout"},
		"a web server": {with(t, address, host(listener(t, func(c net.Conn) {
			fmt.Fprint(c, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
			c.Close()
		}))), "failed to"},
		"TLS that is not there": {with(t, address, option("sslmode", "require")), "refused TLS"},
		"tables of another":     {occupied(t), "a database of its own"},
		"no right to make any":  {powerless(t), "GRANT CREATE"},
		"newer tables":          {newer(t), "run the newer rostrum again"},
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			db, err := postgres.Open(t.Context(), postgres.Config{URL: c.url})
			if err == nil {
				db.Close()
				t.Fatal("opened")
			}
			if !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %q does not say %q", err, c.says)
			}
			if strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "ret@") || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %q has the password in it, or several lines", err)
			}
		})
	}
}

func TestOpenWithAnEndedContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := postgres.Open(ctx, postgres.Config{URL: newDatabase(t)}); !errors.Is(err, context.Canceled) || errors.Is(err, ports.ErrAway) {
		t.Errorf("Open: %v, want context.Canceled", err)
	}
}

// A password that is replaced in the server and in the passfile is used from the next
// connection on, without a restart.
func TestPasswordIsReplacedInThePassfile(t *testing.T) {
	address := newDatabase(t)
	role := ownRole(t, "SUPERUSER")
	passfile := filepath.Join(t.TempDir(), "pgpass")
	rotate := func(password string) {
		if err := pgserver.Shared(t).Execute(t.Context(), fmt.Sprintf("ALTER ROLE %s PASSWORD '%s'", role, password)); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(passfile, []byte("*:*:*:"+role+":"+password+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	rotate("the first")
	db := open(t, with(t, address, func(u *url.URL, o url.Values) { u.User = url.User(role); o.Set("passfile", passfile) }))
	for i, password := range []string{"the second", "the third"} {
		rotate(password)
		if err := increment(t.Context(), db); err != nil {
			t.Errorf("Update over a connection that was there: %v", err)
		}
		if err := pgserver.Shared(t).Disconnect(t.Context(), address); err != nil {
			t.Fatal(err)
		}
		if err := increment(t.Context(), db); err != nil {
			t.Errorf("Update over a new connection with %s password: %v", password, err)
		}
		if got := counted(t, db); got != 2*(i+1) {
			t.Errorf("the room holds %d, want %d", got, 2*(i+1))
		}
	}
	if err := pgserver.Shared(t).Execute(t.Context(), "ALTER ROLE "+role+" PASSWORD 'not told'"); err != nil {
		t.Fatal(err)
	}
	if err := pgserver.Shared(t).Disconnect(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	if err := increment(t.Context(), db); !errors.Is(err, ports.ErrAway) || !strings.Contains(err.Error(), "passfile") {
		t.Errorf("Update with a password that is no longer right: %v, want ErrAway and what to do", err)
	}
}

// as returns the address for another user.
func as(t *testing.T, address, user, password string) string {
	t.Helper()
	return with(t, address, func(u *url.URL, _ url.Values) { u.User = url.UserPassword(user, password) })
}

var roles atomic.Int64

// ownRole makes a user with the password "secret", and returns its name.
func ownRole(t *testing.T, attributes string) string {
	t.Helper()
	role := fmt.Sprintf("tester_%d_%d", os.Getpid(), roles.Add(1))
	if err := pgserver.Shared(t).Execute(t.Context(), "CREATE ROLE "+role+" LOGIN PASSWORD 'secret' "+attributes); err != nil {
		t.Fatal(err)
	}
	return role
}

// listener listens until the test ends and hands each connection to serve, which keeps
// it open until then unless it closes it.
func listener(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	over := make(chan struct{})
	go func() {
		defer close(over)
		var taken []net.Conn
		for {
			conn, err := l.Accept()
			if err != nil {
				break
			}
			taken = append(taken, conn)
			serve(conn)
		}
		for _, conn := range taken {
			conn.Close()
		}
	}()
	t.Cleanup(func() { l.Close(); <-over })
	return l.Addr().String()
}

// occupied is a database in which somebody else has a table of our name.
func occupied(t *testing.T) string {
	address := pgserver.Shared(t).Database(t, "")
	execute(t, tool(t, address), "CREATE TABLE rooms (number int)")
	return address
}

// powerless is an empty database with a user that may connect and no more.
func powerless(t *testing.T) string {
	address := pgserver.Shared(t).Database(t, "")
	execute(t, tool(t, address), "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
	return as(t, address, ownRole(t, ""), "secret")
}

func newer(t *testing.T) string {
	address := newDatabase(t)
	execute(t, tool(t, address), "INSERT INTO rostrum_migrations (version_id, is_applied) VALUES (99, true)")
	return address
}
