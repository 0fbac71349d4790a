package archive

import (
	"context"
	"errors"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// recoverPage is how many rows of unfinished recordings are read at once.
const recoverPage = 200

// recover has all that an earlier process has left finished: what is in the spool, and
// what the database knows to be unfinished. Where the spool or the database is away it
// tries again until ctx ends.
func (a *Archive) recover(ctx context.Context) {
	for attempt := 1; ; attempt++ {
		err := a.recoverOnce(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		if !a.database.Lost(err) {
			a.log.Error("recordings of an earlier start cannot be found yet", "error", err, "again_in", domain.Backoff(attempt))
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(domain.Backoff(attempt)):
		}
	}
}

func (a *Archive) recoverOnce(ctx context.Context) error {
	found, foreign, err := a.spool.Search(ctx)
	if err != nil {
		return err
	}
	inSpool := map[domain.RecordingID]bool{}
	for _, r := range found {
		inSpool[r.ID] = true
		if err := a.recoverFound(ctx, r); err != nil {
			return err
		}
	}
	if err := a.recoverKnown(ctx, inSpool); err != nil {
		return err
	}
	for _, name := range foreign {
		a.log.Warn("the spool holds something that is none of ours, it is left alone", "name", name)
	}
	return nil
}

// recoverFound goes on with a recording that is in the spool.
func (a *Archive) recoverFound(ctx context.Context, r domain.Recording) error {
	known, err := a.recordings.Get(ctx, r.ID)
	switch {
	case errors.Is(err, domain.ErrRecordingUnknown): // it began while the database was away, which is told by finalizing it
		a.finalize.add(r.ID, time.Now())
	case err != nil:
		return err
	case known.State == domain.RecordingStored: // killed before it could be removed
		a.letGo(r.ID)
	default:
		a.resume(known)
	}
	return nil
}

// recoverKnown goes on with recordings that the database knows of and the spool does
// not: to find out what has become of them is a step of theirs.
func (a *Archive) recoverKnown(ctx context.Context, inSpool map[domain.RecordingID]bool) error {
	unfinished := ports.RecordingQuery{States: []domain.RecordingState{
		domain.RecordingStarted, domain.RecordingFinalized, domain.RecordingUploading, domain.RecordingFailed,
	}}
	var after ports.RecordingPlace
	for {
		page, err := a.recordings.List(ctx, unfinished, after, recoverPage)
		if err != nil {
			return err
		}
		for _, r := range page {
			after = ports.RecordingPlace{Started: r.Started, ID: r.ID}
			if !inSpool[r.ID] && a.takes.find(r.ID) == nil && a.isHere(r) {
				a.resume(r)
			}
		}
		if len(page) < recoverPage {
			return nil
		}
	}
}

// isHere reports whether what is left to do for a recording is for this server: where
// several share a database, each has its own spool. One without a name is of before they
// had names, and whoever looks finds out.
func (a *Archive) isHere(r domain.Recording) bool {
	return r.State == domain.RecordingStored || a.settings.Node == "" || r.Node == "" || a.settings.Node == r.Node
}

// resume has the step done that a recording stands before. A failure is never waited
// for longer than the longest pause: the clock may have been set back.
func (a *Archive) resume(r domain.Recording) {
	step, at := r.State, time.Now()
	if step == domain.RecordingFailed {
		step = r.Failure.During
		at = at.Add(min(time.Until(r.Failure.Next), domain.LongestRetry))
	}
	if step == domain.RecordingStarted {
		a.finalize.add(r.ID, at)
	} else {
		a.upload.add(r.ID, at)
	}
}
