package domain

import (
	"slices"
	"time"
)

// RecordingID identifies a recording. It is made of A-Z and 0-9 by the house and
// never of foreign text, so that it may stand in object keys and file names.
type RecordingID string

// RecordingState is how far a recording has come.
type RecordingState string

// The states, in the order in which a recording goes through them. Each is kept
// before what it names is begun, so that whoever finds a recording knows what may
// have been done to it, and can do it again.
const (
	RecordingStarted   RecordingState = "started"   // its media is being written to the spool
	RecordingFinalized RecordingState = "finalized" // its files are whole and wait to be uploaded
	RecordingUploading RecordingState = "uploading" // its files are on their way into the store
	RecordingStored    RecordingState = "stored"    // the store has confirmed size and checksum of each
	RecordingFailed    RecordingState = "failed"    // a step has failed and is tried again at Failure.Next
)

// RecordingStates returns all states, in the order in which a recording goes through them.
func RecordingStates() []RecordingState {
	return []RecordingState{RecordingStarted, RecordingFinalized, RecordingUploading, RecordingStored, RecordingFailed}
}

// ParseRecordingState returns s as a RecordingState, and whether it is one.
func ParseRecordingState(s string) (RecordingState, bool) {
	if state := RecordingState(s); slices.Contains(RecordingStates(), state) {
		return state, true
	}
	return "", false
}

// Recording is one publication of a room, kept as media files: from its first
// packet until its publisher has left for good. Its methods move it on from state to
// state; they refuse with [ErrRecordingState] what does not follow, and then leave it
// as it was.
type Recording struct {
	ID      RecordingID
	Room    RoomName
	Session SessionID // of the publisher that it began with
	Subject Subject
	Node    string    // the server in whose spool it is, until it is stored
	Key     ObjectKey // what the keys of its objects begin with
	State   RecordingState
	Started time.Time
	Ended   time.Time // zero while it is being written
	Parts   []Part    // none before it is finalized
	Stored  time.Time // zero before it is stored
	Failure Failure   // zero unless a step has failed since the last one that did not
}

// Failure says why a recording has got no further, and when it is tried again.
type Failure struct {
	During   RecordingState // what it goes on from
	Reason   string
	Attempts int // that have failed one after another
	Next     time.Time
}

// Finalize takes what the spool has made of the recording.
func (r *Recording) Finalize(parts []Part, ended time.Time) error {
	if r.step() != RecordingStarted {
		return ErrRecordingState
	}
	r.State, r.Parts, r.Ended, r.Failure = RecordingFinalized, parts, ended, Failure{}
	return nil
}

// Upload begins an upload, or begins it again. What has failed up to now is
// remembered until the recording is stored.
func (r *Recording) Upload() error {
	if s := r.step(); s != RecordingFinalized && s != RecordingUploading {
		return ErrRecordingState
	}
	r.State = RecordingUploading
	return nil
}

// Store takes note that the store has confirmed every object.
func (r *Recording) Store(at time.Time) error {
	if r.State != RecordingUploading {
		return ErrRecordingState
	}
	r.State, r.Stored, r.Failure = RecordingStored, at, Failure{}
	return nil
}

// Fail takes note that the present step has failed. It is tried again for ever, with
// pauses that double from 1 s to [LongestRetry].
func (r *Recording) Fail(reason string, at time.Time) error {
	if r.State == RecordingStored {
		return ErrRecordingState
	}
	attempts := r.Failure.Attempts + 1
	r.Failure = Failure{During: r.step(), Reason: reason, Attempts: attempts, Next: at.Add(Backoff(attempts))}
	r.State = RecordingFailed
	return nil
}

// RetryNow has a recording that has failed tried again at once.
func (r *Recording) RetryNow(at time.Time) error {
	if r.State != RecordingFailed {
		return ErrRecordingState
	}
	r.Failure.Next = at
	return nil
}

// step returns the state that the recording goes on from.
func (r *Recording) step() RecordingState {
	if r.State == RecordingFailed {
		return r.Failure.During
	}
	return r.State
}

// Bytes returns the size of all parts.
func (r *Recording) Bytes() (sum int64) {
	for _, p := range r.Parts {
		sum += p.Bytes
	}
	return sum
}

// Duration returns how long all parts last.
func (r *Recording) Duration() (sum time.Duration) {
	for _, p := range r.Parts {
		sum += p.Duration
	}
	return sum
}

// Part returns the part that is kept in a file, and whether there is one.
func (r *Recording) Part(file string) (Part, bool) {
	for _, p := range r.Parts {
		if p.File == file {
			return p, true
		}
	}
	return Part{}, false
}

// LongestRetry is the longest pause between two attempts.
const LongestRetry = 5 * time.Minute

// Backoff returns the pause after that many failed attempts, 1 or more.
func Backoff(attempts int) time.Duration {
	return min(time.Second<<min(max(attempts-1, 0), 10), LongestRetry)
}

// Part is one media file of a recording. A new one begins where the publisher, the
// codec or the resolution changes.
type Part struct {
	File      string    // its name in the spool, and below the recording's key
	Publisher SessionID // whose media it is
	Video     Codec     // "": sound alone
	Audio     Codec     // "": no sound
	Width     int       // of the picture; 0 without one
	Height    int
	Started   time.Time // when the first of it arrived
	Duration  time.Duration
	Pictures  int // frames of video
	Sounds    int // packets of sound, and of silence where there is none
	Gaps      []Gap
	Bytes     int64
	SHA256    string // of the file, in hexadecimal
	CRC32C    uint32 // of the file (Castagnoli)
}

// Gap is a stretch of a part in which media is missing.
type Gap struct {
	Kind   MediaKind
	At     time.Duration // since the part began
	Length time.Duration
	Reason GapReason
}

// GapReason says why media is missing.
type GapReason string

// The reasons.
const (
	GapLost     GapReason = "lost"      // it never came, or it hangs on what never came
	GapSlowDisk GapReason = "slow disk" // it came faster than the disk took it
	GapDiskFull GapReason = "disk full" // or the disk refused it otherwise
)
