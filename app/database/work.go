package database

import (
	"context"
	"errors"
	"time"

	"rostrum/ports"
)

// How often the database is looked after: while all is well, and while it is away.
const (
	pingPause  = 5 * time.Second
	awayPause  = time.Second
	forgetWait = time.Hour
)

// run is the Database's goroutine.
func (d *Database) run() {
	tick := time.NewTicker(pingPause)
	defer tick.Stop()
	forgotten := time.Now()
	for {
		select {
		case <-d.ctx.Done():
			return
		case <-d.news:
			d.lookAfter(false)
		case <-tick.C:
			d.lookAfter(true)
		}
		tick.Reset(d.pause())
		if d.settings.Retention > 0 && time.Since(forgotten) >= forgetWait {
			forgotten = time.Now()
			d.forget()
		}
	}
}

func (d *Database) pause() time.Duration {
	if d.Away().IsZero() {
		return pingPause
	}
	return awayPause
}

// lookAfter writes what waits, and finds out whether the database is away: it is back
// when it answers, also if it refuses something that it is given. It ends no outage that
// begins meanwhile, since the answers may be from before that; Lost has run look again.
func (d *Database) lookAfter(ping bool) {
	since := d.Away()
	if ping || !since.IsZero() {
		err := d.needs.Database.Ping(d.ctx)
		if d.ctx.Err() != nil {
			return
		}
		if d.Lost(err) {
			d.outage.confirm()
			return
		}
	}
	ctx, cancel := d.toWrite()
	defer cancel()
	written, err := d.write(ctx)
	switch {
	case ctx.Err() != nil:
	case d.Lost(err):
		if !since.IsZero() { // else it is asked next whether it is away
			d.outage.confirm()
		}
	default:
		d.tellRefused(err)
		if !since.IsZero() {
			d.outage.end(written, d.dropped())
		}
	}
}

// tellRefused has the log tell when the store begins to refuse something, and when it has
// taken that.
func (d *Database) tellRefused(err error) {
	switch refused := err != nil; {
	case refused && !d.refusing:
		d.needs.Log.Error("something that has to be kept is refused by the database, and waits", "waiting", d.waiting(), "error", err)
	case !refused && d.refusing:
		d.needs.Log.Info("what was refused by the database is kept now")
	}
	d.refusing = err != nil
}

// write writes all that waits, and returns how many these were.
func (d *Database) write(ctx context.Context) (written int, err error) {
	for _, next := range []func(context.Context) (int, error){d.sessions.write, d.acts.write, d.refusals.write} {
		n, refused := next(ctx)
		written, err = written+n, errors.Join(err, refused)
		if errors.Is(refused, ports.ErrAway) {
			return written, err
		}
	}
	return written, err
}

func (d *Database) waiting() int { return d.sessions.len() + d.acts.len() + d.refusals.len() }

func (d *Database) dropped() int { return d.sessions.lost() + d.acts.lost() + d.refusals.lost() }

func (d *Database) wake() {
	select {
	case d.news <- struct{}{}:
	default: // it will look
	}
}

// forgetPage is how many sessions are forgotten in one transaction.
const forgetPage = 1000

// forget removes sessions whose time is over.
func (d *Database) forget() {
	before := time.Now().UTC().Add(-d.settings.Retention)
	for d.ctx.Err() == nil {
		n, err := d.needs.Sessions.Forget(d.ctx, before, forgetPage)
		if err != nil && !d.Lost(err) && d.ctx.Err() == nil {
			d.needs.Log.Error("sessions whose time is over cannot be forgotten yet", "error", err)
		}
		if err != nil || n < forgetPage {
			return
		}
	}
}

// toWrite returns a context for a write. Close waits for one that is on its way: broken
// off, it would have to be repeated, and the store may have taken it.
func (d *Database) toWrite() (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(d.ctx))
	release := context.AfterFunc(d.ctx, func() { time.AfterFunc(closePatience, cancel) })
	return ctx, func() {
		release()
		cancel()
	}
}
