package postgres

import (
	"context"
	"hash/fnv"

	"github.com/jackc/pgx/v5"
)

// attempts is how often a transaction is run that others get in the way of.
const attempts = 5

// update is how every store writes. It runs change in one transaction, and again when
// PostgreSQL has ended that for the sake of others. An error of change is returned as it
// is, and nothing is written. Once the commit has begun, the end of ctx does not end it:
// whoever asked is told what came of it.
func (db *DB) update(ctx context.Context, change func(ctx context.Context, tx pgx.Tx) error) error {
	ctx, cancel := db.source.bound(ctx)
	defer cancel()
	for attempt := 1; ; attempt++ {
		err := db.transact(ctx, change)
		if !isContended(err) || attempt == attempts {
			return err
		}
	}
}

func (db *DB) transact(ctx context.Context, change func(ctx context.Context, tx pgx.Tx) error) error {
	tx, err := db.pool.Begin(ctx)
	if err != nil {
		return db.source.explain(ctx, err)
	}
	defer func() { _ = tx.Rollback(ctx) }() // after Commit it does nothing
	if err := change(ctx, tx); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return db.source.explain(ctx, ctx.Err())
	}
	deadline, _ := ctx.Deadline() // bound has set one
	committing, cancel := context.WithDeadlineCause(context.WithoutCancel(ctx), deadline, errNoAnswer)
	defer cancel()
	if err := tx.Commit(committing); err != nil {
		return db.source.explain(committing, err)
	}
	return nil
}

// querier is a pool or a transaction.
type querier interface {
	Query(ctx context.Context, query string, args ...any) (pgx.Rows, error)
}

// read returns the rows of a query, each scanned to the fields of a T.
func read[T any](ctx context.Context, from querier, fields func(*T) []any, query string, args ...any) ([]T, error) {
	rows, err := from.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (T, error) {
		var t T
		return t, row.Scan(fields(&t)...)
	})
}

// list is read in a call of its own.
func list[T any](ctx context.Context, db *DB, fields func(*T) []any, query string, args ...any) ([]T, error) {
	ctx, cancel := db.source.bound(ctx)
	defer cancel()
	all, err := read(ctx, db.pool, fields, query, args...)
	if err != nil {
		return nil, db.source.explain(ctx, err)
	}
	return all, nil
}

// The locks of transactions are numbers, which the whole database shares. Two things that
// come to one number wait for each other, and no more.
const (
	lockOfRoom      = "rostrum room "
	lockOfRecording = "rostrum recording "
	lockOfAudit     = "rostrum audit"
)

const takeLock = `SELECT pg_advisory_xact_lock($1)`

func lockNumber(thing string) int64 {
	sum := fnv.New64a()
	_, _ = sum.Write([]byte(thing)) // never fails
	return int64(sum.Sum64())       //nolint:gosec // any number will do
}

// readAlone returns the row of a thing, nil for none, and has whoever else asks for it
// wait for the end of the transaction, also when there is none.
func readAlone[T any](ctx context.Context, tx pgx.Tx, thing string, fields func(*T) []any, query string, args ...any) (found *T, err error) {
	var both pgx.Batch
	both.Queue(takeLock, lockNumber(thing))
	both.Queue(query, args...).QueryRow(func(row pgx.Row) error {
		var t T
		if err := row.Scan(fields(&t)...); err != nil {
			return err
		}
		found = &t
		return nil
	})
	return found, ignoreNoRows(tx.SendBatch(ctx, &both).Close())
}

// execute runs one statement in a transaction of its own, and returns how many rows it
// has changed.
func (db *DB) execute(ctx context.Context, statement string, args ...any) (rows int, err error) {
	err = db.update(ctx, func(ctx context.Context, tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, statement, args...)
		if err != nil {
			return db.source.explain(ctx, err)
		}
		rows = int(tag.RowsAffected())
		return nil
	})
	return rows, err
}
