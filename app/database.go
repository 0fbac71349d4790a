package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// How often the database is looked after: while all is well, and while it is away.
const (
	pingPause  = 5 * time.Second
	awayPause  = time.Second
	forgetWait = time.Hour
)

// DatabaseSettings are the operator's choices for what is kept of the past.
type DatabaseSettings struct {
	Node      string        // this server, among those that share the database
	Addresses Addresses     // how much of clients' addresses is kept
	Retention time.Duration // that sessions are kept after their end; 0: for ever
}

// DatabaseNeeds are the ports that a Database works with. It closes none of them.
type DatabaseNeeds struct {
	Database ports.Database
	Sessions ports.Sessions
	Audit    ports.Audit
	Log      *slog.Logger
}

// Database is the house's way to what it keeps when the database may be away: it knows
// whether it is, tells so once, and writes what nobody waits for, sessions and the audit
// of what has been done, behind everybody's back. What waits is bounded; what does not
// fit is dropped and counted.
//
// Its methods may be called from any goroutine.
type Database struct {
	needs    DatabaseNeeds
	settings DatabaseSettings

	sessions *backlog[domain.SessionRecord]
	acts     *backlog[ports.AuditEntry]
	refusals *backlog[ports.AuditEntry] // apart: strangers displace only each other
	news     chan struct{}              // of one: there is something to write, or the database is away
	outage   outage
	refusing bool // the log has told that something cannot be written; run's alone

	ctx     context.Context // ends when Close begins
	stop    context.CancelFunc
	running sync.WaitGroup
}

// NewDatabase returns a Database. Start has it work, Close ends it.
func NewDatabase(needs DatabaseNeeds, settings DatabaseSettings) *Database {
	record := func(ctx context.Context, all []ports.AuditEntry) error { return needs.Audit.Record(ctx, all...) }
	d := &Database{
		needs: needs, settings: settings, news: make(chan struct{}, 1), outage: outage{log: needs.Log},
		sessions: newBacklog(needs.Sessions.Keep), acts: newBacklog(record), refusals: newBacklog(record),
	}
	d.ctx, d.stop = context.WithCancel(context.Background())
	return d
}

// Start ends what an earlier process of this node has left open, and begins to work.
func (d *Database) Start(ctx context.Context) error {
	n, err := d.needs.Sessions.Abandon(ctx, d.settings.Node, time.Now().UTC())
	if err != nil {
		return err
	}
	if n > 0 {
		d.needs.Log.Warn("sessions of an earlier start were cut off", "sessions", n)
	}
	d.running.Go(d.run)
	return nil
}

// closePatience is how long Close waits for what has to be written, and closePause how
// long a database that is away is left alone meanwhile.
const (
	closePatience = 5 * time.Second
	closePause    = 200 * time.Millisecond
)

// Close writes what waits, as far as that takes no longer than some seconds, and ends
// the work. Nothing may be kept any more.
func (d *Database) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), closePatience)
	defer cancel()
	d.stop()
	d.running.Wait()
	_, err := d.write(ctx)
	for errors.Is(err, ports.ErrAway) && ctx.Err() == nil {
		select {
		case <-time.After(closePause):
			_, err = d.write(ctx)
		case <-ctx.Done():
		}
	}
	if waiting := d.waiting(); waiting > 0 {
		d.needs.Log.Error("what happened last could not be kept and is lost", "sessions_and_acts", waiting, "error", err)
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

// DatabaseStatus is how the database stands.
type DatabaseStatus struct {
	Since   time.Time // since when it is away; zero: it is there
	Waiting int       // for being written
	Dropped int       // for want of room, since the start
}

// Status tells how the database stands.
func (d *Database) Status() DatabaseStatus {
	since, _ := d.outage.now()
	return DatabaseStatus{Since: since, Waiting: d.waiting(), Dropped: d.dropped()}
}

// keep has a session's record written, and returns it as it is kept.
func (d *Database) keep(r domain.SessionRecord) domain.SessionRecord {
	r = d.kept(r)
	d.sessions.add(r)
	d.wake()
	return r
}

// kept returns a session's record as it is kept: with as much of addresses as the operator
// wants, and with texts that can be shown anywhere.
func (d *Database) kept(r domain.SessionRecord) domain.SessionRecord {
	r.Node, r.Subject, r.UserAgent = d.settings.Node, domain.Subject(clean(string(r.Subject))), clean(r.UserAgent)
	r.Address, r.Report.Pair = d.settings.Addresses.of(r.Address), d.settings.Addresses.ofPair(r.Report.Pair)
	r.Report.Refusal = clean(r.Report.Refusal)
	return r
}

// unwritten returns what waits to be written of a session, the last of it.
func (d *Database) unwritten(id domain.SessionID) (domain.SessionRecord, bool) {
	return d.sessions.last(func(r domain.SessionRecord) bool { return r.ID == id })
}

// note has an act written into the audit trail.
func (d *Database) note(e ports.AuditEntry) {
	d.acts.add(e)
	d.wake()
}

// noteRefusal has it written into the audit trail that somebody was not let in.
func (d *Database) noteRefusal(e ports.AuditEntry) {
	d.refusals.add(e)
	d.wake()
}

// errLate ends a call that the house cannot wait for any longer.
var errLate = fmt.Errorf("it has not answered in time: %w", ports.ErrAway)

// lost reports whether an error of a store says that the database is away, of which the
// log then tells once. The caller need not tell of it again.
func (d *Database) lost(err error) bool {
	if !errors.Is(err, ports.ErrAway) {
		return false
	}
	if d.outage.begin(err) {
		d.wake()
	}
	return true
}

// away returns since when the database is away, zero if it is not.
func (d *Database) away() time.Time {
	since, _ := d.outage.now()
	return since
}

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
	if d.away().IsZero() {
		return pingPause
	}
	return awayPause
}

// lookAfter writes what waits, and finds out whether the database is away: it is back
// when it answers, also if it refuses something that it is given.
func (d *Database) lookAfter(ping bool) {
	since := d.away()
	if ping || !since.IsZero() {
		err := d.needs.Database.Ping(d.ctx)
		if d.ctx.Err() != nil {
			return
		}
		if d.lost(err) {
			d.outage.confirm()
			return
		}
	}
	ctx, cancel := d.toWrite()
	defer cancel()
	written, err := d.write(ctx)
	switch {
	case ctx.Err() != nil:
	case d.lost(err):
		if !since.IsZero() { // else it is asked next whether it is away
			d.outage.confirm()
		}
	default:
		d.tellRefused(err)
		d.outage.end(written, d.dropped())
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
		if err != nil && !d.lost(err) && d.ctx.Err() == nil {
			d.needs.Log.Error("sessions whose time is over cannot be forgotten yet", "error", err)
		}
		if err != nil || n < forgetPage {
			return
		}
	}
}
