package pgserver

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
)

// given names the environment variable with the address of a server that tests use
// instead of one of their own. Its user must be a superuser. Tests that stop their
// server start one nevertheless.
const given = "ROSTRUM_TEST_POSTGRES_URL"

// The server that the tests of one binary share.
var (
	sharing   sync.Mutex
	shared    *Server
	sharedErr error
)

// Shared returns the server that the tests of a binary share, and starts it for the
// first one. A machine without PostgreSQL fails the test. It must not be stopped or
// frozen.
func Shared(t testing.TB) *Server {
	t.Helper()
	s, err := Get()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Get is Shared for what is done once for all tests. Its errors say what to do.
func Get() (*Server, error) {
	sharing.Lock()
	defer sharing.Unlock()
	if shared == nil && sharedErr == nil {
		shared, sharedErr = obtain()
	}
	return shared, sharedErr
}

func obtain() (*Server, error) {
	address := os.Getenv(given)
	if address == "" {
		return New(context.Background(), Config{})
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return nil, fmt.Errorf("%s is no address such as postgres://user:password@host/postgres", given)
	}
	return &Server{url: *u}, nil
}

// Tests runs the tests of a binary, and then ends what Shared has started. It stands in
// for a *testing.M where a TestMain hands that on.
type Tests struct {
	M interface{ Run() int }
}

// Run returns the exit code.
func (t Tests) Run() int {
	defer closeShared()
	return t.M.Run()
}

func closeShared() {
	sharing.Lock()
	defer sharing.Unlock()
	if shared == nil {
		return
	}
	var err error
	if shared.process == nil {
		err = shared.dropAll(context.Background())
	}
	if err := errors.Join(err, shared.Close()); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	shared = nil
}

// count numbers databases: names differ between the processes that share a server.
var count atomic.Int64

// Database makes a database as [Server.Create] does, and drops it when the test ends,
// whoever is connected.
func (s *Server) Database(t testing.TB, template string, options ...string) (url string) {
	t.Helper()
	name, err := s.Create(t.Context(), template, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.drop(context.WithoutCancel(t.Context()), name); err != nil {
			t.Error(err)
		}
	})
	return s.URL(name)
}

// Create makes a database as a copy of template, "" for an empty one, with options of
// CREATE DATABASE, and returns its name. Nobody may be connected to the template. What is
// left of a server that was given is dropped by Tests.
func (s *Server) Create(ctx context.Context, template string, options ...string) (name string, err error) {
	name = fmt.Sprint(ownNames(), count.Add(1))
	if template == "" {
		template = "template0"
	}
	return name, s.Execute(ctx, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s %s", name, template, strings.Join(options, " ")))
}

// ownNames is what the names of this process's databases begin with.
func ownNames() string { return fmt.Sprintf("rostrum_test_%d_", os.Getpid()) }

func (s *Server) drop(ctx context.Context, name string) error {
	return s.Execute(ctx, fmt.Sprintf("DROP DATABASE IF EXISTS %s WITH (FORCE)", name))
}

// dropAll drops what Create has made.
func (s *Server) dropAll(ctx context.Context) error {
	var names []string
	err := s.admin(ctx, func(ctx context.Context, conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, `SELECT datname FROM pg_database WHERE starts_with(datname, $1)`, ownNames())
		if err != nil {
			return err
		}
		names, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	for _, name := range names {
		err = errors.Join(err, s.drop(ctx, name))
	}
	return err
}

// Execute runs statements as the superuser, in the database postgres.
func (s *Server) Execute(ctx context.Context, statements ...string) error {
	return s.admin(ctx, func(ctx context.Context, conn *pgx.Conn) error {
		for _, statement := range statements {
			if _, err := conn.Exec(ctx, statement); err != nil {
				return fmt.Errorf("%s: %w", statement, err)
			}
		}
		return nil
	})
}
