package postgres

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"rostrum/migrations"
)

// versionTable is goose's, by a name that leaves another program's alone.
const versionTable = "rostrum_migrations"

const (
	openPatience = 10 * time.Second // for what Open does besides migrations
	lockPatience = time.Minute      // for another Open that migrates
	byePatience  = time.Second      // for the server to end a connection
)

// Migration is one step of the tables.
type Migration struct {
	Version int64
	Name    string
	Applied time.Time // zero: it is pending
}

// Status returns every migration that this program knows, in their order, and changes
// nothing. It refuses what Open refuses, but rights that only Open needs.
func Status(ctx context.Context, url string) ([]Migration, error) {
	s, err := newSource(Config{URL: url})
	if err != nil {
		return nil, err
	}
	m, err := s.newMigrator()
	if err != nil {
		return nil, err
	}
	defer m.close()
	return m.status(ctx)
}

// migrate brings the tables up to date, each migration in a transaction of its own. Where
// there is nothing to do it changes nothing and waits for nobody.
func (s *source) migrate(ctx context.Context) error {
	m, err := s.newMigrator()
	if err != nil {
		return err
	}
	defer m.close()
	all, err := m.status(ctx)
	if err != nil {
		return err
	}
	if all[len(all)-1].Applied.IsZero() {
		return m.up(ctx)
	}
	return nil
}

// migrator has one connection, so that a lock that it takes holds for all that it does,
// and goes with it.
type migrator struct {
	source *source
	db     *sql.DB
	goose  *goose.Provider
}

// newMigrator does not connect yet. Its statements may take their time: a migration that
// is cut off begins again at the next start, and is cut off again.
func (s *source) newMigrator() (*migrator, error) {
	config, err := s.parse()
	if err != nil {
		return nil, err
	}
	db := stdlib.OpenDB(*config.ConnConfig)
	db.SetMaxOpenConns(1)
	provider, err := goose.NewProvider(goose.DialectPostgres, db, migrations.Postgres(),
		goose.WithTableName(versionTable), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("read the migrations for database %s: %w", s.name, err)
	}
	return &migrator{source: s, db: db, goose: provider}, nil
}

// close ends the connection, and waits until the server has done so too: until then it
// counts it among those that the user may have, and could refuse the pool its first.
func (m *migrator) close() {
	defer func() { _ = m.db.Close() }() // nobody needs it any more
	if m.db.Stats().OpenConnections == 0 {
		return // the server has refused it
	}
	ctx, cancel := context.WithTimeout(context.Background(), byePatience)
	defer cancel()
	conn, err := m.db.Conn(ctx)
	if err != nil {
		return // it broke
	}
	defer func() { _ = conn.Close() }()
	_ = conn.Raw(func(driven any) error {
		leave(driven.(*stdlib.Conn).Conn().PgConn())
		return driver.ErrBadConn // nobody is to use it again
	})
}

// leave says good-bye, and waits for the server to hang up.
func leave(conn *pgconn.PgConn) {
	line := conn.Conn()
	_ = line.SetDeadline(time.Now().Add(byePatience))
	conn.Frontend().Send(&pgproto3.Terminate{})
	if conn.Frontend().Flush() == nil {
		_, _ = io.Copy(io.Discard, line) // to its end, which is all that is awaited
	}
}

// status is [Status].
func (m *migrator) status(ctx context.Context) ([]Migration, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, openPatience, errNoAnswer)
	defer cancel()
	applied, err := m.applied(ctx)
	if err != nil {
		return nil, m.source.explain(ctx, err)
	}
	var all []Migration
	for _, known := range m.goose.ListSources() {
		all = append(all, Migration{Version: known.Version, Name: nameOf(known.Path), Applied: applied[known.Version]})
	}
	newest := all[len(all)-1].Version
	for version := range applied {
		if version > newest {
			return nil, fmt.Errorf("database %s has tables of version %d, and this rostrum knows them up to %d: run the newer rostrum again, or restore the backup from before it",
				m.source.name, version, newest)
		}
	}
	return all, nil
}

// nameOf returns what stands in a file's name between its number and its end.
func nameOf(file string) string {
	_, name, _ := strings.Cut(strings.TrimSuffix(path.Base(file), ".sql"), "_")
	return name
}

// applied returns when each migration was applied. goose would make its table for that.
func (m *migrator) applied(ctx context.Context) (map[int64]time.Time, error) {
	var schema, table sql.NullString
	err := m.db.QueryRowContext(ctx, `SELECT current_schema(), to_regclass(quote_ident(current_schema()) || '.' || $1)::text`, versionTable).Scan(&schema, &table)
	if err != nil {
		return nil, err
	}
	if !schema.Valid {
		return nil, errors.New("none of the schemas that search_path names is there: make one by CREATE SCHEMA")
	}
	if !table.Valid {
		return nil, nil
	}
	rows, err := m.db.QueryContext(ctx, `SELECT version_id, tstamp FROM `+versionTable+` WHERE is_applied`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // rows.Err has told
	applied := map[int64]time.Time{}
	for rows.Next() {
		var version int64
		var at time.Time
		if err := rows.Scan(&version, &at); err != nil {
			return nil, err
		}
		applied[version] = at.UTC()
	}
	return applied, rows.Err()
}

// up applies what is pending. Of several programs that start at once one does so, and the
// others wait: the lock is that of goose's own command, and ends with the connection.
func (m *migrator) up(ctx context.Context) error {
	waiting, cancel := context.WithTimeoutCause(ctx, lockPatience, errNoAnswer)
	defer cancel()
	_, err := m.db.ExecContext(waiting, `SELECT pg_advisory_lock($1)`, lock.DefaultLockID)
	if err != nil && waiting.Err() != nil && ctx.Err() == nil {
		return fmt.Errorf("database %s: another program has been migrating it for %v: wait until it is done, or end it", m.source.name, lockPatience)
	}
	if err != nil {
		return m.source.explain(ctx, err)
	}
	if _, err := m.status(ctx); err != nil { // who had the lock may have been newer
		return err
	}
	if _, err := m.goose.Up(ctx); err != nil {
		return m.source.explain(ctx, fmt.Errorf("migrate: %w", err))
	}
	return nil
}
