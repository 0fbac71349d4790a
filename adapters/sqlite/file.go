package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	driver "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"
)

// prepare makes the directory of path, sees that a database can be there, and
// returns path as an absolute one. It does not open the file: closing it again
// would drop the locks that this process holds on it (POSIX), should it be open
// elsewhere.
func prepare(path string) (string, error) {
	if path == "" {
		return "", errors.New("the database has no path: name a file, such as sqlite:data/rostrum.db")
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("database %s: %w. Give its absolute path", path, err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", fmt.Errorf("make the directory of database %s: %w. Choose another path, or make it for the user that runs rostrum", path, err)
	}
	return path, check(path)
}

func check(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("database %s: %w. Choose another path", path, err)
	}
	if info.IsDir() {
		return fmt.Errorf("database %s is a directory: name a file in it, such as %s", path, filepath.Join(path, "rostrum.db"))
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("database %s is not a regular file: choose another path", path)
	}
	return nil
}

// create makes an empty file at path for its owner alone, if there is none;
// SQLite would let others read it, and gives its files beside it the same mode.
func create(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// lock waits until no other Open, in this process or another one, is at work on
// the database at path, and keeps all others waiting until unlock. The lock is
// SQLite's own, on an empty file beside the database: it holds wherever SQLite's
// locks do, and ends with its process.
func lock(ctx context.Context, path string) (unlock func(), err error) {
	beside := path + "-lock" // made by SQLite, for the reason that prepare gives
	db := pool(beside, 1, openWait, url.Values{})
	conn, err := db.Conn(ctx)
	if err == nil {
		_, err = conn.ExecContext(ctx, "BEGIN EXCLUSIVE")
	}
	if err != nil {
		_ = db.Close()
		return nil, explain(ctx, beside, err)
	}
	return func() { _, _ = conn.Close(), db.Close() }, nil
}

const letWrite = "Let the user that runs rostrum write the file and its directory, or choose another path"

// advices say what to do about SQLite's primary result codes.
var advices = map[int]string{
	codes.SQLITE_PERM:     letWrite,
	codes.SQLITE_READONLY: letWrite,
	codes.SQLITE_CANTOPEN: letWrite,
	codes.SQLITE_BUSY:     "Another process keeps it locked: end that one, or give each its own file",
	codes.SQLITE_FULL:     "The disk is full: make room on it",
	codes.SQLITE_IOERR:    "The disk failed: see the system's log",
	codes.SQLITE_CORRUPT:  "It is damaged: restore it from a backup",
	codes.SQLITE_NOTADB:   "It is no SQLite database: move it away, or choose another path",
}

// explain names the database in an error of SQLite or of the file system, and
// says what to do. Once ctx has ended, that is the error.
func explain(ctx context.Context, path string, err error) error {
	if cause := ctx.Err(); cause != nil {
		return fmt.Errorf("database %s: %w", path, cause)
	}
	advice, known := "", false
	var sqlite *driver.Error
	var file *fs.PathError
	switch {
	case errors.As(err, &sqlite):
		advice, known = advices[sqlite.Code()&0xff]
	case errors.As(err, &file):
		advice, known = letWrite, true
	}
	if !known {
		return fmt.Errorf("database %s: %w", path, err)
	}
	return fmt.Errorf("database %s: %w. %s", path, err, advice)
}
