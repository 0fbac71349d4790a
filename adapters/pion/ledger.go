package pion

import (
	"maps"
	"sync"

	"rostrum/ports"
)

// accounted is a session that counts for itself what it carries.
type accounted interface {
	// account adds the session's numbers up to now. It waits for nothing. Any goroutine
	// may call it, also when the session is over.
	account(to *ports.MediaStats)
}

var (
	_ accounted = (*publisher)(nil)
	_ accounted = (*subscriber)(nil)
)

// ledger adds up the numbers of all sessions, each once: of those that are open as they
// are now, of the others as they were when they were closed.
type ledger struct {
	mu     sync.Mutex
	open   map[accounted]struct{}
	closed ports.MediaStats
}

func newLedger() *ledger {
	l := &ledger{open: map[accounted]struct{}{}, closed: ports.MediaStats{Drops: map[ports.DropReason]uint64{}}}
	for _, reason := range ports.DropReasons() {
		l.closed.Drops[reason] = 0
	}
	return l
}

// enter begins to count a session in.
func (l *ledger) enter(s accounted) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open[s] = struct{}{}
}

// close keeps a session's numbers as they are now, and lets go of it. What it still
// carries is not counted.
func (l *ledger) close(s accounted) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.open, s)
	s.account(&l.closed)
}

// sum returns the numbers of all sessions.
func (l *ledger) sum() ports.MediaStats {
	l.mu.Lock()
	defer l.mu.Unlock()
	sum := l.closed
	sum.Drops = maps.Clone(l.closed.Drops)
	for s := range l.open {
		s.account(&sum)
	}
	return sum
}
