package archive

import (
	"context"

	"rostrum/domain"
)

// Stats is what an operator watches.
type Stats struct {
	States    map[domain.RecordingState]int
	Live      int // being written
	Finalizes int // waiting to be finalized, or just being
	Uploads   int // waiting to be uploaded, or just being
	Uploading []Upload
	Uploaded  int64 // bytes, since the start, by uploads that have ended
}

// Stats returns what an operator watches.
func (a *Archive) Stats(ctx context.Context) (Stats, error) {
	states, err := a.recordings.Count(ctx)
	return Stats{
		States: states, Live: len(a.takes.all()), Finalizes: a.finalize.len(), Uploads: a.upload.len(),
		Uploading: a.progress.all(), Uploaded: a.progress.uploaded.Load(),
	}, err
}
