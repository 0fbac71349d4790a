package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"

	driver "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"

	"rostrum/ports"
)

// prepare makes the directory of path, sees that a database can be there, and
// returns path as an absolute one. It does not open the file: closing it again
// would drop the locks that this process holds on it (POSIX), should it be open
// elsewhere.
func prepare(path string) (string, error) {
	path, err := absolute(path)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", fmt.Errorf("make the directory of database %s: %w. Choose another path, or make it for the user that runs rostrum", path, err)
	}
	return path, check(path)
}

func absolute(path string) (string, error) {
	if path == "" {
		return "", errors.New("the database has no path: name a file, such as sqlite:data/rostrum.db")
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("database %s: %w. Give its absolute path", path, err)
	}
	return path, nil
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

const (
	letWrite = "Let the user that runs rostrum write the file and its directory, or choose another path"
	letGo    = "Another process keeps it locked: end that one, or give each its own file"
	undo     = "Its tables are not those that rostrum made: undo what was changed by hand, or restore it from a backup"
)

// advices say what to do about SQLite's primary result codes.
var advices = map[int]string{
	codes.SQLITE_PERM:       letWrite,
	codes.SQLITE_READONLY:   letWrite,
	codes.SQLITE_CANTOPEN:   letWrite,
	codes.SQLITE_BUSY:       letGo,
	codes.SQLITE_PROTOCOL:   letGo,
	codes.SQLITE_FULL:       "The disk is full: make room on it",
	codes.SQLITE_IOERR:      "The disk failed: see the system's log",
	codes.SQLITE_CORRUPT:    "It is damaged: restore it from a backup",
	codes.SQLITE_NOTADB:     "It is no SQLite database: move it away, or choose another path",
	codes.SQLITE_ERROR:      undo,
	codes.SQLITE_CONSTRAINT: undo,
}

// passing are the result codes of what may be over by itself, or by what an operator
// does to the disk: then the same call succeeds.
var passing = []int{
	codes.SQLITE_PERM, codes.SQLITE_READONLY, codes.SQLITE_CANTOPEN,
	codes.SQLITE_BUSY, codes.SQLITE_PROTOCOL, codes.SQLITE_FULL, codes.SQLITE_IOERR,
}

// away is an error that wraps ports.ErrAway and says nothing more for it.
type away struct{ error }

// Unwrap is that of errors.Is and errors.As.
func (a away) Unwrap() []error { return []error{a.error, ports.ErrAway} }

// explain names the database in an error of SQLite or of the file system, and
// says what to do. Once ctx has ended, that is the error.
func explain(ctx context.Context, path string, err error) error {
	if ended := ctx.Err(); ended != nil {
		if cause := context.Cause(ctx); errors.Is(cause, ports.ErrAway) {
			ended = cause
		}
		return fmt.Errorf("database %s: %w", path, ended)
	}
	var sqlite *driver.Error
	var file *fs.PathError
	switch {
	case errors.As(err, &sqlite):
		return explainCode(path, err, sqlite.Code()&0xff)
	case errors.As(err, &file):
		return fmt.Errorf("database %s: %w. %s", path, err, letWrite)
	default:
		return fmt.Errorf("database %s: %w", path, err)
	}
}

func explainCode(path string, err error, code int) error {
	err = fmt.Errorf("database %s: %w", path, err)
	if advice, known := advices[code]; known {
		err = fmt.Errorf("%w. %s", err, advice)
	}
	if slices.Contains(passing, code) {
		return away{err}
	}
	return err
}
