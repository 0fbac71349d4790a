package jwt

import (
	"errors"
	"slices"

	gojwt "github.com/golang-jwt/jwt/v5"

	"rostrum/domain"
)

// tokenLetters are what a token in compact form consists of. Go's base64 would pass over
// line ends.
const tokenLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."

// What is wrong with a token, in words that help the honest. A signature that is forged
// and a key that is not known are one to them.
var (
	errLong      = domain.ErrTokenInvalid.Because("The token is longer than 8 KiB. Ask its issuer for one with fewer claims.")
	errMalformed = domain.ErrTokenInvalid.Because("The token is not a JSON Web Token as this server takes them. Check that it was copied whole, or ask its issuer for a new one.")
	errAlgorithm = domain.ErrTokenInvalid.Because("The token is signed by another algorithm than HS256, RS256, ES256 or EdDSA. Have its issuer use one of these.")
	errSignature = domain.ErrTokenInvalid.Because("The token is not signed by a key that is known here. Ask its issuer for a new one.")
	errExpired   = domain.ErrTokenInvalid.Because("The token has expired. Ask its issuer for a new one.")
	errTooEarly  = domain.ErrTokenInvalid.Because("The token is not valid yet. Try again later, or have the clocks of its issuer and this server set right.")
	errIssuer    = domain.ErrTokenInvalid.Because("The token comes from another issuer than the one trusted here. Ask the operator which one that is.")
	errAudience  = domain.ErrTokenInvalid.Because("The token is for another audience. Ask its issuer for one that is for this server.")
	errUnlimited = domain.ErrTokenInvalid.Because("The token never expires, and such tokens are refused. Ask its issuer for one with the claim \"exp\".")
	errClaims    = domain.ErrTokenInvalid.Because("A claim of the token is not of the type that it must have. Ask its issuer for a new one.")

	errIssuerAway = domain.ErrUnavailable.Because("The issuer of the token does not give out its keys just now, so the token cannot be checked. Try again in a moment.")
)

// reasons are the library's errors as refusals, in the order in which they help most.
var reasons = []struct {
	is   error
	says error
}{
	{gojwt.ErrTokenInvalidIssuer, errIssuer},
	{gojwt.ErrTokenInvalidAudience, errAudience},
	{gojwt.ErrTokenExpired, errExpired},
	{gojwt.ErrTokenNotValidYet, errTooEarly},
	{gojwt.ErrTokenUsedBeforeIssued, errTooEarly},
	{gojwt.ErrInvalidType, errClaims},
}

// refusal says why a token was not taken. Where no key fits the reason is what is wrong
// with its claims, if anything is: who shows an old token of a withdrawn key has to hear
// that it has expired.
func (a *Authenticator) refusal(t *gojwt.Token, err error) error {
	if errors.Is(err, errMalformed) || errors.Is(err, gojwt.ErrTokenMalformed) || t == nil {
		return errMalformed
	}
	if algorithm, ok := t.Header["alg"].(string); !ok || !slices.Contains(algorithms, algorithm) {
		return errAlgorithm
	}
	if errors.Is(err, gojwt.ErrTokenSignatureInvalid) {
		if err = a.validator.Validate(t.Claims); err == nil {
			return errSignature
		}
	}
	for _, reason := range reasons {
		if errors.Is(err, reason.is) {
			return reason.says
		}
	}
	return lacking(t.Claims)
}

// lacking says which claim a token does without.
func lacking(c gojwt.Claims) error {
	if expires, _ := c.GetExpirationTime(); expires == nil {
		return errUnlimited
	}
	if from, _ := c.GetIssuer(); from == "" {
		return errIssuer
	}
	return errAudience
}
