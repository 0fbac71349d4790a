// Package statictoken knows bearers by tokens that the configuration lists. It
// keeps their SHA-256 alone, and none of its errors contains a token.
package statictoken

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"slices"

	"rostrum/domain"
	"rostrum/ports"
)

var _ ports.Authenticator = (*Authenticator)(nil)

// Anonymous is the subject of whoever comes without a token. All of them are one
// subject, which no token may have.
const Anonymous domain.Subject = "anonymous"

// Token is one token and what it grants: the actions on the rooms that one of
// the globs matches.
type Token struct {
	Token   string
	Subject domain.Subject
	Actions []domain.Action
	Rooms   []string
}

// Authenticator is ports.Authenticator for a fixed list of tokens. It does not
// change after New, so it needs no lock and never blocks.
type Authenticator struct {
	entries   []entry
	anonymous *domain.Grant // nil: a token is needed
}

type entry struct {
	hash  [sha256.Size]byte
	grant domain.Grant
}

// New returns an authenticator for the tokens. What anybody may do without one is
// given as "action:glob", "play:*" or "publish:lobby-*".
//
// It refuses entries that grant nothing, too much or by mistake, and says which
// one and what to do: tokens under 8 characters, two that are the same, unknown
// actions, malformed globs ([path.Match]), missing subjects, anonymous admins.
// Nothing passed in is retained.
func New(tokens []Token, anonymous []string) (*Authenticator, error) {
	a := &Authenticator{}
	for i, t := range tokens {
		if err := t.check(); err != nil {
			return nil, atEntry("token", i, t.Subject, err)
		}
		hash := sha256.Sum256([]byte(t.Token))
		if twin := slices.IndexFunc(a.entries, func(e entry) bool { return e.hash == hash }); twin >= 0 {
			return nil, atEntry("token", i, t.Subject, sameAs(twin))
		}
		a.entries = append(a.entries, entry{hash, domain.Grant{Subject: t.Subject, Permissions: domain.Allow(t.Actions, t.Rooms...)}})
	}
	anybody, err := parseAnonymous(anonymous)
	if err != nil {
		return nil, err
	}
	a.anonymous = anybody
	return a, nil
}

// Authenticate is ports.Authenticator.Authenticate. It compares with every token,
// always, so its time depends on how long the given one is and nothing else.
func (a *Authenticator) Authenticate(_ context.Context, token string) (domain.Grant, error) {
	if token == "" {
		if a.anonymous == nil {
			return domain.Grant{}, domain.ErrTokenMissing
		}
		return clone(*a.anonymous), nil
	}
	hash := sha256.Sum256([]byte(token))
	found := -1
	for i := range a.entries {
		found = subtle.ConstantTimeSelect(subtle.ConstantTimeCompare(hash[:], a.entries[i].hash[:]), i, found)
	}
	if found < 0 {
		return domain.Grant{}, domain.ErrTokenInvalid
	}
	return clone(a.entries[found].grant), nil
}

// clone lets holders of a grant do with it what they like.
func clone(g domain.Grant) domain.Grant {
	g.Permissions = slices.Clone(g.Permissions)
	return g
}
