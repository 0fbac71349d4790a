package jwt_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"rostrum/adapters/jwt"
	"rostrum/domain"
)

// clockwork is an issuer without a network, so that its hours pass in an instant.
type clockwork struct {
	mu      sync.Mutex
	now     mood
	fetches []time.Time
	ended   atomic.Bool // something has been given up
}

// mood is how it answers.
type mood struct {
	keys    string
	away    bool
	slow    time.Duration
	lingers time.Duration // after it has been given up
}

func (c *clockwork) RoundTrip(r *http.Request) (*http.Response, error) {
	c.mu.Lock()
	c.fetches = append(c.fetches, time.Now())
	now := c.now
	c.mu.Unlock()
	select {
	case <-time.After(now.slow):
	case <-r.Context().Done():
		time.Sleep(now.lingers)
		c.ended.Store(true)
		return nil, r.Context().Err()
	}
	if now.away {
		return nil, errors.New("connection refused")
	}
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(now.keys)), Request: r}, nil
}

func (c *clockwork) is(now mood) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = now
}

// fetched returns when it was asked, and fails unless that was so many times.
func (c *clockwork) fetched(t *testing.T, times int) []time.Time {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.fetches) != times {
		t.Errorf("%d fetches, want %d", len(c.fetches), times)
	}
	return slices.Clone(c.fetches)
}

// lists is an issuer with one key.
func lists(t *testing.T, p pair, id string) mood { return mood{keys: keySet(t, jwk(t, p, id, nil))} }

// clocked runs a test on a clock of its own with an issuer that lists one key, "r".
func clocked(t *testing.T, begin func(*mood), run func(t *testing.T, c *clockwork, auth *jwt.Authenticator, log *book)) {
	t.Helper()
	keys() // outside of the bubble
	synctest.Test(t, func(t *testing.T) {
		c := &clockwork{now: lists(t, keys().rsa, "r")}
		if begin != nil {
			begin(&c.now)
		}
		log := &book{}
		auth, err := jwt.Open(t.Context(), jwt.Config{Issuer: trusted, JWKSURL: "https://issuer.example/jwks", Transport: c, Log: slog.New(slog.NewTextHandler(log, nil))})
		if err != nil {
			t.Fatal(err)
		}
		defer auth.Close()
		run(t, c, auth, log)
	})
}

func TestKeysAreFetchedEveryHour(t *testing.T) {
	clocked(t, nil, func(t *testing.T, c *clockwork, auth *jwt.Authenticator, log *book) {
		token := keys().rsa.signAs(t, "r", with(good(), "exp", time.Now().Add(24*time.Hour).Unix()))
		time.Sleep(3*time.Hour + time.Minute)
		synctest.Wait()
		c.fetched(t, 4)
		accepts(t, auth, token)
		c.is(lists(t, keys().otherRSA, "new"))
		time.Sleep(time.Hour)
		synctest.Wait()
		refuses(t, auth, token, domain.ErrTokenInvalid, "not signed by a key")
		if log.String() != "" {
			t.Errorf("the log is not empty: %s", log)
		}
	})
}

func TestUnknownKeysAreAskedForOnceIn10Seconds(t *testing.T) {
	clocked(t, nil, func(t *testing.T, c *clockwork, auth *jwt.Authenticator, _ *book) {
		for range 60 {
			refuses(t, auth, keys().otherRSA.signAs(t, "new", good()), domain.ErrTokenInvalid, "not signed by a key")
			time.Sleep(time.Second)
		}
		c.fetched(t, 1+6)
		c.is(lists(t, keys().otherRSA, "new"))
		accepts(t, auth, keys().otherRSA.signAs(t, "new", good()))
	})
}

// All who ask share one fetch.
func TestConcurrentAskersShareAFetch(t *testing.T) {
	clocked(t, nil, func(t *testing.T, c *clockwork, auth *jwt.Authenticator, _ *book) {
		slow := lists(t, keys().otherRSA, "new")
		slow.slow = 2 * time.Second
		c.is(slow)
		token := keys().otherRSA.signAs(t, "new", good())
		answers := make(chan error, 100)
		for range cap(answers) {
			go func() {
				_, err := auth.Authenticate(t.Context(), token)
				answers <- err
			}()
		}
		for range cap(answers) {
			if err := <-answers; err != nil {
				t.Error(err)
			}
		}
		c.fetched(t, 2)
	})
}

// A key that is listed while a fetch goes on, whose answer does not have it yet, is found
// by the next one.
func TestKeyIsListedDuringAFetch(t *testing.T) {
	clocked(t, nil, func(t *testing.T, c *clockwork, auth *jwt.Authenticator, _ *book) {
		slow := lists(t, keys().rsa, "r")
		slow.slow = 2 * time.Second
		c.is(slow)
		time.Sleep(time.Hour + time.Second) // in the middle of the second fetch
		next := lists(t, keys().otherRSA, "new")
		next.slow = time.Second
		c.is(next)
		accepts(t, auth, keys().otherRSA.signAs(t, "new", with(good(), "exp", time.Now().Add(time.Minute).Unix())))
		c.fetched(t, 3)
	})
}

// A key that comes with the fetch that goes on is taken at once: the next one may hang.
func TestKeyComesWithTheFetchThatGoesOn(t *testing.T) {
	clocked(t, nil, func(t *testing.T, c *clockwork, auth *jwt.Authenticator, _ *book) {
		slow := lists(t, keys().otherRSA, "new")
		slow.slow = 2 * time.Second
		c.is(slow)
		time.Sleep(time.Hour + time.Second) // in the middle of the second fetch
		c.is(mood{slow: time.Hour})
		accepts(t, auth, keys().otherRSA.signAs(t, "new", with(good(), "exp", time.Now().Add(time.Minute).Unix())))
	})
}

// A slow issuer is waited for 3 s and no longer, and what it says then is not lost.
func TestSlowIssuer(t *testing.T) {
	clocked(t, nil, func(t *testing.T, c *clockwork, auth *jwt.Authenticator, _ *book) {
		slow := lists(t, keys().otherRSA, "new")
		slow.slow = 4 * time.Second
		c.is(slow)
		token, began := keys().otherRSA.signAs(t, "new", good()), time.Now()
		refuses(t, auth, token, domain.ErrUnavailable, "Try again")
		if took := time.Since(began); took != 3*time.Second {
			t.Errorf("it was waited for %v, want 3 s", took)
		}
		accepts(t, auth, keys().rsa.signAs(t, "r", good()))
		accepts(t, auth, token)
		c.fetched(t, 2)
	})
}

func TestBearerThatGoesAway(t *testing.T) {
	clocked(t, nil, func(t *testing.T, c *clockwork, auth *jwt.Authenticator, _ *book) {
		c.is(mood{slow: time.Second})
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if _, err := auth.Authenticate(ctx, keys().otherRSA.signAs(t, "new", good())); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v, want that of the context", err)
		}
	})
}

// An issuer that is away at the start is asked again after 1, 2, 4 s and so on up to a
// minute, and the log has a line for the beginning and one for the end.
func TestIssuerAwayAtTheStart(t *testing.T) {
	clocked(t, func(m *mood) { m.away = true }, func(t *testing.T, c *clockwork, auth *jwt.Authenticator, log *book) {
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		log.says(t, "connection refused")
		at := c.fetched(t, 15)
		for i, want := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60, 60} {
			if pause := at[i+1].Sub(at[i]); pause != want*time.Second {
				t.Errorf("pause %d is %v, want %v", i, pause, want*time.Second)
			}
		}
		refuses(t, auth, keys().rsa.signAs(t, "r", good()), domain.ErrUnavailable, "Try again")
		c.is(lists(t, keys().rsa, "r"))
		time.Sleep(time.Minute)
		synctest.Wait()
		accepts(t, auth, keys().rsa.signAs(t, "r", good()))
		if lines := strings.Split(strings.TrimSpace(log.String()), "\n"); len(lines) != 2 || !strings.Contains(lines[1], "can be had again") {
			t.Errorf("log %q, want a second line for the end", lines)
		}
	})
}

// While the issuer is away its known keys are good, for a day as for a minute.
func TestIssuerAwayForADay(t *testing.T) {
	clocked(t, nil, func(t *testing.T, c *clockwork, auth *jwt.Authenticator, log *book) {
		c.is(mood{away: true})
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		accepts(t, auth, keys().rsa.signAs(t, "r", good()))
		log.says(t, "connection refused")
	})
}

// A start waits for a silent issuer no longer than 5 s.
func TestSilentIssuerAtTheStart(t *testing.T) {
	var began time.Time
	clocked(t, func(m *mood) { m.slow, began = time.Hour, time.Now() }, func(t *testing.T, _ *clockwork, _ *jwt.Authenticator, log *book) {
		if took := time.Since(began); took != 5*time.Second {
			t.Errorf("the start took %v, want 5 s", took)
		}
		log.says(t, "deadline exceeded")
	})
}

// Close waits for a fetch that it breaks off. Nobody waits for keys afterwards.
func TestClose(t *testing.T) {
	clocked(t, nil, func(t *testing.T, c *clockwork, auth *jwt.Authenticator, log *book) {
		c.is(mood{slow: time.Hour, lingers: time.Minute})
		time.Sleep(time.Hour + time.Second) // in the middle of the second fetch
		auth.Close()
		if !c.ended.Load() {
			t.Error("a fetch outlives Close")
		}
		accepts(t, auth, keys().rsa.signAs(t, "r", good()))
		began := time.Now()
		refuses(t, auth, keys().otherRSA.signAs(t, "new", good()), domain.ErrUnavailable, "Try again")
		if took := time.Since(began); took != 0 {
			t.Errorf("a bearer waited for %v", took)
		}
		if log.String() != "" {
			t.Errorf("the end was logged as an issuer that is away: %s", log)
		}
	})
}
