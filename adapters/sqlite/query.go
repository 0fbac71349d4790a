package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"rostrum/ports"
)

// patience is how long a call of a store may take.
const patience = 10 * time.Second

// errPatience ends a call that has taken too long.
var errPatience = fmt.Errorf("it has not answered for %v: another process keeps it locked, or its disk hangs: %w", patience, ports.ErrAway)

// patient returns ctx with an end after patience, which explain tells from its own.
func patient(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, patience, errPatience)
}

// tx is a transaction that writes. Its errors are explained.
type tx struct {
	*sql.Tx
	path string
}

// update is how every store writes. It runs change in one transaction that no
// other writer interleaves with. An error of change is returned as it is, and
// nothing is written; change explains its own.
func (db *DB) update(ctx context.Context, change func(ctx context.Context, tx tx) error) error {
	ctx, cancel := patient(ctx)
	defer cancel()
	begun, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return explain(ctx, db.path, err)
	}
	defer func() { _ = begun.Rollback() }() // after Commit it does nothing
	if err := change(ctx, tx{begun, db.path}); err != nil {
		return err
	}
	if err := db.inPlace(); err != nil {
		return err
	}
	if err := begun.Commit(); err != nil {
		return explain(ctx, db.path, err)
	}
	return nil
}

// exec returns how many rows it has changed.
func (t tx) exec(ctx context.Context, query string, args ...any) (int, error) {
	result, err := t.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, explain(ctx, t.path, err)
	}
	changed, err := result.RowsAffected()
	return int(changed), err
}

// each runs one query with the arguments of each item.
func each[T any](ctx context.Context, t tx, items []T, query string, args func(T) []any) error {
	if len(items) == 0 {
		return nil
	}
	statement, err := t.PrepareContext(ctx, query)
	if err != nil {
		return explain(ctx, t.path, err)
	}
	defer func() { _ = statement.Close() }() // its work is done or has failed
	for _, item := range items {
		if _, err := statement.ExecContext(ctx, args(item)...); err != nil {
			return explain(ctx, t.path, err)
		}
	}
	return nil
}

// one returns the row of a query in a transaction, scanned to the fields of a T, nil
// when there is none.
func one[T any](ctx context.Context, t tx, fields func(*T) []any, query string, args ...any) (*T, error) {
	return scan(ctx, t.path, t.QueryRowContext(ctx, query, args...), fields)
}

// look is one for a query outside of any transaction.
func look[T any](ctx context.Context, db *DB, fields func(*T) []any, query string, args ...any) (*T, error) {
	ctx, cancel := patient(ctx)
	defer cancel()
	return scan(ctx, db.path, db.read.QueryRowContext(ctx, query, args...), fields)
}

func scan[T any](ctx context.Context, path string, row *sql.Row, fields func(*T) []any) (*T, error) {
	var found T
	err := row.Scan(fields(&found)...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, explain(ctx, path, err)
	}
	return &found, nil
}

// list returns the rows of a query that only reads, each scanned to the fields of a T.
func list[T any](ctx context.Context, db *DB, fields func(*T) []any, query string, args ...any) ([]T, error) {
	ctx, cancel := patient(ctx)
	defer cancel()
	rows, err := db.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, explain(ctx, db.path, err)
	}
	defer func() { _ = rows.Close() }() // rows.Err has told
	var all []T
	for rows.Next() {
		var row T
		if err := rows.Scan(fields(&row)...); err != nil {
			return nil, explain(ctx, db.path, err)
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		return nil, explain(ctx, db.path, err)
	}
	return all, nil
}
