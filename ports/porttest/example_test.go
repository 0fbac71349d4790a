package porttest_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"go.uber.org/goleak"

	"rostrum/domain"
	"rostrum/ports"
	"rostrum/ports/porttest"
	"rostrum/ports/porttest/pgserver"
)

// The adapter of docs/adapters.md, whole: what that page shows is cut from here.

func TestMain(m *testing.M) { goleak.VerifyTestMain(pgserver.Tests{M: m}) }

var _ ports.Limiter = (*Limiter)(nil)

// Limiter is ports.Limiter in a table of PostgreSQL: servers that share the database
// share each key's allowance. A row is kept for each key that ever took one.
type Limiter struct {
	pool     *pgxpool.Pool
	name     string
	tokens   uint64
	interval time.Duration
}

const createAllowances = `CREATE TABLE IF NOT EXISTS allowances
  (name text, key bytea, taken bigint NOT NULL, reset timestamptz NOT NULL, PRIMARY KEY (name, key))`

// New makes the table where it is missing. Limiters of one name share their allowances.
// The caller keeps the pool, and closes it.
func New(ctx context.Context, pool *pgxpool.Pool, name string, tokens uint64, interval time.Duration) (*Limiter, error) {
	if _, err := pool.Exec(ctx, createAllowances); err != nil {
		return nil, fmt.Errorf("make the table of allowances: %w", err)
	}
	return &Limiter{pool: pool, name: name, tokens: tokens, interval: interval}, nil
}

// take counts one more, or begins another interval. It is one statement, so that no two
// servers take the same one, and goes by the database's clock, which is the same for all.
const take = `INSERT INTO allowances AS a (name, key, taken, reset) VALUES ($1, $2, 1, clock_timestamp() + $3)
  ON CONFLICT (name, key) DO UPDATE SET
    taken = CASE WHEN a.reset <= clock_timestamp() THEN 1 ELSE least(a.taken, $4) + 1 END,
    reset = CASE WHEN a.reset <= clock_timestamp() THEN excluded.reset ELSE a.reset END
  RETURNING taken, reset - clock_timestamp()`

// Take is ports.Limiter.Take. It waits for the database until ctx ends, and fails with
// domain.ErrUnavailable while that is away.
func (l *Limiter) Take(ctx context.Context, key string) (ports.Allowance, error) {
	var taken uint64
	var rest time.Duration
	if err := l.pool.QueryRow(ctx, take, l.name, []byte(key), l.interval, l.tokens).Scan(&taken, &rest); err != nil {
		return ports.Allowance{}, fmt.Errorf("%w: take from an allowance: %w", domain.ErrUnavailable, err)
	}
	return ports.Allowance{
		OK:        taken <= l.tokens,
		Limit:     l.tokens,
		Remaining: l.tokens - min(taken, l.tokens),
		Reset:     time.Now().Add(rest),
	}, nil
}

func TestLimiter(t *testing.T) {
	porttest.Limiter(t, func(t *testing.T, tokens uint64, interval time.Duration) ports.Limiter {
		pool, err := pgxpool.New(t.Context(), pgserver.Shared(t).Database(t, ""))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(pool.Close)
		limiter, err := New(t.Context(), pool, "play", tokens, interval)
		if err != nil {
			t.Fatal(err)
		}
		return limiter
	})
}
