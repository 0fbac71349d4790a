package domain

import (
	"path"
	"slices"
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

// Grant is what a bearer may do, until Expires (the zero time is for ever).
type Grant struct {
	Subject     Subject
	Permissions []Permission
	Expires     time.Time
	Token       TokenID // of a room's own by which the bearer came; "": by another
}

// Permission is one action on the rooms whose names the glob matches: "*" stands
// for any run of characters, "?" for one ([path.Match]).
type Permission struct {
	Action Action
	Rooms  string
}

// Allow returns permissions for each of the actions on each of the globs.
func Allow(actions []Action, globs ...string) []Permission {
	var all []Permission
	for _, a := range actions {
		for _, g := range globs {
			all = append(all, Permission{Action: a, Rooms: g})
		}
	}
	return all
}

// Permits returns nil if the grant allows the action on the room at that time,
// else [ErrTokenInvalid] when it has run out and [ErrForbidden] when it does not
// reach that far.
func (g Grant) Permits(action Action, room RoomName, now time.Time) error {
	if g.Over(now) {
		return ErrTokenInvalid.Because("The token has expired. Ask the operator for a new one.")
	}
	if g.allows(action, room) {
		return nil
	}
	return ErrForbidden
}

// Over reports whether the grant has run out.
func (g Grant) Over(now time.Time) bool { return !g.Expires.IsZero() && !now.Before(g.Expires) }

// Owns reports whether the bearer may act on a session that by began: its own,
// and any when it administers the room.
func (g Grant) Owns(by Subject, room RoomName) bool {
	return g.Subject == by || g.allows(ActionAdmin, room)
}

// Administers reports whether the bearer administers the whole server: every room,
// whatever its name.
func (g Grant) Administers() bool {
	return slices.Contains(g.Permissions, Permission{Action: ActionAdmin, Rooms: "*"})
}

func (g Grant) allows(action Action, room RoomName) bool {
	for _, p := range g.Permissions {
		if p.Action != action && p.Action != ActionAdmin {
			continue
		}
		if ok, err := path.Match(p.Rooms, string(room)); err == nil && ok {
			return true
		}
	}
	return false
}
