// Package postgres keeps what outlives a session in a PostgreSQL database, 13 or newer.
//
// Every call is bounded by the time that [Config] gives it, also when the server hangs
// or the network swallows everything; the server ends by itself what a client could not
// tell it to. Statements are prepared once a connection, so a pooler between here and the
// server must keep sessions apart: PgBouncer in transaction mode does not.
//
// The SQL is written by hand beside the code that runs it. sqlc was looked at: it has no
// queries whose filters come and go, which the lists are, and its row types would have to
// be copied into the domain's.
package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"rostrum/ports"
)

var _ ports.Database = (*DB)(nil)

// Config says where the database is.
type Config struct {
	// URL is postgres://user:password@host:port/database?option=value, with the options
	// of PostgreSQL's own clients: sslmode, sslrootcert, sslcert, sslkey, passfile,
	// target_session_attrs, search_path and so on. Several hosts are tried in turn. Also
	// pool_max_conns, how many connections there may be (10).
	//
	// The URL is not all that counts: PGPASSFILE, PGPASSWORD and the other PG variables
	// fill in what it does not say. The files that it names are read for each new
	// connection, so a password in a passfile and a client's certificate may be replaced
	// while the server runs: connections that are there go on, later ones use the new.
	URL string

	// Patience is how long a call may take, 5 s if 0.
	Patience time.Duration
}

// DB is an open database. Its stores may be used until Close.
type DB struct {
	source *source
	pool   *pgxpool.Pool
}

// Open connects to the database and brings its tables up to date. While another process
// does that, it waits up to a minute for it.
//
// Errors name the database without its password, and say what to do: for a URL that is
// none, a server that is not there or no PostgreSQL, a login that it refuses, missing
// rights, and tables newer than this program. But for migrations, Open takes 10 s at most.
func Open(ctx context.Context, c Config) (*DB, error) {
	source, err := newSource(c)
	if err != nil {
		return nil, err
	}
	if err := source.migrate(ctx); err != nil {
		return nil, err
	}
	pool, err := source.newPool()
	if err != nil {
		return nil, err
	}
	db := &DB{source: source, pool: pool}
	if err := db.Ping(ctx); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
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

// Ping is ports.Database.Ping. A server that only reads, such as a standby, is away.
func (db *DB) Ping(ctx context.Context) error {
	ctx, cancel := db.source.bound(ctx)
	defer cancel()
	var writable bool
	err := db.pool.QueryRow(ctx, `SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off'`).Scan(&writable)
	if err != nil {
		return db.source.explain(ctx, err)
	}
	if !writable {
		return db.source.away(errReadOnly)
	}
	return nil
}

// Close lets no call begin, waits for those that have begun, and ends the connections. It
// takes no longer than a call does.
func (db *DB) Close() {
	hurry := time.AfterFunc(db.source.patience, db.source.lines.hangUp)
	defer hurry.Stop()
	db.pool.Close()
}

// String names the database without its password.
func (db *DB) String() string { return fmt.Sprint("database ", db.source.name) }
