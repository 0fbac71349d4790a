package jwt

import (
	"context"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"
)

// How the issuer is asked.
const (
	fetchTimeout = 5 * time.Second  // for all its answers together
	askInterval  = 10 * time.Second // between fetches for the sake of unknown keys
	askTimeout   = 3 * time.Second  // that a bearer waits for such a fetch
	firstRetry   = time.Second      // after a fetch that failed, then twice as long
	lastRetry    = time.Minute      // and not longer
)

// issuer keeps the keys that an identity provider lists. After follow one goroutine
// fetches, one fetch at a time, and ends with close.
type issuer struct {
	source  source
	refresh time.Duration
	log     *slog.Logger
	latest  atomic.Pointer[known]
	wake    chan struct{} // holds one: somebody has a token of an unknown key
	stop    context.CancelFunc
	done    chan struct{}
}

// known is what a fetch came to. It does not change.
type known struct {
	ring  keyring       // of the last fetch that was answered
	err   error         // of the last fetch
	fails int           // fetches that have failed since one succeeded
	began time.Time     // when the last fetch did
	asked time.Time     // when the last fetch for an unknown key began
	over  chan struct{} // closed when there is a newer one
}

// mayLack reports whether the issuer could have a key for the token that was not listed
// yet. It takes a nil known, for which there is no issuer.
func (k *known) mayLack(t *gojwt.Token) bool {
	if k == nil || !slices.Contains(publicAlgorithms, t.Method.Alg()) {
		return false
	}
	id, ok := keyID(t)
	return ok && !k.ring.has(id)
}

// pause is how long after this fetch comes the next, if nobody asks.
func (k *known) pause(refresh time.Duration) time.Duration {
	if k.fails == 0 {
		return refresh
	}
	return min(firstRetry<<min(k.fails-1, 10), lastRetry)
}

// follow fetches once and goes on fetching until close.
func follow(ctx context.Context, from source, refresh time.Duration, log *slog.Logger) (*issuer, error) {
	i := &issuer{source: from, refresh: refresh, log: log, wake: make(chan struct{}, 1), done: make(chan struct{})}
	i.latest.Store(&known{over: make(chan struct{})})
	i.fetch(ctx, time.Time{})
	if err := ctx.Err(); err != nil {
		from.client.CloseIdleConnections()
		return nil, err
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	i.stop = stop
	go i.run(running)
	return i, nil
}

func (i *issuer) close() {
	i.stop()
	<-i.done
	i.source.client.CloseIdleConnections()
}

func (i *issuer) run(ctx context.Context) {
	defer close(i.done)
	next := time.NewTimer(i.latest.Load().pause(i.refresh))
	defer next.Stop()
	for {
		asked := i.latest.Load().asked
		select {
		case <-ctx.Done():
			return
		case <-next.C:
		case <-i.wake:
			if time.Since(asked) < askInterval {
				continue // it was meant for a fetch that is over
			}
			asked = time.Now()
		}
		i.fetch(ctx, asked)
		next.Reset(i.latest.Load().pause(i.refresh))
	}
}

// newer returns what is known when the key of a token is, else what a fetch told that began
// after this call did, and which all who ask share: one that goes on already may have been
// answered before there was the key. It returns what is known as well when the last fetch
// for an unknown key began less than askInterval ago, and errIssuerAway after askTimeout.
func (i *issuer) newer(ctx context.Context, t *gojwt.Token) (*known, error) {
	seen, asked, timeout := i.latest.Load(), time.Now(), time.NewTimer(askTimeout)
	defer timeout.Stop()
	for {
		now := i.latest.Load()
		fresh := now != seen && !now.began.Before(asked)
		if fresh || !now.mayLack(t) || time.Since(now.asked) < askInterval {
			return now, nil
		}
		select {
		case i.wake <- struct{}{}:
		default: // it is awake
		}
		select {
		case <-now.over:
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-timeout.C:
			return nil, errIssuerAway
		case <-i.done:
			return nil, errIssuerAway
		}
	}
}

// fetch replaces what is known. The keys of before stay if the issuer does not answer.
func (i *issuer) fetch(ctx context.Context, asked time.Time) {
	limited, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	before := i.latest.Load()
	after := &known{began: time.Now(), asked: asked, over: make(chan struct{})}
	after.ring, after.err = i.source.keys(limited)
	if after.ring == nil {
		after.ring = before.ring
	}
	if after.err != nil {
		after.fails = before.fails + 1
	}
	i.latest.Store(after)
	close(before.over)
	if ctx.Err() == nil {
		i.report(ctx, before, after)
	}
}

// report logs the first of several failures, and their end.
func (i *issuer) report(ctx context.Context, before, after *known) {
	switch {
	case before.err == nil && after.err != nil:
		i.log.WarnContext(ctx, "the token issuer's keys cannot be had; tokens of known keys are taken, and it is asked again",
			"issuer", i.source.name(), "known", len(after.ring), "error", after.err)
	case before.err != nil && after.err == nil:
		i.log.InfoContext(ctx, "the token issuer's keys can be had again",
			"issuer", i.source.name(), "known", len(after.ring), "failures", before.fails)
	}
}
