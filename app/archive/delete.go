package archive

import (
	"context"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// DeleteRecording erases a recording at the wish of a caller who must administer its
// room: its objects, what is left in the spool, and its row. It breaks
// an upload off. It refuses with domain.ErrRecordingLive while it is being written.
func (a *Archive) DeleteRecording(ctx context.Context, by domain.Caller, id domain.RecordingID) error {
	r, err := a.administered(ctx, by.Grant, id)
	if err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx) // who has asked may go away
	if err := a.note(ctx, r, by); err != nil {
		return a.away(err)
	}
	return a.away(a.erase(ctx, id, by))
}

// administered returns a recording of a room that the bearer administers.
func (a *Archive) administered(ctx context.Context, grant domain.Grant, id domain.RecordingID) (domain.Recording, error) {
	v, err := a.Recording(ctx, grant, id)
	if err != nil {
		return domain.Recording{}, err
	}
	return v.Recording, grant.Permits(domain.ActionAdmin, v.Room, time.Now())
}

// note has the audit tell that a recording is being erased, which comes next.
func (a *Archive) note(ctx context.Context, r domain.Recording, by domain.Caller) error {
	if a.takes.find(r.ID) != nil {
		return domain.ErrRecordingLive
	}
	if !a.isHere(r) {
		return elsewhere(r)
	}
	return a.audit.Record(ctx, a.database.Act(by, "recording.delete", string(r.ID), "room "+string(r.Room)+", key "+string(r.Key)))
}

// erase removes all that there is of a recording, the row last: what is broken off can
// be done again. Nothing else is done to the recording meanwhile; where something is
// left of it, it goes on from where it stood.
func (a *Archive) erase(ctx context.Context, id domain.RecordingID, by domain.Caller) error {
	defer a.finalize.remove(id)()
	defer a.upload.remove(id)()
	r, err := a.recordings.Get(ctx, id) // as it is now: more may have been put into the store by then
	if err != nil {
		return err
	}
	for _, p := range r.Parts {
		if err := a.objects.Delete(ctx, r.Key.Below(p.File)); err != nil {
			return err
		}
	}
	if err := a.objects.Delete(ctx, r.Key.Below(ports.ManifestFile)); err != nil {
		return err
	}
	if err := a.spool.Remove(r.ID); err != nil {
		return err
	}
	if err := a.forget(ctx, r.ID); err != nil {
		return err
	}
	a.log.Info("recording deleted", "room", r.Room, "recording", r.ID, "by", by.Subject)
	return nil
}
