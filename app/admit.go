package app

import (
	"context"

	"rostrum/domain"
	"rostrum/ports"
)

// Admit counts a request for an action against the allowance of the address that
// it comes from. It refuses with domain.ErrRateLimited when there is none left;
// the allowance is returned either way, its Limit 0 where nothing is limited.
func (a *App) Admit(ctx context.Context, action domain.Action, address string) (ports.Allowance, error) {
	limiter := a.limits[action]
	if limiter == nil {
		return ports.Allowance{OK: true}, nil
	}
	allowance, err := limiter.Take(ctx, address)
	if err != nil {
		return allowance, err
	}
	if !allowance.OK {
		return allowance, domain.ErrRateLimited
	}
	return allowance, nil
}
