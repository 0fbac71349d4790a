package bench

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"rostrum/api/client"
)

// mediaTimeout is how long each who joined has to have a picture.
const mediaTimeout = 10 * time.Second

// crowd is the subscribers that are connected. One goroutine may use it.
type crowd struct {
	*venue

	joining  int
	patience time.Duration // with a server that refuses and lets nobody in meanwhile
	progress *Progress
	members  []*subscriber
	refusals map[int]int // by HTTP status, so far

	mu       sync.Mutex // while it grows
	lastJoin time.Time
}

// grow joins until there are n. A refusal is waited out as the server asks, then it is the error; who has joined, or is just
// joining, stays.
func (c *crowd) grow(ctx context.Context, n int) error {
	tickets := make(chan struct{}, n)
	for range n - len(c.members) {
		tickets <- struct{}{}
	}
	close(tickets)
	c.lastJoin = time.Now()
	failed := make(chan error, c.joining)
	var workers sync.WaitGroup
	for range min(c.joining, len(tickets)) {
		workers.Go(func() {
			for range tickets {
				if len(failed) > 0 {
					return
				}
				if err := c.joinPatiently(ctx, n); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	workers.Wait()
	if len(failed) > 0 {
		err := <-failed
		return fmt.Errorf("%d of %d subscribers joined: %w", len(c.members), n, err)
	}
	return nil
}

func (c *crowd) joinPatiently(ctx context.Context, n int) error {
	for {
		s, err := c.join(ctx)
		var no *client.Problem
		if err != nil && !errors.As(err, &no) {
			return err
		}
		last := c.note(s, no, n)
		if no == nil {
			return nil
		}
		wait, yes := passes(no)
		if !yes || time.Since(last)+wait > c.patience {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(wait):
		}
	}
}

// note keeps who has joined, or counts the refusal, and returns when somebody joined last.
func (c *crowd) note(s *subscriber, no *client.Problem, n int) (last time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if no != nil {
		c.refusals[no.Status]++
		c.progress.tell("joining", "%d of %d; refused by %d, waiting", len(c.members), n, no.Status)
		return c.lastJoin
	}
	c.members = append(c.members, s)
	c.lastJoin = time.Now()
	c.progress.count("joining", len(c.members), n)
	return c.lastJoin
}

// see waits until each subscriber has had a picture, and returns how many have not.
func (c *crowd) see(ctx context.Context) (blind int, err error) {
	for deadline := time.Now().Add(mediaTimeout); ; {
		blind = 0
		c.sweep.ask(func() {
			for _, s := range c.members {
				if s.receiver.firstAt[video].IsZero() {
					blind++
				}
			}
		})
		if blind == 0 || time.Now().After(deadline) {
			return blind, nil
		}
		if err := sleep(ctx, 20*time.Millisecond); err != nil {
			return blind, err
		}
	}
}

// shrink has the last ones leave until there are n.
func (c *crowd) shrink(ctx context.Context, n int) error {
	gone := c.members[min(n, len(c.members)):]
	c.members = c.members[:len(c.members)-len(gone)]
	leaving := make(chan *subscriber, len(gone))
	for _, s := range gone {
		leaving <- s
	}
	close(leaving)
	errs := make(chan error, len(gone))
	var workers sync.WaitGroup
	for range c.joining {
		workers.Go(func() {
			for s := range leaving {
				c.progress.tell("leaving", "%d to go", len(leaving))
				errs <- s.leave(ctx)
			}
		})
	}
	workers.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			return fmt.Errorf("a subscriber could not leave: %w", err) // one is like the others
		}
	}
	return nil
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}
