package app

import (
	"context"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// RecordingView is a recording as it is now.
type RecordingView struct {
	domain.Recording
	Live     *ports.TakeStatus // of one that is being written, else nil
	Uploaded int64             // bytes that have reached the store, while it is uploading
}

// listScan is how many rows a list looks at, at most, for those that the bearer may
// see. It may then be short, and still not the last page. listPage is how many it reads
// at once, at least.
const (
	listScan = 2000
	listPage = 50
)

// ListRecordings returns up to limit (1 or more) recordings that the bearer of grant
// may see, those that began last first, beginning behind after, and the place to go on
// from, the zero value where there are no more. Who may play in a room may see its
// recordings.
func (a *Archive) ListRecordings(ctx context.Context, grant domain.Grant, query ports.RecordingQuery, after ports.RecordingPlace, limit int) ([]RecordingView, ports.RecordingPlace, error) {
	var views []RecordingView
	rows := max(limit, listPage)
	for scanned := 0; scanned < listScan; scanned += rows {
		page, err := a.Recordings.List(ctx, query, after, rows)
		if err != nil {
			return nil, after, err
		}
		for _, r := range page {
			after = ports.RecordingPlace{Started: r.Started, ID: r.ID}
			if grant.Permits(domain.ActionPlay, r.Room, time.Now()) == nil {
				views = append(views, a.view(r))
			}
			if len(views) == limit {
				return views, after, nil
			}
		}
		if len(page) < rows {
			return views, ports.RecordingPlace{}, nil
		}
	}
	return views, after, nil
}

// Recording returns a recording. It refuses with domain.ErrRecordingUnknown also where
// the bearer of grant may not see it, so that nobody learns of it.
func (a *Archive) Recording(ctx context.Context, grant domain.Grant, id domain.RecordingID) (RecordingView, error) {
	r, err := a.Recordings.Get(ctx, id)
	if err != nil {
		return RecordingView{}, err
	}
	if grant.Permits(domain.ActionPlay, r.Room, time.Now()) != nil {
		return RecordingView{}, domain.ErrRecordingUnknown
	}
	return a.view(r), nil
}

func (a *Archive) view(r domain.Recording) RecordingView {
	v := RecordingView{Recording: r}
	if t := a.takes.find(r.ID); t != nil {
		status := t.Status()
		v.Live = &status
	}
	if done, ok := a.progress.of(r.ID); ok {
		v.Uploaded = min(done, r.Bytes()) // the manifest's are not the recording's
	}
	if r.State == domain.RecordingStored {
		v.Uploaded = r.Bytes()
	}
	return v
}

// Media is where a file of a recording is: behind a URL, or here.
type Media struct {
	URL     string          // "": here
	Content ports.SpoolFile // to be closed; nil where there is a URL
	Size    int64
	Type    string
	Changed time.Time
}

// OpenMedia opens a part's file for reading, or tells the URL that it can be had from
// for a time. Under the name download a browser saves it; with "" it shows it. It
// refuses with domain.ErrRecordingPending before the recording is finalized.
func (a *Archive) OpenMedia(ctx context.Context, id domain.RecordingID, file string, expires time.Duration, download string) (Media, error) {
	r, err := a.Recordings.Get(ctx, id)
	if err != nil {
		return Media{}, err
	}
	part, ok := r.Part(file)
	switch {
	case len(r.Parts) == 0:
		return Media{}, domain.ErrRecordingPending
	case !ok:
		return Media{}, domain.ErrRecordingUnknown
	}
	m := Media{Size: part.Bytes, Type: mediaType(part), Changed: r.Ended}
	if r.State != domain.RecordingStored {
		if m.Content, err = a.Spool.Open(id, file); err == nil {
			return m, nil
		}
		now, unknown := a.Recordings.Get(ctx, id)
		if unknown != nil || now.State != domain.RecordingStored { // else it has just been let go of
			return Media{}, err
		}
	}
	key := r.Key.Below(file)
	if m.URL, err = a.Objects.URL(ctx, key, expires, download); err != nil || m.URL != "" {
		return m, err
	}
	m.Content = newObjectFile(ctx, a.Objects, key, part.Bytes)
	return m, nil
}

// RetryRecording has a recording that has failed tried again now, at the wish of the
// bearer of grant, who must administer its room.
func (a *Archive) RetryRecording(ctx context.Context, grant domain.Grant, id domain.RecordingID) (RecordingView, error) {
	if _, err := a.administered(ctx, grant, id); err != nil {
		return RecordingView{}, err
	}
	r, err := a.keep(ctx, id, func(r *domain.Recording) error { return r.RetryNow(time.Now().UTC()) })
	if err != nil {
		return RecordingView{}, err
	}
	a.resume(r)
	return a.view(r), nil
}

// Actor is who does something, for the audit.
type Actor struct {
	Subject domain.Subject
	Address string
}

// DeleteRecording erases a recording at the wish of the bearer of grant, who must
// administer its room: its objects, what is left in the spool, and its row. It breaks
// an upload off. It refuses with domain.ErrRecordingLive while it is being written.
func (a *Archive) DeleteRecording(ctx context.Context, grant domain.Grant, id domain.RecordingID, address string) error {
	r, err := a.administered(ctx, grant, id)
	if err != nil {
		return err
	}
	by := Actor{grant.Subject, address}
	if err := a.note(ctx, r, by); err != nil {
		return err
	}
	return a.erase(ctx, id, by)
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
func (a *Archive) note(ctx context.Context, r domain.Recording, by Actor) error {
	if a.takes.find(r.ID) != nil {
		return domain.ErrRecordingLive
	}
	return a.Audit.Record(ctx, ports.AuditEntry{
		At: time.Now().UTC(), Subject: by.Subject, From: by.Address, Act: "recording.delete", Object: string(r.ID),
		Detail: "room " + string(r.Room) + ", key " + string(r.Key),
	})
}

// erase removes all that there is of a recording, the row last: what is broken off can
// be done again. Nothing else is done to the recording meanwhile; where that fails, it
// goes on from where it stood.
func (a *Archive) erase(ctx context.Context, id domain.RecordingID, by Actor) (err error) {
	finalize, upload := a.finalize.remove(id), a.upload.remove(id)
	defer func() { finalize(err != nil); upload(err != nil) }()
	r, err := a.Recordings.Get(ctx, id) // as it is now: more may have been put into the store by then
	if err != nil {
		return err
	}
	for _, p := range r.Parts {
		if err := a.Objects.Delete(ctx, r.Key.Below(p.File)); err != nil {
			return err
		}
	}
	if err := a.Objects.Delete(ctx, r.Key.Below(ports.ManifestFile)); err != nil {
		return err
	}
	if err := a.Spool.Remove(r.ID); err != nil {
		return err
	}
	if err := a.forget(ctx, r.ID); err != nil {
		return err
	}
	a.Log.Info("recording deleted", "room", r.Room, "recording", r.ID, "by", by.Subject)
	return nil
}

// ArchiveStats is what an operator watches.
type ArchiveStats struct {
	States    map[domain.RecordingState]int
	Live      int // being written
	Finalizes int // waiting to be finalized, or just being
	Uploads   int // waiting to be uploaded, or just being
	Uploading []Upload
	Uploaded  int64 // bytes, since the start, by uploads that have ended
}

// Stats returns what an operator watches.
func (a *Archive) Stats(ctx context.Context) (ArchiveStats, error) {
	states, err := a.Recordings.Count(ctx)
	return ArchiveStats{
		States: states, Live: len(a.takes.all()), Finalizes: a.finalize.len(), Uploads: a.upload.len(),
		Uploading: a.progress.all(), Uploaded: a.progress.uploaded.Load(),
	}, err
}
