package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/pressly/goose/v3"

	"rostrum/migrations"
)

// migrate brings the tables up to date, each migration in a transaction of its
// own. It needs the lock: goose has none for SQLite.
func migrate(ctx context.Context, path string, db *sql.DB) error {
	provider, err := provider(path, db)
	if err != nil {
		return err
	}
	current, known, err := provider.GetVersions(ctx)
	if err != nil {
		return explain(ctx, path, err)
	}
	if current > known {
		return errNewer(path, current, known)
	}
	if _, err := provider.Up(ctx); err != nil {
		return explain(ctx, path, fmt.Errorf("migrate: %w", err))
	}
	return nil
}

// provider does not connect yet.
func provider(path string, db *sql.DB) (*goose.Provider, error) {
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, migrations.SQLite(), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, fmt.Errorf("read the migrations for database %s: %w", path, err)
	}
	return provider, nil
}

func errNewer(path string, current, known int64) error {
	return fmt.Errorf("database %s has tables of version %d, and this rostrum knows them up to %d: run the newer rostrum again, or restore the backup from before it",
		path, current, known)
}
