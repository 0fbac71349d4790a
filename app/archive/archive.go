// Package archive is what becomes of recordings, from the first packet to the last webhook:
// begun (takes.go), finalized, uploaded, announced, shown, deleted. One file a step; which
// is due when is in schedule.go. How it works with rooms is tested in app.
package archive

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"rostrum/app/database"
	"rostrum/domain"
	"rostrum/ports"
)

// How many recordings are worked on at once. Finalizing reads what is on the disk
// already; uploading waits for the network, and must not hold it up.
const (
	finalizers = 1
	uploaders  = 2
)

// Settings are the operator's choices for recordings.
type Settings struct {
	Node      string // this server, among those that share the database
	Key       domain.KeyTemplate
	KeepLocal bool        // the spool keeps what is stored
	Retention []Retention // the first that fits a room holds for it; none: for ever
	Webhooks  []string    // who is told, by URL

	// Uploads is how long Close lets uploads go on that are due, once what has just been
	// recorded is whole. 0: they are parked at once.
	Uploads time.Duration
}

// Needs are the ports that an Archive works with. It closes none of them.
type Needs struct {
	Spool      ports.Spool
	Objects    ports.Objects
	Recordings ports.Recordings
	Outbox     ports.Outbox
	Webhook    ports.Webhook // may be nil where there are no Webhooks
	Audit      ports.Audit
	Database   *database.Database
	Log        *slog.Logger
}

// Archive is what becomes of recordings: they are written to the spool, finalized,
// uploaded, announced, and deleted when their time is over. Every step is kept before
// it is taken and can be repeated, so that a process that is killed loses none.
//
// Its methods may be called from any goroutine.
type Archive struct {
	spool      ports.Spool
	objects    ports.Objects
	recordings ports.Recordings
	outbox     ports.Outbox
	webhook    ports.Webhook
	audit      ports.Audit
	database   *database.Database
	log        *slog.Logger
	settings   Settings

	takes    *takes
	finalize *schedule // what is written and has to be made whole
	upload   *schedule // what is whole and has to be stored
	progress *progress
	news     chan struct{} // of one: there may be something to deliver

	looking    *crew          // for what there is to do
	telling    *crew          // of what has been done
	finalizing sync.WaitGroup // until nothing is left to do
	uploading  sync.WaitGroup
}

// crew is goroutines that end together.
type crew struct {
	ctx     context.Context
	stop    context.CancelFunc
	running sync.WaitGroup
}

func newCrew() *crew {
	c := &crew{}
	c.ctx, c.stop = context.WithCancel(context.Background())
	return c
}

// goes has work begin, which must end with its context.
func (c *crew) goes(work func(context.Context)) { c.running.Go(func() { work(c.ctx) }) }

// dismiss ends the work, and returns when it has ended.
func (c *crew) dismiss() {
	c.stop()
	c.running.Wait()
}

// New returns an archive that takes recordings; Start has it work on them.
func New(needs Needs, settings Settings) *Archive {
	return &Archive{
		spool: needs.Spool, objects: needs.Objects, recordings: needs.Recordings, outbox: needs.Outbox,
		webhook: needs.Webhook, audit: needs.Audit, database: needs.Database, log: needs.Log, settings: settings,
		takes: newTakes(), finalize: newSchedule(), upload: newSchedule(),
		progress: newProgress(), news: make(chan struct{}, 1), looking: newCrew(), telling: newCrew(),
	}
}

// Start finds what an earlier process has left, and begins to work. It does not wait
// for either; Close ends both.
func (a *Archive) Start() {
	a.looking.goes(a.recover)
	a.looking.goes(a.retain)
	for range finalizers {
		a.finalizing.Go(func() { a.finalize.work(a.finalizeOne) })
	}
	for range uploaders {
		a.uploading.Go(func() { a.upload.work(a.uploadOne) })
	}
	a.telling.goes(a.tellProgress)
	a.telling.goes(a.deliver)
}

// finalizePatience is how long Close waits for what has just been recorded to be made
// whole. The next start does what is left.
const finalizePatience = 10 * time.Second

// Close ends the work: what has been written is finalized, as far as that takes no
// longer than some seconds; what is whole is uploaded, as far as the settings have
// patience for that. Nothing that is broken off is lost: it goes on with the next start.
// No recording may be begun any more.
func (a *Archive) Close() {
	a.looking.dismiss()
	if a.settings.Uploads <= 0 {
		a.Park()
	}
	a.takes.wait()
	stop := a.finalize.drain(finalizePatience)
	a.finalizing.Wait()
	stop()
	if waiting := a.upload.len(); waiting > 0 && !a.upload.isClosed() {
		a.log.Info("waiting for recordings to be uploaded", "recordings", waiting, "patience", a.settings.Uploads)
	}
	stop = a.upload.drain(a.settings.Uploads)
	a.uploading.Wait()
	stop()
	a.telling.dismiss()
	if parked := a.upload.left(); parked > 0 {
		a.log.Warn("recordings are not uploaded yet: the next start goes on with them", "recordings", parked)
	}
}

// Park breaks off the uploads at once, and lets none begin any more. They go on with the
// next start.
func (a *Archive) Park() { a.upload.close() }

// keepPatience is how long the database is waited for: media is queued while a
// recording begins, and a server that stops waits for what has to be kept.
const keepPatience = 2 * time.Second

// toKeep returns a context for what has to be kept, also when ctx has ended.
func toKeep(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(context.WithoutCancel(ctx), keepPatience, database.ErrLate)
}

// keep makes a change on a recording's row, and has told what is to be told of it.
func (a *Archive) keep(ctx context.Context, id domain.RecordingID, change func(*domain.Recording) error) (domain.Recording, error) {
	var kept domain.Recording
	err := a.recordings.Update(ctx, id, func(now *domain.Recording) (*domain.Recording, []ports.Delivery, error) {
		if now == nil {
			return nil, nil, domain.ErrRecordingUnknown
		}
		if err := change(now); err != nil {
			return nil, nil, err
		}
		kept = *now
		return now, a.deliveries(now), nil
	})
	if err == nil {
		a.wakeOutbox()
	}
	return kept, err
}

// failed keeps that a step has failed, and has it tried again. The pause is measured
// from now on, whatever is done to the clock meanwhile.
func (a *Archive) failed(ctx context.Context, id domain.RecordingID, from *schedule, cause error) {
	if errors.Is(cause, ports.ErrAway) && a.database.Lost(cause) { // which is no failure of the recording's
		from.add(id, time.Now().Add(domain.Backoff(from.failed(id))))
		return
	}
	r, err := a.keep(ctx, id, func(r *domain.Recording) error { return r.Fail(cause.Error(), time.Now().UTC()) })
	unkept := from == a.finalize && errors.Is(err, domain.ErrRecordingUnknown) // the database was away when it began
	if isOver(err) && !unkept {
		return
	}
	if err != nil { // nothing is lost, since the spool knows it as well
		pause := domain.Backoff(from.failed(id))
		if !a.database.Lost(err) {
			a.log.Error("a failure of a recording cannot be kept", "recording", id, "failure", cause, "error", err, "again_in", pause)
		}
		from.add(id, time.Now().Add(pause))
		return
	}
	a.log.Warn("recording does not get on", "recording", id, "room", r.Room, "during", r.Failure.During,
		"error", cause, "attempts", r.Failure.Attempts, "next", r.Failure.Next)
	from.add(id, time.Now().Add(domain.Backoff(r.Failure.Attempts)))
}

// isOver reports whether a change was refused because there is nothing to do any more:
// the recording has been deleted, or has come further by itself.
func isOver(err error) bool {
	return errors.Is(err, domain.ErrRecordingUnknown) || errors.Is(err, domain.ErrRecordingState)
}
