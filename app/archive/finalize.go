package archive

import (
	"context"
	"errors"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// finalizeOne makes the files of a recording whole, and has it uploaded.
func (a *Archive) finalizeOne(ctx context.Context, id domain.RecordingID) {
	whole, err := a.spool.Finalize(ctx, id)
	if ctx.Err() != nil {
		return // the next start goes on
	}
	keeping, cancel := toKeep(ctx)
	defer cancel()
	switch {
	case errors.Is(err, domain.ErrRecordingEmpty): // which is no error
		if err = a.forget(keeping, id); err == nil {
			err = a.spool.Remove(id)
		}
	case errors.Is(err, domain.ErrRecordingUnknown):
		err = a.missing(keeping, id)
	case err == nil:
		err = a.keepFinalized(keeping, whole)
	}
	if err != nil {
		a.failed(keeping, id, a.finalize, err)
		return
	}
	if whole.ID != "" {
		a.log.Info("recorded", "room", whole.Room, "recording", id, "duration", whole.Duration().Round(time.Millisecond),
			"parts", len(whole.Parts), "bytes", whole.Bytes(), "gaps", gaps(whole))
		a.upload.add(id, time.Now())
	}
}

// keepFinalized keeps what the spool has made of a recording, which the database may
// not know of yet.
func (a *Archive) keepFinalized(ctx context.Context, whole domain.Recording) error {
	return a.recordings.Update(ctx, whole.ID, func(now *domain.Recording) (*domain.Recording, []ports.Delivery, error) {
		if now == nil {
			whole.Node = a.settings.Node
			return &whole, nil, nil
		}
		if err := now.Finalize(whole.Parts, whole.Ended); err != nil && !errors.Is(err, domain.ErrRecordingState) {
			return nil, nil, err
		}
		return now, nil, nil
	})
}

// forget drops the row of a recording that nothing came of, or that is erased.
func (a *Archive) forget(ctx context.Context, id domain.RecordingID) error {
	return a.recordings.Update(ctx, id, func(*domain.Recording) (*domain.Recording, []ports.Delivery, error) { return nil, nil, nil })
}

// errGone is why a recording that the database knows of gets on no more.
var errGone = errors.New("its files are gone from the spool. Put them back, or delete the recording")

// missing returns errGone if the database knows of a recording that the spool does
// not have, nil if nobody does: nothing was received of it.
func (a *Archive) missing(ctx context.Context, id domain.RecordingID) error {
	_, err := a.recordings.Get(ctx, id)
	switch {
	case errors.Is(err, domain.ErrRecordingUnknown):
		return nil
	case err != nil:
		return err
	default:
		return errGone
	}
}

func gaps(r domain.Recording) (n int) {
	for _, p := range r.Parts {
		n += len(p.Gaps)
	}
	return n
}
