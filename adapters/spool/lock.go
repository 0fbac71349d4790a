package spool

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/gofrs/flock"
)

// lock keeps other processes out of the spool's directory. It may be used by any
// goroutine.
type lock struct {
	dir string

	mu   sync.Mutex
	held *flock.Flock
}

// hold makes the directory where it is not, and locks it unless it is locked by this
// lock already. A directory that was removed has taken its lock along.
func (l *lock) hold() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	path := filepath.Join(l.dir, lockFile)
	if l.held != nil {
		was, err := l.held.Stat()
		now, gone := os.Stat(path)
		if err == nil && gone == nil && os.SameFile(was, now) {
			return nil
		}
	}
	if err := os.MkdirAll(l.dir, 0o700); err != nil {
		return fmt.Errorf("make the recording spool %s: %w. Choose another recording.dir, or let the user that runs rostrum make it", l.dir, err)
	}
	held := flock.New(path)
	switch locked, err := held.TryLock(); {
	case err != nil:
		return fmt.Errorf("lock the recording spool %s: %w. Choose another recording.dir, or let the user that runs rostrum write there", l.dir, err)
	case !locked:
		return fmt.Errorf("the recording spool %s is in use by another process: end that one, or give each its own recording.dir", l.dir)
	}
	if l.held != nil {
		_ = l.held.Close() // it locks nothing that can be found
	}
	l.held = held
	return nil
}

// release lets others in.
func (l *lock) release() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held == nil {
		return nil
	}
	return l.held.Close()
}
