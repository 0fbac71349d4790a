package domain

import (
	"slices"
	"strconv"
	"time"
)

// ProvisionedRoom is a room that outlives its sessions: what is kept of it while
// nobody is there. Its methods change it or refuse, and then leave it as it was.
type ProvisionedRoom struct {
	Name     RoomName
	Settings RoomSettings
	Tokens   []RoomToken // in the order in which they were minted
	Created  time.Time
	Changed  time.Time
	Version  int64 // 1, and one more with each change
}

// Tag identifies what is kept of the room: it is another one after each change, and
// than any that an earlier room of that name had.
func (r *ProvisionedRoom) Tag() string {
	return strconv.FormatInt(r.Version, 10) + "-" + strconv.FormatInt(r.Created.UnixMicro(), 36)
}

// Provision returns a new room. It refuses as [RoomSettings.Check] does.
func Provision(name RoomName, settings RoomSettings, at time.Time) (ProvisionedRoom, error) {
	if err := settings.Check(); err != nil {
		return ProvisionedRoom{}, err
	}
	return ProvisionedRoom{Name: name, Settings: settings, Created: at, Changed: at, Version: 1}, nil
}

// Change gives the room other settings. It refuses as [RoomSettings.Check] does.
func (r *ProvisionedRoom) Change(settings RoomSettings, at time.Time) error {
	if err := settings.Check(); err != nil {
		return err
	}
	r.Settings = settings
	r.changed(at)
	return nil
}

// maxTokens is how many tokens a room may have: each is compared with what a bearer
// shows.
const maxTokens = 32

// Mint gives the room one more token. It refuses with [ErrRoomToken] what no token can
// be, and with [ErrTooManyTokens].
func (r *ProvisionedRoom) Mint(t RoomToken) error {
	if err := t.check(); err != nil {
		return err
	}
	return r.setTokens(append(slices.Clone(r.Tokens), t), t.Created)
}

// Rotate puts next in place of a token: it allows the same, for as long, to the same
// subject. The old one is valid for as long as overlap says, at most as long as it was.
// It returns next as it is now, and refuses with [ErrTokenUnknown] and [ErrTooManyTokens].
func (r *ProvisionedRoom) Rotate(id TokenID, next RoomToken, overlap time.Duration) (RoomToken, error) {
	at := next.Created
	i := r.token(id)
	if i < 0 || r.Tokens[i].expired(at) {
		return RoomToken{}, ErrTokenUnknown
	}
	tokens := slices.Clone(r.Tokens)
	old := &tokens[i]
	next.Action, next.Label, next.Subject, next.Expires = old.Action, old.Label, old.Subject, old.Expires
	if until := at.Add(overlap); old.Expires.IsZero() || until.Before(old.Expires) {
		old.Expires = until
	}
	if err := r.setTokens(append(tokens, next), at); err != nil {
		return RoomToken{}, err
	}
	return next, nil
}

// Revoke takes a token away. It refuses with [ErrTokenUnknown].
func (r *ProvisionedRoom) Revoke(id TokenID, at time.Time) error {
	i := r.token(id)
	if i < 0 {
		return ErrTokenUnknown
	}
	r.Tokens = slices.Delete(slices.Clone(r.Tokens), i, i+1)
	r.changed(at)
	return nil
}

// Grant returns what the bearer of a secret may do in the room, and whether it is one
// of the room's tokens. It compares with all of them, each in constant time.
func (r *ProvisionedRoom) Grant(secret TokenSecret) (Grant, bool) {
	hash, found := secret.Hash(), -1
	for i, t := range r.Tokens {
		if t.Hash.equal(hash) {
			found = i
		}
	}
	if found < 0 {
		return Grant{}, false
	}
	return r.Tokens[found].grant(r.Name), true
}

// Rules returns what holds in the room when it is live, where defaults are the
// server's.
func (r *ProvisionedRoom) Rules(defaults RoomRules) RoomRules {
	rules := r.Settings.over(defaults)
	for _, t := range r.Tokens {
		rules.Tokens = append(rules.Tokens, t.ID)
	}
	rules.Version = r.Version
	return rules
}

func (r *ProvisionedRoom) changed(at time.Time) {
	r.Changed = at
	r.Version++
}

func (r *ProvisionedRoom) token(id TokenID) int {
	return slices.IndexFunc(r.Tokens, func(t RoomToken) bool { return t.ID == id })
}

// setTokens gives the room those of the tokens that have not expired. They are its own
// from now on.
func (r *ProvisionedRoom) setTokens(tokens []RoomToken, at time.Time) error {
	tokens = slices.DeleteFunc(tokens, func(t RoomToken) bool { return t.expired(at) })
	if len(tokens) > maxTokens {
		return ErrTooManyTokens
	}
	r.Tokens = tokens
	r.changed(at)
	return nil
}
