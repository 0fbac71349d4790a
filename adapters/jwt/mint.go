package jwt

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"

	"rostrum/domain"
)

// Claims are what a minted token says.
type Claims struct {
	Subject  string
	Actions  []domain.Action
	Rooms    []string // names or globs
	Issuer   string   // "": none
	Audience []string // nil: none
	Expires  time.Time
	// ActionsClaim and RoomsClaim are as in Config.
	ActionsClaim, RoomsClaim string
}

// Mint returns a token for development, signed by a secret (HS256, at least 32 bytes) or by
// a private key in PEM (RS256, ES256 or EdDSA, as its type has it). It refuses what no
// Authenticator would take and what would grant nothing, and says why.
func Mint(secretOrPEM string, c Claims) (string, error) {
	actions, rooms := claimNames(c.ActionsClaim, c.RoomsClaim)
	if err := errors.Join(c.check(), checkClaimNames(actions, rooms)); err != nil {
		return "", err
	}
	method, signer, err := parseSigner(secretOrPEM)
	if err != nil {
		return "", fmt.Errorf("the key %w", err)
	}
	claims := gojwt.MapClaims{
		"sub":   c.Subject,
		"iat":   gojwt.NewNumericDate(time.Now()),
		"exp":   gojwt.NewNumericDate(c.Expires),
		actions: c.Actions,
		rooms:   c.Rooms,
	}
	if c.Issuer != "" {
		claims["iss"] = c.Issuer
	}
	if len(c.Audience) > 0 {
		claims["aud"] = c.Audience
	}
	token, err := gojwt.NewWithClaims(method, claims).SignedString(signer)
	if err != nil {
		return "", fmt.Errorf("sign the token: %w", err)
	}
	if len(token) > maxToken {
		return "", errors.New("the token is longer than 8 KiB: name fewer rooms, or use globs")
	}
	return token, nil
}

func (c Claims) check() error {
	switch {
	case !isSubject(c.Subject):
		return errors.New("the subject must have 1 to 200 characters, none of them control characters: name who holds the token")
	case !c.Expires.After(time.Now()) || c.Expires.After(lastTime):
		return errors.New("the token must expire in the future, before the year 10000: say when")
	case len(c.Actions) == 0:
		return errors.New("the token has no actions: give it some of publish, play, admin")
	case len(c.Rooms) == 0 || len(c.Rooms) > maxRooms:
		return fmt.Errorf("the token must have 1 to %d rooms: give it names or globs, \"*\" for every room", maxRooms)
	}
	for _, action := range c.Actions {
		if _, ok := domain.ParseAction(string(action)); !ok {
			return fmt.Errorf("action %q is unknown: use publish, play or admin", action)
		}
	}
	if i := slices.IndexFunc(c.Rooms, isNoGlob); i >= 0 {
		return fmt.Errorf("room glob %q is empty or malformed: close its brackets, or use \"*\" alone", c.Rooms[i])
	}
	return nil
}

// parseSigner returns what signs. Its errors go behind "the key".
func parseSigner(secretOrPEM string) (gojwt.SigningMethod, any, error) {
	if !strings.Contains(secretOrPEM, "-----BEGIN ") {
		if err := checkSecret(secretOrPEM); err != nil {
			return nil, nil, err
		}
		return gojwt.SigningMethodHS256, []byte(secretOrPEM), nil
	}
	private, err := parsePrivate(secretOrPEM)
	if err != nil {
		return nil, nil, err
	}
	algorithm, err := algorithmOf(private.Public())
	if err != nil {
		return nil, nil, err
	}
	return gojwt.GetSigningMethod(algorithm), private, nil
}

// parsePrivate never repeats what it read.
func parsePrivate(text string) (crypto.Signer, error) {
	for block, rest := pem.Decode([]byte(text)); block != nil; block, rest = pem.Decode(rest) {
		var private any
		var err error
		switch block.Type {
		case "PRIVATE KEY":
			private, err = x509.ParsePKCS8PrivateKey(block.Bytes)
		case "RSA PRIVATE KEY":
			private, err = x509.ParsePKCS1PrivateKey(block.Bytes)
		case "EC PRIVATE KEY":
			private, err = x509.ParseECPrivateKey(block.Bytes)
		default: // EC PARAMETERS, as openssl writes before the key
			continue
		}
		if err != nil {
			return nil, errors.New("is a malformed private key: write its file again")
		}
		switch k := private.(type) {
		case *rsa.PrivateKey:
			return k, nil
		case *ecdsa.PrivateKey:
			return k, nil
		case ed25519.PrivateKey:
			return k, nil
		}
		return nil, errors.New("is of another kind: use RSA, ECDSA P-256 or Ed25519")
	}
	return nil, errors.New("is PEM without a private key: give one that is not encrypted, as \"openssl genpkey\" makes")
}
