package rtc

import (
	"errors"
	"fmt"
	"time"

	"rostrum/api/client"
)

// Why a session is over that was not ended here. Match with errors.Is. What the client
// package returns comes as well.
var (
	// ErrNoMedia: the server took the offer, but no path for media was found.
	ErrNoMedia = errors.New("the server took the offer, but no media path to it was found")
	// ErrEnded: the server ended the session.
	ErrEnded = errors.New("the server ended the session")
	// ErrLost: nothing comes from the server any more.
	ErrLost = errors.New("the connection to the server was lost")
)

// State is how far a Run is.
type State int

// The states of a Run. Those before Closed may come again and again.
const (
	Connecting   State = iota // an offer is about to be sent
	Connected                 // media can flow, for the first time in this session or again
	Restarting                // nothing has come for a while: ICE is restarted, the session goes on
	Abandoned                 // the session could not be ended on the server, which finds out by itself
	Reconnecting              // the session is over, another one follows
	Closed                    // Run returns
)

func (s State) String() string {
	return [...]string{"connecting", "connected", "restarting", "abandoned", "reconnecting", "closed"}[s]
}

// Event is a new state.
type Event struct {
	State State
	Err   error         // why: of Abandoned and Reconnecting, and of Closed unless that was asked for
	After time.Duration // until Reconnecting goes on
}

func (e Event) String() string {
	switch {
	case e.State == Reconnecting:
		return fmt.Sprintf("%v in %v: %v", e.State, e.After.Round(100*time.Millisecond), e.Err)
	case e.Err != nil:
		return fmt.Sprintf("%v: %v", e.State, e.Err)
	default:
		return e.State.String()
	}
}

// Retryable reports whether a new attempt may succeed after such an end, and how long to
// wait for it at least.
func Retryable(err error) (yes bool, after time.Duration) {
	if errors.Is(err, ErrNoMedia) || errors.Is(err, ErrEnded) || errors.Is(err, ErrLost) {
		return true, 0
	}
	return client.Retryable(err)
}
