package archive

import (
	"context"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

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
	r, err := a.recordings.Get(ctx, id)
	if err != nil {
		return Media{}, a.away(err)
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
		if m.Content, err = a.spool.Open(id, file); err == nil {
			return m, nil
		}
		now, unknown := a.recordings.Get(ctx, id)
		if unknown != nil || now.State != domain.RecordingStored { // else it has just been let go of
			return Media{}, a.away(err)
		}
	}
	key := r.Key.Below(file)
	if m.URL, err = a.objects.URL(ctx, key, expires, download); err != nil || m.URL != "" {
		return m, a.away(err)
	}
	m.Content = newObjectFile(ctx, a.objects, key, part.Bytes)
	return m, nil
}
