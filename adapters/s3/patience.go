package s3

import (
	"context"
	"math"
	"net"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
)

// longestPause is the longest between two attempts, of which the first is 100 ms.
const longestPause = 5 * time.Second

// patient is the SDK's standard retryer for one request, which counts seconds rather
// than attempts: it begins to count when the request fails first.
type patient struct {
	*retry.Standard
	patience time.Duration
	failed   time.Time // zero: not yet
}

func newPatient(patience time.Duration) *patient {
	standard := retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = math.MaxInt
		o.Backoff = retry.BackoffDelayerFunc(func(attempt int, _ error) (time.Duration, error) {
			return min(100*time.Millisecond<<min(max(attempt-1, 0), 6), longestPause), nil
		})
		o.RateLimiter = ratelimit.None // patience is the limit
		o.Retryables = append(o.Retryables,
			retry.RetryableHTTPStatusCode{Codes: map[int]struct{}{http.StatusTooManyRequests: {}}},
			retry.RetryableErrorCode{Codes: map[string]struct{}{"IncompleteBody": {}, "OperationAborted": {}}})
	})
	return &patient{Standard: standard, patience: patience}
}

// IsErrorRetryable reports whether err may pass and there is patience left.
func (p *patient) IsErrorRetryable(err error) bool {
	if !p.Standard.IsErrorRetryable(err) {
		return false
	}
	if p.failed.IsZero() {
		p.failed = time.Now()
	}
	return time.Since(p.failed) < p.patience
}

var _ aws.RetryerV2 = (*patient)(nil)

// watched is a connection that ends when nothing has moved on it in either direction
// for so long: however slow a store is, it is not given up while it gets on.
type watched struct {
	net.Conn
	silence time.Duration
}

func (c *watched) Read(p []byte) (int, error) {
	if err := c.putOff(); err != nil {
		return 0, err
	}
	return c.Conn.Read(p)
}

// Write also puts off the end of the Read that waits for the answer meanwhile.
func (c *watched) Write(p []byte) (int, error) {
	if err := c.putOff(); err != nil {
		return 0, err
	}
	n, err := c.Conn.Write(p)
	if err == nil {
		err = c.putOff()
	}
	return n, err
}

func (c *watched) putOff() error { return c.SetDeadline(time.Now().Add(c.silence)) }

type dial func(ctx context.Context, network, address string) (net.Conn, error)

func watch(next dial, silence time.Duration) dial {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := next(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &watched{Conn: conn, silence: silence}, nil
	}
}
