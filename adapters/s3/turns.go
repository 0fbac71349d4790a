package s3

import (
	"context"
	"sync"
)

// turns has those who mean one key go one after another.
type turns struct {
	mu    sync.Mutex
	taken map[string]chan struct{} // closed when the turn is over
}

func newTurns() *turns { return &turns{taken: map[string]chan struct{}{}} }

// take waits for the turn, which is over when the returned function is called, or for
// the end of ctx.
func (t *turns) take(ctx context.Context, key string) (over func(), err error) {
	for {
		t.mu.Lock()
		others, busy := t.taken[key]
		if !busy {
			mine := make(chan struct{})
			t.taken[key] = mine
			t.mu.Unlock()
			return func() {
				t.mu.Lock()
				delete(t.taken, key)
				t.mu.Unlock()
				close(mine)
			}, nil
		}
		t.mu.Unlock()
		select {
		case <-others:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
