// Package jwt knows bearers by JSON Web Tokens (RFC 7519) that an identity provider, or
// whoever holds a configured key, has signed. None of its errors contains a token or a key.
package jwt

import (
	"context"
	"errors"
	"strings"

	gojwt "github.com/golang-jwt/jwt/v5"

	"rostrum/domain"
	"rostrum/ports"
)

var _ ports.Authenticator = (*Authenticator)(nil)

// maxToken is more than a token with a hundred rooms has, and than most proxies let
// through in a header.
const maxToken = 8 << 10

// Authenticator is ports.Authenticator for signed tokens. It holds no lock, and asks the
// network only about tokens whose key it has not seen yet.
type Authenticator struct {
	parser    *gojwt.Parser
	validator *gojwt.Validator
	shape     shape
	fixed     keyring // of the configuration
	issuer    *issuer // nil: there are no other keys
}

// Open returns an authenticator for the keys that c names, or says what to change in c. It
// reads the key files, and asks the issuer for its keys once, for at most 5 s. An issuer
// that is away does not fail it: that is logged, and the issuer is asked again in the
// background until Close. ctx ends only Open itself.
func Open(ctx context.Context, c Config) (*Authenticator, error) {
	c = c.withDefaults()
	if err := c.check(); err != nil {
		return nil, err
	}
	fixed, err := c.fixedKeys()
	if err != nil {
		return nil, err
	}
	a := &Authenticator{
		parser:    gojwt.NewParser(append(c.validation(), gojwt.WithValidMethods(algorithms), gojwt.WithStrictDecoding())...),
		validator: gojwt.NewValidator(c.validation()...),
		shape:     shape{actions: c.ActionsClaim, rooms: c.RoomsClaim, leeway: c.Leeway},
		fixed:     fixed,
	}
	if c.asksIssuer() {
		if a.issuer, err = follow(ctx, newSource(c), c.Refresh, c.Log); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// Close ends what Open began and waits for it. Tokens of the keys that are known by then
// are still verified.
func (a *Authenticator) Close() {
	if a.issuer != nil {
		a.issuer.close()
	}
}

// Authenticate is ports.Authenticator.Authenticate. The grant's subject is the token's
// "sub" behind "jwt:", so that no issuer can name a subject of the configuration.
//
// A token of a known key is verified without the network. For one of an unknown key the
// issuer is asked, for at most 3 s: when it is away, or lists no key of use, the answer is
// domain.ErrUnavailable, since the token may well be good; when it does not list that key,
// or has been asked within the last 10 s, domain.ErrTokenInvalid. It returns the error of
// ctx when that ends meanwhile.
func (a *Authenticator) Authenticate(ctx context.Context, token string) (domain.Grant, error) {
	switch {
	case token == "":
		return domain.Grant{}, domain.ErrTokenMissing
	case len(token) > maxToken:
		return domain.Grant{}, errLong
	case strings.Trim(token, tokenLetters) != "":
		return domain.Grant{}, errMalformed
	}
	claims, err := a.verify(ctx, token)
	if err != nil {
		return domain.Grant{}, err
	}
	return a.shape.grant(claims)
}

// verify returns the claims of a token that one of the keys has signed and that is for
// this server, now.
func (a *Authenticator) verify(ctx context.Context, token string) (gojwt.MapClaims, error) {
	var listed *known
	if a.issuer != nil {
		listed = a.issuer.latest.Load()
	}
	parsed, err := a.parse(token, listed)
	if errors.Is(err, gojwt.ErrTokenSignatureInvalid) && a.wouldPass(parsed) && listed.mayLack(parsed) {
		newer, asking := a.issuer.newer(ctx, parsed)
		if asking != nil {
			return nil, asking
		}
		if parsed, err = a.parse(token, newer); newer.err != nil && errors.Is(err, gojwt.ErrTokenSignatureInvalid) {
			return nil, errIssuerAway
		}
	}
	if err != nil {
		return nil, a.refusal(parsed, err)
	}
	return parsed.Claims.(gojwt.MapClaims), nil
}

// parse verifies a token by the keys that can have signed it.
func (a *Authenticator) parse(token string, listed *known) (*gojwt.Token, error) {
	return a.parser.ParseWithClaims(token, gojwt.MapClaims{}, func(t *gojwt.Token) (any, error) {
		if _, critical := t.Header["crit"]; critical { // RFC 7515 §4.1.11: we know no extension
			return nil, errMalformed
		}
		id, ok := keyID(t)
		if !ok {
			return nil, errMalformed
		}
		set := a.fixed.candidates(t.Method.Alg(), id)
		if listed != nil {
			set = append(set, listed.ring.candidates(t.Method.Alg(), id)...)
		}
		if len(set) == 0 {
			return nil, gojwt.ErrTokenSignatureInvalid
		}
		return gojwt.VerificationKeySet{Keys: set}, nil
	})
}

// wouldPass reports whether a token is good but for its signature: for any other it is
// not worth to ask.
func (a *Authenticator) wouldPass(t *gojwt.Token) bool { return a.validator.Validate(t.Claims) == nil }

// keyID returns the key's id that the token's header names, "" for none, and false when
// it is not a string.
func keyID(t *gojwt.Token) (string, bool) {
	value, named := t.Header["kid"]
	id, ok := value.(string)
	return id, ok || !named
}
