package domain

import (
	"path"
	"time"
)

// Action is something a bearer may do.
type Action string

// The actions. Admin includes the other two.
const (
	ActionPublish Action = "publish"
	ActionPlay    Action = "play"
	ActionAdmin   Action = "admin"
)

// ParseAction returns s as an Action, and whether it is one.
func ParseAction(s string) (Action, bool) {
	switch a := Action(s); a {
	case ActionPublish, ActionPlay, ActionAdmin:
		return a, true
	default:
		return "", false
	}
}

// Grant is what a bearer may do: Actions on the rooms that one of the globs in
// Rooms matches ("*" stands for any run of characters), until Expires (the zero
// time is for ever).
type Grant struct {
	Subject Subject
	Actions []Action
	Rooms   []string
	Expires time.Time
}

// Permits returns nil if the grant allows the action on the room at that time,
// else [ErrTokenInvalid] when it has run out and [ErrForbidden] when it does not
// reach that far.
func (g Grant) Permits(action Action, room RoomName, now time.Time) error {
	if !g.Expires.IsZero() && !now.Before(g.Expires) {
		return ErrTokenInvalid.Because("The token has expired. Ask the operator for a new one.")
	}
	if g.allows(action) && g.reaches(room) {
		return nil
	}
	return ErrForbidden
}

// Owns reports whether the bearer may act on a session that by began: its own,
// and any when it administers the room.
func (g Grant) Owns(by Subject, room RoomName) bool {
	return g.Subject == by || g.allows(ActionAdmin) && g.reaches(room)
}

func (g Grant) allows(action Action) bool {
	for _, a := range g.Actions {
		if a == action || a == ActionAdmin {
			return true
		}
	}
	return false
}

func (g Grant) reaches(room RoomName) bool {
	for _, glob := range g.Rooms {
		if ok, err := path.Match(glob, string(room)); err == nil && ok {
			return true
		}
	}
	return false
}
