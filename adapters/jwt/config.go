package jwt

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"
)

// minSecret is what HS256 asks for: as many bits as the hash has (RFC 7518 §3.2).
const minSecret = 32

// Config says whose tokens are taken. The keys come from the issuer, from files, from a
// secret, or from several of them.
type Config struct {
	// Issuer is what a token's "iss" must be; "" leaves it unchecked, and is refused
	// where the issuer is asked for its keys.
	Issuer string
	// Audience lists what stands for this server in a token's "aud", which must have one
	// of them. Without it every token of the issuer is taken, those for its other
	// applications too: leave it empty only where the issuer serves Rostrum alone.
	Audience []string
	// JWKSURL is where the issuer lists its keys (RFC 7517). Where it is "", and there
	// are neither KeyFiles nor a Secret, it is found by OpenID Connect discovery at
	// Issuer + "/.well-known/openid-configuration". Both must be https, or http on this
	// machine, unless the issuer itself is http.
	JWKSURL string
	// KeyFiles are PEM files with one public key or certificate each: RSA of at least
	// 2048 bits, ECDSA P-256 or Ed25519. Of a certificate only the key is looked at.
	KeyFiles []string
	// Secret verifies HS256 and has at least 32 bytes. Whoever knows it can sign.
	Secret string
	// Leeway is by how much clocks may differ; a grant lasts as much longer than its
	// token says.
	Leeway time.Duration
	// Refresh is how often the issuer's keys are fetched anew, and so how long a key that
	// it withdraws is still taken; 0 is an hour.
	Refresh time.Duration
	// ActionsClaim and RoomsClaim name the claims that say what may be done and where;
	// "" is rostrum_actions and rostrum_rooms. Each is an array of strings, or one string
	// separated by spaces. A name with dots is looked for as it stands and then as a path
	// into objects: "rostrum.actions".
	ActionsClaim, RoomsClaim string
	// Log is told when the issuer is away and when it is back; nil for nowhere.
	Log *slog.Logger
	// Transport carries the requests to the issuer; nil for HTTP with the proxies of the
	// environment and the system's certificates.
	Transport http.RoundTripper
}

func (c Config) withDefaults() Config {
	if c.Refresh == 0 {
		c.Refresh = time.Hour
	}
	c.ActionsClaim, c.RoomsClaim = claimNames(c.ActionsClaim, c.RoomsClaim)
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

// registered are the claims that mean the same in every token (RFC 7519 §4.1).
var registered = []string{"iss", "sub", "aud", "exp", "nbf", "iat", "jti"}

func checkClaimNames(actions, rooms string) error {
	if actions == rooms || slices.Contains(registered, actions) || slices.Contains(registered, rooms) {
		return fmt.Errorf("actions in the claim %q and rooms in %q: give each a claim of its own, and none of %s", actions, rooms, strings.Join(registered, ", "))
	}
	return nil
}

func claimNames(actions, rooms string) (string, string) {
	if actions == "" {
		actions = "rostrum_actions"
	}
	if rooms == "" {
		rooms = "rostrum_rooms"
	}
	return actions, rooms
}

// asksIssuer reports whether keys are fetched.
func (c Config) asksIssuer() bool {
	return c.JWKSURL != "" || len(c.KeyFiles) == 0 && c.Secret == ""
}

func (c Config) check() error {
	switch {
	case c.Leeway < 0 || c.Leeway > time.Hour:
		return errors.New("auth.jwt.leeway must be 0 to an hour: set by how much clocks may differ")
	case c.Refresh < 0:
		return errors.New("auth.jwt.refresh must not be negative: set how often keys are fetched, or 0 for every hour")
	case slices.Contains(c.Audience, ""):
		return errors.New("auth.jwt.audience has an empty entry: name what stands for this server in the claim \"aud\", or take it out")
	}
	if err := checkClaimNames(c.ActionsClaim, c.RoomsClaim); err != nil {
		return fmt.Errorf("auth.jwt.actions_claim, auth.jwt.rooms_claim: %w", err)
	}
	if c.Secret != "" {
		if err := checkSecret(c.Secret); err != nil {
			return fmt.Errorf("auth.jwt.secret %w", err)
		}
	}
	if c.asksIssuer() {
		return c.checkAddresses()
	}
	return nil
}

func (c Config) checkAddresses() error {
	if c.Issuer == "" && c.JWKSURL == "" {
		return errors.New("no key for tokens: set auth.jwt.issuer, auth.jwt.key_files or auth.jwt.secret")
	}
	if c.Issuer == "" {
		return errors.New("auth.jwt.jwks_url is set and auth.jwt.issuer is not: set it to what the issuer writes into the claim \"iss\"")
	}
	if c.JWKSURL != "" {
		if err := checkAddress(c.JWKSURL, c.Issuer); err != nil {
			return fmt.Errorf("auth.jwt.jwks_url %w", err)
		}
		return nil
	}
	if err := checkAddress(c.Issuer, c.Issuer); err != nil {
		return fmt.Errorf("auth.jwt.issuer %w. Or set auth.jwt.jwks_url, auth.jwt.key_files or auth.jwt.secret", err)
	}
	return nil
}

func checkSecret(secret string) error {
	if len(secret) < minSecret {
		return fmt.Errorf("has less than %d bytes: use a random one, as \"openssl rand -base64 32\" makes", minSecret)
	}
	if strings.Contains(secret, "-----BEGIN ") {
		return errors.New("is a PEM key, which others may know: name its file in auth.jwt.key_files, or use a random secret")
	}
	return nil
}

func (c Config) fixedKeys() (keyring, error) {
	var ring keyring
	for _, name := range c.KeyFiles {
		k, err := readKey(name)
		if err != nil {
			return nil, fmt.Errorf("auth.jwt.key_files: %s %w", name, err)
		}
		ring = append(ring, k)
	}
	if c.Secret != "" {
		ring = append(ring, &key{algorithm: gojwt.SigningMethodHS256.Alg(), material: []byte(c.Secret)})
	}
	return ring, nil
}

// validation is what claims are held against.
func (c Config) validation() []gojwt.ParserOption {
	options := []gojwt.ParserOption{gojwt.WithExpirationRequired(), gojwt.WithIssuedAt(), gojwt.WithLeeway(c.Leeway)}
	if c.Issuer != "" {
		options = append(options, gojwt.WithIssuer(c.Issuer))
	}
	if len(c.Audience) > 0 {
		options = append(options, gojwt.WithAudience(slices.Clone(c.Audience)...))
	}
	return options
}
