package database

import (
	"context"
	"errors"
	"slices"
	"sync"

	"rostrum/ports"
)

// maxBacklog is how much may wait for the database, of each kind: some hours of a busy
// server. maxBatch is how much is written in one transaction, and maxRefused how many
// refusals are borne in a row of writes.
const (
	maxBacklog = 100_000
	maxBatch   = 1000
	maxRefused = 16
)

// backlog is what waits to be written, in its order. Any goroutine adds, one writes.
type backlog[T any] struct {
	keep func(context.Context, []T) error

	mu      sync.Mutex // guards what follows; never held while keep runs
	waiting []T
	dropped int
}

func newBacklog[T any](keep func(context.Context, []T) error) *backlog[T] {
	return &backlog[T]{keep: keep}
}

// add has v written, or drops it where too much waits. It does not block.
func (b *backlog[T]) add(v T) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.waiting) >= maxBacklog {
		b.dropped++
		return
	}
	b.waiting = append(b.waiting, v)
}

func (b *backlog[T]) len() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.waiting)
}

// last returns what was added last of what is looked for and waits.
func (b *backlog[T]) last(is func(T) bool) (v T, found bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, v := range slices.Backward(b.waiting) {
		if is(v) {
			return v, true
		}
	}
	return v, false
}

// lost returns how many have been dropped.
func (b *backlog[T]) lost() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.dropped
}

// write writes what waits, each at most once, and returns how many it has written. What
// cannot be written goes on to wait. Where the store refuses some of a batch and is not
// away, the batch is halved until it is found what it refuses, which is put behind the
// others; so one record at fault holds up none.
func (b *backlog[T]) write(ctx context.Context) (written int, err error) {
	size, refused := maxBatch, 0
	for left := b.len(); left > 0 && refused < maxRefused; {
		batch := b.first(min(left, size))
		cause := b.keep(ctx, batch)
		switch {
		case cause == nil:
			b.remove(len(batch))
			written, left = written+len(batch), left-len(batch)
			size = min(2*size, maxBatch)
		case errors.Is(cause, ports.ErrAway) || ctx.Err() != nil:
			return written, cause
		case len(batch) > 1:
			size = len(batch) / 2
		default:
			b.postpone()
			left, refused, err = left-1, refused+1, cause
		}
	}
	return written, err
}

// first returns the n that have waited longest, which go on to wait.
func (b *backlog[T]) first(n int) []T {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.waiting[:n:n]
}

// postpone puts what has waited longest behind all others.
func (b *backlog[T]) postpone() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.waiting = append(b.waiting[1:], b.waiting[0])
}

// remove takes away what has waited longest.
func (b *backlog[T]) remove(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	clear(b.waiting[:n])
	if b.waiting = b.waiting[n:]; len(b.waiting) == 0 {
		b.waiting = nil // lets go of the memory that an outage took
	}
}
