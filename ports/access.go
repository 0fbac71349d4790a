package ports

import (
	"context"
	"time"

	"rostrum/domain"
)

// Authenticator turns a bearer token into what it grants.
type Authenticator interface {
	// Authenticate returns the token's grant, or domain.ErrTokenInvalid, or
	// domain.ErrUnavailable when that cannot be told just now. For the empty token it
	// returns what anybody is granted, or domain.ErrTokenMissing. It may wait for some
	// seconds, and returns the error of ctx when that ends before.
	// How long it takes says nothing about a token that is nearly right.
	Authenticate(ctx context.Context, token string) (domain.Grant, error)
}

// Limiter counts what each key takes against an allowance for each interval.
type Limiter interface {
	// Take takes one from the key's allowance, if there is one left.
	Take(ctx context.Context, key string) (Allowance, error)
}

// Allowance is the state of a key after a Take.
type Allowance struct {
	OK        bool      // one was left and has been taken
	Limit     uint64    // for each interval
	Remaining uint64    // left in this interval
	Reset     time.Time // when the interval is over
}
