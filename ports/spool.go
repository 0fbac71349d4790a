package ports

import (
	"context"
	"io"
	"time"

	"rostrum/domain"
)

// Spool is where recordings are written and wait for the store: media files in a
// directory, each recording in its own, which tells all that is known of it, so that
// whatever a crash has left can be finished without any other knowledge.
type Spool interface {
	// Record makes a recording of what the returned take is given, of which it takes
	// over the ID, the Room, the Session, the Subject, the Key and Started. Nothing
	// is written before the first packet. It refuses with domain.ErrSpoolFull. It
	// does not block.
	Record(r domain.Recording, events RecordingEvents) (Take, error)

	// Finalize makes the files of a recording whole that is not being written (any
	// more), whatever state it finds them in, and returns it as domain.Recording.
	// Finalize would leave it: seekable, with checksums, and a manifest beside them.
	// It may be repeated, and killed at any instant. It refuses with
	// domain.ErrRecordingUnknown where there is no such recording, and with
	// domain.ErrRecordingEmpty, which is not the end of it, where nothing of it can be
	// shown: then it is there to be removed.
	Finalize(ctx context.Context, id domain.RecordingID) (domain.Recording, error)

	// Search returns the recordings in the spool that are not being written, and what
	// else there is, which it leaves alone.
	Search(ctx context.Context) (recordings []domain.Recording, foreign []string, err error)

	// Open opens a file of a recording that has been finalized: that of one of its
	// parts or ManifestFile. It refuses with domain.ErrRecordingUnknown.
	Open(id domain.RecordingID, file string) (SpoolFile, error)

	// Remove removes a recording that is not being written, if it is there.
	Remove(id domain.RecordingID) error
}

// ManifestFile is the name of the file that tells of a recording what there is to
// tell, as JSON.
const ManifestFile = "manifest.json"

// SpoolFile is an open file of a recording, which its caller closes.
type SpoolFile interface {
	io.ReadSeekCloser
	io.ReaderAt
}

// Take is a recording that is being written.
type Take interface {
	// Receive and Report queue what they are given. Where the disk does not keep up,
	// whole pictures are dropped, and the recording says so.
	MediaSink

	// Status tells how the recording goes.
	Status() TakeStatus

	// Close ends the recording: what has been received is written, the files closed.
	// It waits for the disk. Afterwards the take may be finalized.
	Close()
}

// TakeStatus is how a recording goes that is being written.
type TakeStatus struct {
	Started time.Time // when its first packet came; zero: none has come
	Bytes   int64     // that have been written
	Gaps    int       // stretches in which media is missing
	Trouble string    // why nothing can be written now, for people; "" if it can

	// FirstTrouble is the first Trouble there was, also when it is over; "" if all could be
	// written.
	FirstTrouble string
}

// RecordingEvents hears of a take. Calls come one after another from a goroutine of
// the spool, and may block: what comes meanwhile is queued, and dropped when that is
// too much.
type RecordingEvents interface {
	// Began is called when the first packet has come, before media is written.
	Began(id domain.RecordingID, at time.Time)
	// PictureLost is called when nothing can be shown before the next key frame.
	PictureLost(id domain.RecordingID)
}
