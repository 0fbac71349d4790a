// Package migrations holds the SQL that makes the tables, a folder a dialect. A
// file that has been released is never changed: what comes later is a new file
// with the next number.
package migrations

import (
	"embed"
	"io/fs"
)

//go:embed postgres/*.sql sqlite/*.sql
var files embed.FS

// Postgres returns the migrations of adapters/postgres.
func Postgres() fs.FS { return dialect("postgres") }

// SQLite returns the migrations of adapters/sqlite.
func SQLite() fs.FS { return dialect("sqlite") }

func dialect(name string) fs.FS {
	sub, err := fs.Sub(files, name)
	if err != nil { // only for a name that is no path
		panic(err)
	}
	return sub
}
