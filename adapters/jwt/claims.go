package jwt

import (
	"path"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	gojwt "github.com/golang-jwt/jwt/v5"

	"rostrum/domain"
)

const (
	maxSubject = 200
	maxRooms   = 100
	subjectOf  = "jwt:"
)

// lastTime is the end of the last year that RFC 3339 can write.
var lastTime = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)

var (
	errSubject = domain.ErrTokenInvalid.Because("The token does not say whose it is: its claim \"sub\" must have 1 to 200 characters, none of them control characters. Ask its issuer for one that does.")
	errRooms   = domain.ErrTokenInvalid.Because("The token names more than 100 rooms. Ask its issuer for one with globs, \"team-*\".")
)

// shape says where a token's claims are and how long they last.
type shape struct {
	actions, rooms string
	leeway         time.Duration
}

// grant returns what verified claims grant. Actions that are unknown, so that an issuer
// may have some for other servers, and globs that are malformed grant nothing; nor does a
// token without actions or without rooms, but its bearer is known.
func (s shape) grant(c gojwt.MapClaims) (domain.Grant, error) {
	subject, err := c.GetSubject()
	if err != nil || !isSubject(subject) {
		return domain.Grant{}, errSubject
	}
	if !sensibleTimes(c) {
		return domain.Grant{}, errClaims
	}
	expires, err := c.GetExpirationTime()
	if err != nil || expires == nil {
		return domain.Grant{}, errUnlimited
	}
	actions, fine := list(c, s.actions)
	rooms, alsoFine := list(c, s.rooms)
	switch {
	case !fine || !alsoFine:
		return domain.Grant{}, errClaims
	case len(rooms) > maxRooms:
		return domain.Grant{}, errRooms
	}
	return domain.Grant{
		Subject:     domain.Subject(subjectOf + subject),
		Permissions: domain.Allow(knownActions(actions), slices.DeleteFunc(rooms, isNoGlob)...),
		Expires:     expires.Add(s.leeway).UTC(),
	}, nil
}

// isSubject refuses the replacement character, too: bytes that are no UTF-8 are read as
// it, and two who differ in these would be one.
func isSubject(s string) bool {
	return s != "" && utf8.RuneCountInString(s) <= maxSubject &&
		!strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == utf8.RuneError })
}

// sensibleTimes keeps out numbers that a time cannot hold.
func sensibleTimes(c gojwt.MapClaims) bool {
	for _, name := range []string{"exp", "nbf", "iat"} {
		if seconds, ok := c[name].(float64); ok && (seconds < 0 || seconds > float64(lastTime.Unix())) {
			return false
		}
	}
	return true
}

func knownActions(names []string) []domain.Action {
	var known []domain.Action
	for _, name := range names {
		if action, ok := domain.ParseAction(name); ok && !slices.Contains(known, action) {
			known = append(known, action)
		}
	}
	return known
}

func isNoGlob(glob string) bool {
	_, err := path.Match(glob, "")
	return glob == "" || err != nil
}

// list returns a claim that is an array of strings, or one string separated by spaces, and
// whether it is one of them. It may be missing.
func list(c map[string]any, name string) ([]string, bool) {
	switch value := find(c, name).(type) {
	case nil:
		return nil, true
	case string:
		return strings.Fields(value), true
	case []any:
		all := make([]string, len(value))
		for i, entry := range value {
			var ok bool
			if all[i], ok = entry.(string); !ok {
				return nil, false
			}
		}
		return all, true
	default:
		return nil, false
	}
}

// find looks for the whole name first: issuers that ask for claims named like URLs have
// dots in them.
func find(object map[string]any, name string) any {
	if value, ok := object[name]; ok {
		return value
	}
	first, rest, dotted := strings.Cut(name, ".")
	inner, ok := object[first].(map[string]any)
	if !dotted || !ok {
		return nil
	}
	return find(inner, rest)
}
