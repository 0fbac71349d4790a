package database

import (
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"rostrum/ports"
)

// lateness is how long after an outage calls may fail that began in it.
const lateness = 10 * time.Second

// outage is whether the database is away. Whoever meets a failure begins it; the
// Database's goroutine finds out whether it is one, has the log tell of it, and ends it.
type outage struct {
	log *slog.Logger

	mu    sync.Mutex // guards since and why
	since time.Time  // zero: the database is there
	why   error

	told  bool      // the log has told of it; the goroutine's alone, as is ended
	ended time.Time // when the last one was over, or was last told to have been none
}

// begin takes note of a failure, and reports whether it is the first.
func (o *outage) begin(why error) (first bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if first = o.since.IsZero(); first {
		o.since = time.Now()
	}
	o.why = why
	return first
}

// now returns since when the database is away and why, zero values if it is not.
func (o *outage) now() (since time.Time, why error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.since, o.why
}

// confirm has the log tell that the database is away, once.
func (o *outage) confirm() {
	if _, why := o.now(); !o.told {
		o.told = true
		o.log.Error("the database is away: media and sessions in known rooms go on, and what has to be kept waits", "error", why)
	}
}

// end takes note that the database, which was away, is back. A failure that it was over
// with before it could be confirmed is told of as well, but for one that comes late of an
// outage that was.
func (o *outage) end(written, dropped int) {
	o.mu.Lock()
	since, why := o.since, o.why
	o.since, o.why = time.Time{}, nil
	o.mu.Unlock()
	switch {
	case o.told:
		o.told, o.ended = false, time.Now()
		o.log.Info("the database is back, and what waited for it is written",
			"away", time.Since(since).Round(time.Millisecond), "written", written, "dropped", dropped)
	case time.Since(o.ended) > lateness:
		o.ended = time.Now() // of one table that hangs the log tells no oftener
		o.log.Warn("the database failed, and answers again", "error", why)
	}
}

// ErrLate ends a call that the house cannot wait for any longer.
var ErrLate = fmt.Errorf("it has not answered in time: %w", ports.ErrAway)

// Lost reports whether an error of a store says that the database is away, of which the
// log then tells once. The caller need not tell of it again.
func (d *Database) Lost(err error) bool {
	if !errors.Is(err, ports.ErrAway) {
		return false
	}
	if d.outage.begin(err) {
		d.wake()
	}
	return true
}

// Away returns since when the database is away, zero if it is not.
func (d *Database) Away() time.Time {
	since, _ := d.outage.now()
	return since
}
