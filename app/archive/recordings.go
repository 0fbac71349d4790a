package archive

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// View is a recording as it is now.
type View struct {
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
// recordings. As everything here it
// refuses with domain.ErrUnavailable while the database or the store is away.
func (a *Archive) ListRecordings(ctx context.Context, grant domain.Grant, query ports.RecordingQuery, after ports.RecordingPlace, limit int) ([]View, ports.RecordingPlace, error) {
	var views []View
	rows := max(limit, listPage)
	for scanned := 0; scanned < listScan; scanned += rows {
		page, err := a.recordings.List(ctx, query, after, rows)
		if err != nil {
			return nil, after, a.away(err)
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
func (a *Archive) Recording(ctx context.Context, grant domain.Grant, id domain.RecordingID) (View, error) {
	r, err := a.recordings.Get(ctx, id)
	if err != nil {
		return View{}, a.away(err)
	}
	if grant.Permits(domain.ActionPlay, r.Room, time.Now()) != nil {
		return View{}, domain.ErrRecordingUnknown
	}
	return a.view(r), nil
}

func (a *Archive) view(r domain.Recording) View {
	v := View{Recording: r}
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

// RetryRecording has a recording that has failed tried again now, at the wish of a caller
// who must administer its room.
func (a *Archive) RetryRecording(ctx context.Context, by domain.Caller, id domain.RecordingID) (View, error) {
	r, err := a.administered(ctx, by.Grant, id)
	if err != nil {
		return View{}, err
	}
	if !a.isHere(r) {
		return View{}, elsewhere(r)
	}
	r, err = a.keep(ctx, id, func(r *domain.Recording) error { return r.RetryNow(time.Now().UTC()) })
	if err != nil {
		return View{}, a.away(err)
	}
	a.database.Note(a.database.Act(by, "recording.retry", string(id), "room "+string(r.Room)))
	a.resume(r)
	return a.view(r), nil
}

// elsewhere refuses what only the server can do in whose spool a recording is.
func elsewhere(r domain.Recording) error {
	return domain.ErrRecordingState.Because("The recording is still in the spool of server " + r.Node + ". Ask there, or wait until it is stored.")
}

// away says of an error that is no refusal that a part of the house is away, and has
// the log tell which.
func (a *Archive) away(err error) error {
	if refusal := (*domain.Refusal)(nil); err == nil || errors.As(err, &refusal) || errors.Is(err, context.Canceled) {
		return err
	}
	if !a.database.Lost(err) {
		a.log.Error("recordings cannot be reached", "error", err)
	}
	return fmt.Errorf("%w: %w", domain.ErrUnavailable, err)
}
