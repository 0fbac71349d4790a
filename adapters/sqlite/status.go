package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Migration is one step of the tables to what this program works with.
type Migration struct {
	Version int64
	Name    string
	Applied time.Time // to the second; zero: pending
}

// Status returns the migrations that this program knows, in their order, and when each
// was applied to the database at path. It neither makes nor changes the file: where
// there is none, all are pending. Its errors are those of [Open], also for tables newer
// than this program.
func Status(ctx context.Context, path string) ([]Migration, error) {
	path, err := absolute(path)
	if err != nil {
		return nil, err
	}
	if err := check(path); err != nil {
		return nil, err
	}
	db := readOnly(path)
	defer func() { _ = db.Close() }() // nothing was written
	provider, err := provider(path, db)
	if err != nil {
		return nil, err
	}
	applied, err := appliedAt(ctx, path, db)
	if err != nil {
		return nil, err
	}
	var all []Migration
	for _, source := range provider.ListSources() {
		all = append(all, Migration{Version: source.Version, Name: nameOf(source.Path), Applied: applied[source.Version]})
		delete(applied, source.Version)
	}
	for version := range applied {
		if known := all[len(all)-1].Version; version > known {
			return nil, errNewer(path, version, known)
		}
	}
	return all, nil
}

// readOnly does not connect yet. A file that no process has open is read as one that
// nobody changes meanwhile, since SQLite would make its files beside it for anything else.
func readOnly(path string) *sql.DB {
	options := url.Values{"mode": {"ro"}}
	if _, err := os.Stat(path + "-wal"); errors.Is(err, fs.ErrNotExist) {
		options.Set("immutable", "1")
	}
	return pool(path, 1, busyWait, options)
}

// appliedAt returns when each version was applied, by goose's own table.
func appliedAt(ctx context.Context, path string, db *sql.DB) (map[int64]time.Time, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return map[int64]time.Time{}, nil
	}
	var tables int
	err := db.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema WHERE name = 'goose_db_version'`).Scan(&tables)
	if err != nil {
		return nil, explain(ctx, path, err)
	}
	applied := map[int64]time.Time{}
	if tables == 0 {
		return applied, nil
	}
	rows, err := db.QueryContext(ctx, `SELECT version_id, unixepoch(tstamp) FROM goose_db_version WHERE is_applied AND version_id > 0`)
	if err != nil {
		return nil, explain(ctx, path, err)
	}
	defer func() { _ = rows.Close() }() // rows.Err has told
	for rows.Next() {
		var version, at int64
		if err := rows.Scan(&version, &at); err != nil {
			return nil, explain(ctx, path, err)
		}
		applied[version] = time.Unix(at, 0).UTC()
	}
	if err := rows.Err(); err != nil {
		return nil, explain(ctx, path, err)
	}
	return applied, nil
}

// nameOf returns what stands between the number and the ending of a migration's file.
func nameOf(file string) string {
	_, name, _ := strings.Cut(strings.TrimSuffix(filepath.Base(file), ".sql"), "_")
	return name
}
