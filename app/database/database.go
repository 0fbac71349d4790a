// Package database is how the house lives with a database that may be away.
package database

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"rostrum/app/privacy"
	"rostrum/domain"
	"rostrum/ports"
)

// Settings are the operator's choices for what is kept of the past.
type Settings struct {
	Node      string            // this server, among those that share the database
	Addresses privacy.Addresses // how much of clients' addresses is kept
	Retention time.Duration     // that sessions are kept after their end; 0: for ever
}

// Needs are the ports that a Database works with. It closes none of them.
type Needs struct {
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
	needs    Needs
	settings Settings

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

// New returns a Database. Start has it work, Close ends it.
func New(needs Needs, settings Settings) *Database {
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

// Status is how the database stands.
type Status struct {
	Since   time.Time // since when it is away; zero: it is there
	Waiting int       // for being written
	Dropped int       // for want of room, since the start
}

// Status tells how the database stands.
func (d *Database) Status() Status {
	since, _ := d.outage.now()
	return Status{Since: since, Waiting: d.waiting(), Dropped: d.dropped()}
}

// Sessions is where sessions are kept, to be read.
func (d *Database) Sessions() ports.Sessions { return d.needs.Sessions }

// Audit is the audit trail, to be read.
func (d *Database) Audit() ports.Audit { return d.needs.Audit }
