package archive

import (
	"context"
	"errors"
	"fmt"
	"path"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// retainPause is how often it is looked for recordings whose time is over.
const retainPause = 10 * time.Minute

// Retention is how long the recordings of some rooms are kept once they are stored.
type Retention struct {
	Rooms string        // a glob, as in a domain.Permission
	Keep  time.Duration // since the recording ended; 0: for ever
}

// keepFor returns how long a room's recordings are kept, 0 for ever.
func (a *Archive) keepFor(room domain.RoomName) time.Duration {
	for _, r := range a.settings.Retention {
		if ok, err := path.Match(r.Rooms, string(room)); err == nil && ok {
			return r.Keep
		}
	}
	return 0
}

// retain deletes recordings whose time is over.
func (a *Archive) retain(ctx context.Context) {
	if len(a.settings.Retention) == 0 {
		return
	}
	tick := time.NewTicker(retainPause)
	defer tick.Stop()
	noted := map[domain.RecordingID]bool{} // the audit tells of them, and they could not be deleted
	for {
		if err := a.deleteOld(ctx, time.Now().UTC(), noted); err != nil && ctx.Err() == nil && !a.database.Lost(err) {
			a.log.Error("recordings whose time is over cannot be deleted yet", "error", err, "again_in", retainPause)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// deleteOld deletes every stored recording that has been kept as long as it should be.
// One that cannot be deleted does not keep the others: what has failed is told in the
// end.
func (a *Archive) deleteOld(ctx context.Context, now time.Time, noted map[domain.RecordingID]bool) error {
	query := ports.RecordingQuery{States: []domain.RecordingState{domain.RecordingStored}, Before: now}
	var after ports.RecordingPlace
	var failure error
	failures := 0
	for {
		page, err := a.recordings.List(ctx, query, after, recoverPage)
		if err != nil {
			return err
		}
		for _, r := range page {
			after = ports.RecordingPlace{Started: r.Started, ID: r.ID}
			keep := a.keepFor(r.Room)
			if keep == 0 || now.Sub(r.Ended) < keep || ctx.Err() != nil {
				continue
			}
			if err := a.deleteOne(ctx, r, noted); err != nil {
				failures++
				failure = fmt.Errorf("%d could not, the last %s: %w", failures, r.ID, err)
			}
		}
		if len(page) < recoverPage {
			return failure
		}
	}
}

// deleteOne deletes a recording whose time is over. The audit tells of it once, however
// often it has to be tried.
func (a *Archive) deleteOne(ctx context.Context, r domain.Recording, noted map[domain.RecordingID]bool) error {
	by := domain.Caller{Grant: domain.Grant{Subject: "retention"}}
	if !noted[r.ID] {
		if err := a.note(ctx, r, by); err != nil {
			return err
		}
		noted[r.ID] = true
	}
	err := a.erase(ctx, r.ID, by)
	if errors.Is(err, domain.ErrRecordingUnknown) { // somebody else has deleted it
		err = nil
	}
	if err == nil {
		delete(noted, r.ID)
	}
	return err
}
