// Package golimiter limits rates within one process, by sethvargo/go-limiter.
package golimiter

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/sethvargo/go-limiter"
	"github.com/sethvargo/go-limiter/memorystore"

	"rostrum/domain"
	"rostrum/ports"
)

var _ ports.Limiter = (*Limiter)(nil)

// Limiter is ports.Limiter in memory. A key's first interval begins with its
// first Take; each later one has the whole allowance again, nothing is carried
// over.
//
// Memory is bounded by sweeping: a key is forgotten at most two intervals (or one
// interval and a second, when that is longer) after its last one began, which
// changes nothing for it. Until then a key costs some 120 bytes and its own
// length.
type Limiter struct {
	store limiter.Store
}

// New returns a limiter that allows so many tokens in each interval, and starts
// its sweeper, which runs until Close.
func New(tokens uint64, interval time.Duration) (*Limiter, error) {
	if tokens == 0 {
		return nil, errors.New("a limit of 0 would refuse everything: allow at least 1, or take the limit out")
	}
	if interval < time.Millisecond {
		return nil, fmt.Errorf("a limit for each %v is too fine: make the interval 1ms or longer", interval)
	}
	if most := mostIn(interval); tokens > most {
		return nil, fmt.Errorf("a limit of %d in %v is more than can be counted: allow at most %d, or make the interval longer", tokens, interval, most)
	}
	store, err := memorystore.New(&memorystore.Config{
		Tokens:        tokens,
		Interval:      interval,
		SweepInterval: max(interval, time.Second),
		SweepMinTTL:   interval,
		InitialAlloc:  64,
	})
	if err != nil {
		return nil, fmt.Errorf("make a rate limiter: %w", err)
	}
	return &Limiter{store: store}, nil
}

// mostIn is how many tokens the store can give back in one interval: it refills
// by interval/tokens for each interval gone by, where that falls under tokens
// the allowance would shrink.
func mostIn(interval time.Duration) uint64 {
	return uint64(math.Sqrt(float64(interval)))
}

// Take is ports.Limiter.Take. It does not block. After Close it fails with
// domain.ErrShuttingDown.
func (l *Limiter) Take(ctx context.Context, key string) (ports.Allowance, error) {
	limit, remaining, reset, ok, err := l.store.Take(ctx, key)
	if errors.Is(err, limiter.ErrStopped) {
		return ports.Allowance{}, domain.ErrShuttingDown
	}
	if err != nil {
		return ports.Allowance{}, fmt.Errorf("take from a rate limit: %w", err)
	}
	return ports.Allowance{OK: ok, Limit: limit, Remaining: remaining, Reset: time.Unix(0, int64(reset))}, nil //nolint:gosec // nanoseconds since 1970, as the store says them
}

// Close forgets all keys and ends the sweeper. A second Close does nothing.
func (l *Limiter) Close(ctx context.Context) error {
	return l.store.Close(ctx)
}
