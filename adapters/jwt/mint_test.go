package jwt_test

import (
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/adapters/jwt"
	"rostrum/domain"
)

func anna() jwt.Claims {
	return jwt.Claims{
		Subject: "anna", Actions: []domain.Action{domain.ActionPublish, domain.ActionPlay}, Rooms: []string{"stage", "lobby-*"},
		Issuer: trusted, Audience: []string{audience}, Expires: time.Now().Add(time.Hour).Truncate(time.Second),
	}
}

func privatePEM(t *testing.T, p pair) string {
	t.Helper()
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: must(x509.MarshalPKCS8PrivateKey(p.private))}))
}

// What is minted is taken by who has the key, and grants what was asked for.
func TestMint(t *testing.T) {
	p := keys()
	for name, key := range map[string]string{
		"secret":  secret,
		"RSA":     privatePEM(t, p.rsa),
		"PKCS #1": string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(p.rsa.private.(*rsa.PrivateKey))})),
		"ECDSA":   "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + privatePEM(t, p.ecdsa),
		"SEC 1":   string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: must(x509.MarshalECPrivateKey(p.ecdsa.private.(*ecdsa.PrivateKey)))})),
		"Ed25519": privatePEM(t, p.ed25519),
	} {
		for claim, names := range map[string][2]string{"usual": {}, "paths": {"rostrum.actions", "rostrum.rooms"}} {
			t.Run(name+" "+claim, func(t *testing.T) {
				c, config := anna(), local(t)
				c.ActionsClaim, c.RoomsClaim = names[0], names[1]
				config.ActionsClaim, config.RoomsClaim = names[0], names[1]
				token, err := jwt.Mint(key, c)
				if err != nil {
					t.Fatal(err)
				}
				want := domain.Grant{Subject: "jwt:anna", Permissions: domain.Allow(c.Actions, c.Rooms...), Expires: c.Expires}
				if diff := cmp.Diff(want, accepts(t, open(t, config), token)); diff != "" {
					t.Errorf("grant (-want +got):\n%s", diff)
				}
			})
		}
	}
}

func TestMintRefuses(t *testing.T) {
	public := string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: must(x509.MarshalPKIXPublicKey(keys().rsa.public))}))
	for fault, c := range map[string]struct {
		key    string
		spoil  func(*jwt.Claims)
		advice string
	}{
		"no key":            {"", nil, "openssl rand"},
		"a short secret":    {secret[:31], nil, "openssl rand"},
		"a public key":      {public, nil, "PEM without a private key"},
		"PEM cut short":     {privatePEM(t, keys().rsa)[:300], nil, "PEM without a private key"},
		"PEM of nothing":    {"-----BEGIN PRIVATE KEY-----\naHVzaA==\n-----END PRIVATE KEY-----\n", nil, "malformed private key"},
		"RSA of 1024 bits":  {privatePEM(t, pair{private: weakPrivate()}), nil, "1024 bits"},
		"X25519":            {privatePEM(t, pair{private: must(ecdh.X25519().GenerateKey(rand.Reader))}), nil, "use RSA, ECDSA P-256 or Ed25519"},
		"no subject":        {secret, func(c *jwt.Claims) { c.Subject = "" }, "who holds the token"},
		"a control":         {secret, func(c *jwt.Claims) { c.Subject = "a\tb" }, "control characters"},
		"not UTF-8":         {secret, func(c *jwt.Claims) { c.Subject = "\xff" }, "who holds the token"},
		"no expiry":         {secret, func(c *jwt.Claims) { c.Expires = time.Time{} }, "in the future"},
		"expired":           {secret, func(c *jwt.Claims) { c.Expires = time.Now().Add(-time.Second) }, "in the future"},
		"the year 10000":    {secret, func(c *jwt.Claims) { c.Expires = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }, "year 10000"},
		"no actions":        {secret, func(c *jwt.Claims) { c.Actions = nil }, "no actions"},
		"an unknown action": {secret, func(c *jwt.Claims) { c.Actions = []domain.Action{"watch"} }, `"watch" is unknown`},
		"no rooms":          {secret, func(c *jwt.Claims) { c.Rooms = nil }, "1 to 100 rooms"},
		"101 rooms":         {secret, func(c *jwt.Claims) { c.Rooms = repeated("stage", 101) }, "1 to 100 rooms"},
		"a malformed glob":  {secret, func(c *jwt.Claims) { c.Rooms = []string{"stage", "["} }, `"["`},
		"a claim twice":     {secret, func(c *jwt.Claims) { c.ActionsClaim, c.RoomsClaim = "scope", "scope" }, "a claim of its own"},
		"rooms for expiry":  {secret, func(c *jwt.Claims) { c.RoomsClaim = "exp" }, "a claim of its own"},
		"8 KiB of rooms":    {secret, func(c *jwt.Claims) { c.Rooms = repeated(strings.Repeat("r", 64), 100) }, "8 KiB"},
	} {
		t.Run(fault, func(t *testing.T) {
			claims := anna()
			if c.spoil != nil {
				c.spoil(&claims)
			}
			token, err := jwt.Mint(c.key, claims)
			if err == nil || token != "" || !strings.Contains(err.Error(), c.advice) {
				t.Fatalf("token %q, error %v, want advice: %s", token, err, c.advice)
			}
			if len(c.key) > 20 && (strings.Contains(err.Error(), c.key) || strings.Contains(err.Error(), "hush")) {
				t.Errorf("error %q repeats the key", err)
			}
		})
	}
}
