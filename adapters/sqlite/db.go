// Package sqlite keeps what outlives a session in one SQLite file.
//
// One connection writes and a few others read, in WAL mode: readers wait for
// nobody, writers for each other, in this process and beyond it. Each transaction
// is on the disk before its call returns.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite", without cgo

	"rostrum/ports"
)

// readers is how many connections read at once.
const readers = 4

var _ ports.Database = (*DB)(nil)

// How long a transaction waits for one of another process, and Open for another
// Open, unless its context ends before.
const (
	busyWait = patience
	openWait = time.Minute
)

// DB is an open database file. Its stores may be used until Close. No call of them waits
// for longer than patience, but for a disk that hangs in the middle of a write.
type DB struct {
	path  string
	file  os.FileInfo // the file that was opened, to see that it is still the one at path
	write *sql.DB     // one connection; a transaction begins with the write lock
	read  *sql.DB     // connections that cannot write
}

// Open opens the database file at path and brings its tables up to date. A
// missing file is made (0600), and a missing directory (0700). While another
// process is migrating the file Open waits for it; a context that ends meanwhile
// ends Open and leaves each migration done or not begun.
//
// Errors name the path and what to do: where nothing can be written, where
// something else than a database is, and for tables newer than this program.
func Open(ctx context.Context, path string) (*DB, error) {
	path, err := prepare(path)
	if err != nil {
		return nil, err
	}
	unlock, err := lock(ctx, path)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if err := create(path); err != nil {
		return nil, explain(ctx, path, err)
	}
	db := &DB{
		path:  path,
		write: pool(path, 1, busyWait, url.Values{"_journal_mode": {"WAL"}, "_foreign_keys": {"1"}, "_txlock": {"immediate"}}),
		read:  pool(path, readers, busyWait, url.Values{"_query_only": {"1"}}),
	}
	if err := db.start(ctx); err != nil {
		_ = db.Close() // the error that counts is the first
		return nil, err
	}
	return db, nil
}

func (db *DB) start(ctx context.Context) (err error) {
	if err := migrate(ctx, db.path, db.write); err != nil {
		return err
	}
	if db.file, err = os.Stat(db.path); err != nil {
		return explain(ctx, db.path, err)
	}
	return db.Ping(ctx)
}

// Rooms returns the store of rooms. What its updates tell is in the Audit of the same
// database.
func (db *DB) Rooms() *Rooms { return &Rooms{db: db} }

// Sessions returns the store of sessions.
func (db *DB) Sessions() *Sessions { return &Sessions{db: db} }

// Recordings returns the store of recordings. What its updates have delivered is in
// the Outbox of the same database.
func (db *DB) Recordings() *Recordings { return &Recordings{db: db} }

// Outbox returns the store of deliveries.
func (db *DB) Outbox() *Outbox { return &Outbox{db: db} }

// Audit returns the audit trail.
func (db *DB) Audit() *Audit { return &Audit{db: db} }

// Ping is ports.Database.Ping. It writes, since a disk that is full or read-only shows
// in nothing else.
func (db *DB) Ping(ctx context.Context) error {
	if err := db.inPlace(); err != nil {
		return err
	}
	if _, err := look(ctx, db, func(version *int) []any { return []any{version} }, `PRAGMA schema_version`); err != nil {
		return err
	}
	return db.update(ctx, func(ctx context.Context, tx tx) error {
		_, err := tx.exec(ctx, `PRAGMA user_version = 0`) // which nobody uses
		return err
	})
}

// inPlace returns an error unless the file at path is the one that is open.
func (db *DB) inPlace() error {
	if now, err := os.Stat(db.path); err != nil || !os.SameFile(db.file, now) {
		return away{fmt.Errorf("database %s was moved, deleted or replaced while in use: nothing is written any more, since it would be lost with this process. Put it back, or restart rostrum", db.path)}
	}
	return nil
}

// Close lets no call begin and closes the file when the last one that has begun is
// over, which it does not wait for. The closed file is whole by itself: SQLite's
// files beside it are gone, unless another process has it open.
func (db *DB) Close() error {
	return errors.Join(db.read.Close(), db.write.Close())
}

// pool does not connect yet. The path goes into a URI, for names that have a
// question mark or a percent sign. On all connections a word in double quotes is
// a name and never a text, and error messages are those of their code.
func pool(path string, connections int, wait time.Duration, options url.Values) *sql.DB {
	options.Set("_busy_timeout", strconv.FormatInt(wait.Milliseconds(), 10))
	options.Set("_dqs", "0")
	options.Set("_error_rc", "1")
	uri := url.URL{Scheme: "file", Path: path, RawQuery: options.Encode()}
	db, err := sql.Open("sqlite", uri.String())
	if err != nil { // only for a driver that is not there
		panic(err)
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db
}
