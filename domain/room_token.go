package domain

import (
	"crypto/sha256"
	"crypto/subtle"
	"strings"
	"time"
)

// TokenID identifies a room's token. It is no secret.
type TokenID string

// TokenHash is the SHA-256 of a secret, which is all that is kept of it: a secret has
// 130 random bits, so that no slower hash makes it safer.
type TokenHash [sha256.Size]byte

// equal compares in constant time.
func (h TokenHash) equal(other TokenHash) bool {
	return subtle.ConstantTimeCompare(h[:], other[:]) == 1
}

// TokenSecret is what the bearer of a room's token shows: "rostrum.", the room's name,
// a dot and 26 random letters and digits. So it tells by itself in which room to look
// for it, and leaked ones can be searched for.
type TokenSecret string

const secretPrefix = "rostrum."

// NewTokenSecret returns the secret of a token of the room. random must come from a
// cryptographic source.
func NewTokenSecret(room RoomName, random string) TokenSecret {
	return TokenSecret(secretPrefix + string(room) + "." + random)
}

// ParseTokenSecret returns a bearer's token as the secret of a room's token and the
// room, and whether it has the form of one.
func ParseTokenSecret(token string) (TokenSecret, RoomName, bool) {
	rest, ok := strings.CutPrefix(token, secretPrefix)
	if !ok {
		return "", "", false
	}
	room, _, ok := strings.Cut(rest, ".")
	name, err := ParseRoomName(room)
	if !ok || err != nil {
		return "", "", false
	}
	return TokenSecret(token), name, true
}

// Hash returns what is kept of the secret.
func (s TokenSecret) Hash() TokenHash { return sha256.Sum256([]byte(s)) }

// RoomToken is a token that a room has of its own: it allows one action there.
type RoomToken struct {
	ID      TokenID
	Label   string  // for people: whose it is
	Action  Action  // ActionPublish or ActionPlay
	Subject Subject // of the sessions that are begun by it; a token that takes its place has the same
	Hash    TokenHash
	Created time.Time
	Expires time.Time // zero: never
}

func (t RoomToken) check() error {
	switch {
	case t.Action != ActionPublish && t.Action != ActionPlay:
		return ErrRoomToken.Because("A room's token is for publish or for play.")
	case !isText(t.Label, maxDisplayName):
		return ErrRoomToken.Because("A token's label has at most 200 characters, none of them control characters.")
	case t.expired(t.Created):
		return ErrRoomToken.Because("A token must expire in the future, or never.")
	}
	return nil
}

func (t RoomToken) expired(at time.Time) bool { return !t.Expires.IsZero() && !at.Before(t.Expires) }

func (t RoomToken) grant(room RoomName) Grant {
	return Grant{
		Subject:     t.Subject,
		Permissions: []Permission{{Action: t.Action, Rooms: string(room)}},
		Expires:     t.Expires,
		Token:       t.ID,
	}
}
