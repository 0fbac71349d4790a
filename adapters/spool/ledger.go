package spool

import "sync"

// ledger keeps count of what each recording, and each foreign thing, takes in the
// spool, so that nobody needs to look there to know. It may be used by any goroutine.
type ledger struct {
	mu    sync.Mutex
	bytes map[string]int64
	sum   int64
}

func newLedger() *ledger { return &ledger{bytes: map[string]int64{}} }

// set takes note of what something takes now: 0 when it is gone.
func (l *ledger) set(name string, bytes int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sum += bytes - l.bytes[name]
	if l.bytes[name] = bytes; bytes == 0 {
		delete(l.bytes, name)
	}
}

// total returns what is taken.
func (l *ledger) total() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.sum
}
