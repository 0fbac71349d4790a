package app

import (
	"context"
	"time"

	"rostrum/domain"
)

// expire ends the sessions whose tokens expire, until ctx ends. Their peers are told by
// the connection's close.
func (a *App) expire(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-a.directory.sooner:
		case <-timer.C:
		}
		expired, next := a.directory.expired(time.Now())
		for _, id := range expired {
			a.Ended(id, domain.EndedByExpiry)
		}
		if timer.Stop(); !next.IsZero() {
			timer.Reset(time.Until(next))
		}
	}
}

// mayBegin refuses with domain.ErrTokenInvalid a session that would have to end at once.
func (a *App) mayBegin(g domain.Grant) error {
	if ends := a.endOf(g.Expires); !ends.IsZero() && !time.Now().Before(ends) {
		return domain.ErrTokenInvalid.Because("The token expires in a moment. Ask for a new one.")
	}
	return nil
}

// endOf returns when a session ends whose token expires at that time.
func (a *App) endOf(expires time.Time) time.Time {
	if expires.IsZero() {
		return expires
	}
	return expires.Add(-a.settings.ExpiryLead)
}

// limit has a session end with its token, which may have been given an end since its
// bearer was let in.
func (a *App) limit(id domain.SessionID, room domain.RoomName, g domain.Grant) {
	expires := g.Expires
	if kept, _ := a.known.peek(room); kept != nil && g.Token != "" {
		for _, t := range kept.Tokens {
			if t.ID == g.Token {
				expires = t.Expires
			}
		}
	}
	if ends := a.endOf(expires); !ends.IsZero() {
		a.directory.change(id, func(p *placement) { p.endBy(ends) })
		a.directory.wake()
	}
}

// expire has sessions end at a time, unless they end earlier.
func (d *directory) expire(at time.Time, which func(domain.SessionID, placement) bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for id, p := range d.places {
		if which(id, p) {
			p.endBy(at)
			d.places[id] = p
		}
	}
	d.wake()
}

// wake has it looked who expires next.
func (d *directory) wake() {
	select {
	case d.sooner <- struct{}{}:
	default: // it will be
	}
}

// endBy has the session end at a time, unless it ends earlier.
func (p *placement) endBy(at time.Time) {
	if p.Expires.IsZero() || at.Before(p.Expires) {
		p.Expires = at
	}
}

// expired returns the sessions whose time is over, and when that is so of the next, the
// zero time if of none.
func (d *directory) expired(now time.Time) (over []domain.SessionID, next time.Time) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	for id, p := range d.places {
		switch {
		case p.Expires.IsZero():
		case !now.Before(p.Expires):
			over = append(over, id)
		case next.IsZero() || p.Expires.Before(next):
			next = p.Expires
		}
	}
	return over, next
}
