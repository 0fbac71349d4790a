package domain

// EventName says what has happened, as subscribers of events know it.
type EventName string

// The events.
const (
	RecordingCompleted EventName = "recording.completed" // it is stored
	RecordingStuck     EventName = "recording.failed"    // it does not get on, and is tried further
)

// announceFailure is how many attempts must have failed one after another before it
// is announced: a store that is away for a moment is nobody's business.
const announceFailure = 3

// EventID identifies what has happened, so that whoever hears of it twice can tell.
type EventID string

// Announcement returns what is to be announced of the state that the recording has
// just come to, and whether anything is. Each event of a recording has one id.
func (r *Recording) Announcement() (EventName, EventID, bool) {
	switch {
	case r.State == RecordingStored:
		return RecordingCompleted, EventID(string(r.ID) + ".completed"), true
	case r.State == RecordingFailed && r.Failure.Attempts == announceFailure:
		return RecordingStuck, EventID(string(r.ID) + ".failed"), true
	default:
		return "", "", false
	}
}
