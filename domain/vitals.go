package domain

import "time"

// How long a publisher may be silent, or take to connect, before its own subject
// may take its room over.
const (
	takeoverSilence   = 2 * time.Second
	takeoverUnstarted = 10 * time.Second
)

// Vitals is how alive a session is.
type Vitals struct {
	Connected bool          // media could flow at some time
	Age       time.Duration // since its offer
	Silence   time.Duration // since its last packet of any sort or answered STUN check
}

// GoneInAllButName reports whether the session is there only because nobody has
// noticed yet: connected once and silent since, or not connected for long. One
// that answers is alive, whether it sends media or not.
func (v Vitals) GoneInAllButName() bool {
	if v.Connected {
		return v.Silence >= takeoverSilence
	}
	return v.Age >= takeoverUnstarted
}
