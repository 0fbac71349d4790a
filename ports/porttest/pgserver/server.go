// Package pgserver runs throw-away PostgreSQL servers for tests, from the binaries that
// the machine has: the newest of /usr/lib/postgresql/*/bin, else those on PATH. Each has
// a data directory of its own and listens on 127.0.0.1 alone, with passwords.
//
// A test binary shares one, since each test can have a database of its own:
//
//	func TestMain(m *testing.M) { goleak.VerifyTestMain(pgserver.Tests{M: m}) }
//
//	func TestIt(t *testing.T) { url := pgserver.Shared(t).Database(t, "") }
//
// Tests of faults start one that they may stop, freeze and fill. On Linux a server ends
// with the process that started it, however that ends.
package pgserver

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"rostrum/ports/porttest/freeport"
)

// superuser is that of every server that is started here.
const superuser = "rostrum"

// patience is how long a server may take for anything.
const patience = 30 * time.Second

// Config says how a server differs from others. Its zero value is a server.
type Config struct {
	Dir      string            // in which it has its data; "": a new one, removed by Close
	Settings []string          // name=value, as in postgresql.conf
	Files    map[string][]byte // in its data directory, by name: certificates and keys
}

// Server is a PostgreSQL server. One goroutine at a time may change its state by Stop,
// Start, Freeze, Thaw and Close.
type Server struct {
	url     url.URL // of its superuser and the database postgres
	bin     string
	dir     string
	own     bool // dir is removed by Close
	options []string
	process *process // nil: not ours
	frozen  []int    // the processes that are stopped by a signal
}

// New makes the data directory and starts the server. It is ready when New returns,
// and runs until Close. Each change is on the disk before a commit returns, as in
// production.
func New(ctx context.Context, c Config) (*Server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	port, err := freeport.Port()
	if err != nil {
		return nil, err
	}
	password := rand.Text()
	s := &Server{
		url: url.URL{
			Scheme: "postgres", User: url.UserPassword(superuser, password), Path: "postgres",
			Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), RawQuery: "sslmode=disable",
		},
		bin: bin, dir: c.Dir, own: c.Dir == "",
	}
	for _, setting := range append([]string{
		"listen_addresses=127.0.0.1", "port=" + strconv.Itoa(port), "unix_socket_directories=",
		"fsync=on", "shared_buffers=32MB", "max_connections=200", "lc_messages=C", "logging_collector=off",
	}, c.Settings...) {
		s.options = append(s.options, "-c", setting)
	}
	if err := s.initialize(ctx, password, c.Files); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if err := s.Start(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// initialize makes the cluster, for the user that it runs as.
func (s *Server) initialize(ctx context.Context, password string, files map[string][]byte) (err error) {
	if s.own {
		// Not below a test's own directory, which that user may not enter.
		if s.dir, err = os.MkdirTemp(parent(), "rostrum-postgres-"); err != nil {
			return err
		}
	}
	runAs := account()
	if err := give(s.dir, runAs); err != nil {
		return err
	}
	secret := filepath.Join(s.dir, "password")
	if err := write(secret, []byte(password), runAs); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, filepath.Join(s.bin, "initdb"), "--pgdata="+s.data(), "--username="+superuser,
		"--pwfile="+secret, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync")
	cmd.Dir, cmd.SysProcAttr = s.dir, attributes(runAs)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb in %s: %w\n%s", s.dir, err, out)
	}
	for name, content := range files {
		if err := write(filepath.Join(s.data(), name), content, runAs); err != nil {
			return err
		}
	}
	return os.Remove(secret)
}

// write makes a file that the account alone may read.
func write(path string, content []byte, runAs *syscall.Credential) error {
	if err := os.WriteFile(path, content, 0o600); err != nil {
		return err
	}
	return give(path, runAs)
}

// give has the account own what is at a path, if there is one.
func give(path string, runAs *syscall.Credential) error {
	if runAs == nil {
		return nil
	}
	return os.Chown(path, int(runAs.Uid), int(runAs.Gid))
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// URL returns the address of a database, with the superuser's name and password.
func (s *Server) URL(database string) string {
	u := s.url
	u.Path = database
	return u.String()
}

// Start starts a server that is stopped, at the same address and with the same data,
// and returns when it takes connections.
func (s *Server) Start() error {
	p, err := startProcess(filepath.Join(s.bin, "postgres"), s.dir, append([]string{"-D", s.data()}, s.options...))
	if err != nil {
		return err
	}
	s.process = p
	return nil
}

// Stop ends the server at once, as kill -9 would: no client hears a word, and the next
// Start recovers from its log.
func (s *Server) Stop() { s.process.stop() }

// Close ends the server and removes what New has made.
func (s *Server) Close() error {
	s.Thaw()
	if s.process != nil {
		s.process.stop()
	}
	if s.own && s.dir != "" {
		return os.RemoveAll(s.dir)
	}
	return nil
}

// admin runs statements as the superuser.
func (s *Server) admin(ctx context.Context, run func(ctx context.Context, conn *pgx.Conn) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.url.String())
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }() // what it was asked is done
	return run(ctx, conn)
}
