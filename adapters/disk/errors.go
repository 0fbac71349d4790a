package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
)

// contentError is an error of what is to be stored, not of the store.
type contentError struct{ err error }

func (e *contentError) Error() string { return "read what is to be stored: " + e.err.Error() }
func (e *contentError) Unwrap() error { return e.err }

const (
	letWrite = "Let the user that runs rostrum write the directory and what is in it, or choose another one"
	makeRoom = "The disk is full: make room on it, or choose a directory on another one"
)

// advices say what to do about what a file system says.
var advices = map[syscall.Errno]string{
	syscall.EACCES:       letWrite,
	syscall.EPERM:        letWrite + " whose file system has hard links",
	syscall.EROFS:        "Its file system can only be read: mount it for writing, or choose another directory",
	syscall.ENOSPC:       makeRoom,
	syscall.EDQUOT:       makeRoom,
	syscall.ENOENT:       "The directory is gone: mount its disk, or make it again",
	syscall.ENOTDIR:      "Something else stands where a directory is needed: move it away",
	syscall.EXDEV:        "What is below the directory must be on one file system with it",
	syscall.ENAMETOOLONG: "The file system has no names that long: shorten the template of keys",
	syscall.EIO:          "The disk failed: see the system's log",
}

// explain names the store in its error and says what to do.
func explain(dir string, err error) error {
	if err == nil {
		return nil
	}
	var content *contentError
	if errors.As(err, &content) {
		return err
	}
	var errno syscall.Errno
	if errors.As(err, &errno) {
		if advice, known := advices[errno]; known {
			return fmt.Errorf("store %s: %w. %s", dir, err, advice)
		}
		return fmt.Errorf("store %s: %w", dir, err)
	}
	var refused *fs.PathError // without a code: os.Root's own
	if errors.As(err, &refused) {
		return fmt.Errorf("store %s: %w. A symbolic link in it leads out of it: remove that", dir, err)
	}
	return fmt.Errorf("store %s: %w", dir, err)
}
