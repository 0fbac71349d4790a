package jwt_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"
	"go.uber.org/goleak"

	"rostrum/adapters/jwt"
	"rostrum/domain"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	secret   = "hush-hush-hush-hush-hush-hush-hush"
	trusted  = "https://issuer.example/realms/studio"
	audience = "https://rostrum.example"
)

// pair is what signs and what verifies.
type pair struct {
	method          gojwt.SigningMethod
	private, public any
}

type pairs struct {
	secret, rsa, otherRSA, ecdsa, ed25519, otherEd25519 pair
}

// keys makes keys once: RSA takes its time. Those of Ed25519 are always the same.
var keys = sync.OnceValue(func() pairs {
	a, b, e := must(rsa.GenerateKey(rand.Reader, 2048)), must(rsa.GenerateKey(rand.Reader, 2048)), must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	x := ed25519.NewKeyFromSeed([]byte("the seed of a key for tests only"))
	y := ed25519.NewKeyFromSeed([]byte("another seed of one for tests..."))
	return pairs{
		secret:       pair{gojwt.SigningMethodHS256, []byte(secret), []byte(secret)},
		rsa:          pair{gojwt.SigningMethodRS256, a, &a.PublicKey},
		otherRSA:     pair{gojwt.SigningMethodRS256, b, &b.PublicKey},
		ecdsa:        pair{gojwt.SigningMethodES256, e, &e.PublicKey},
		ed25519:      pair{gojwt.SigningMethodEdDSA, x, x.Public()},
		otherEd25519: pair{gojwt.SigningMethodEdDSA, y, y.Public()},
	}
})

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func (p pairs) public() map[string]pair {
	return map[string]pair{"RS256": p.rsa, "ES256": p.ecdsa, "EdDSA": p.ed25519}
}

// good are the claims of a token that is fine.
func good() gojwt.MapClaims {
	return gojwt.MapClaims{
		"iss": trusted, "aud": []string{"other", audience}, "sub": "anna", "exp": time.Now().Add(time.Hour).Unix(),
		"rostrum_actions": []string{"publish", "play"}, "rostrum_rooms": []string{"stage", "lobby-*"},
	}
}

func with(claims gojwt.MapClaims, name string, value any) gojwt.MapClaims {
	claims = maps.Clone(claims)
	claims[name] = value
	return claims
}

func without(claims gojwt.MapClaims, name string) gojwt.MapClaims {
	claims = maps.Clone(claims)
	delete(claims, name)
	return claims
}

// sign makes a token with more in its header, or something else.
func sign(t testing.TB, method gojwt.SigningMethod, key any, header map[string]any, claims gojwt.MapClaims) string {
	t.Helper()
	token := gojwt.NewWithClaims(method, claims)
	maps.Copy(token.Header, header)
	signed, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func (p pair) sign(t testing.TB, claims gojwt.MapClaims) string {
	t.Helper()
	return sign(t, p.method, p.private, nil, claims)
}

func (p pair) signAs(t testing.TB, id string, claims gojwt.MapClaims) string {
	t.Helper()
	return sign(t, p.method, p.private, map[string]any{"kid": id}, claims)
}

func open(t testing.TB, c jwt.Config) *jwt.Authenticator {
	t.Helper()
	auth, err := jwt.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(auth.Close)
	return auth
}

// local is a configuration with a key of every kind and no network.
func local(t testing.TB) jwt.Config {
	t.Helper()
	p := keys()
	return jwt.Config{
		Issuer: trusted, Audience: []string{audience}, Secret: secret,
		KeyFiles: []string{publicFile(t, p.rsa.public), publicFile(t, p.ecdsa.public), publicFile(t, p.ed25519.public)},
	}
}

func publicFile(t testing.TB, public any) string {
	t.Helper()
	return pemFile(t, "PUBLIC KEY", must(x509.MarshalPKIXPublicKey(public)))
}

func pemFile(t testing.TB, kind string, der []byte) string {
	t.Helper()
	return textFile(t, string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})))
}

func textFile(t testing.TB, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func accepts(t *testing.T, auth *jwt.Authenticator, token string) domain.Grant {
	t.Helper()
	grant, err := auth.Authenticate(t.Context(), token)
	if err != nil {
		t.Fatalf("refused: %v", err)
	}
	return grant
}

// refuses wants a reason that has the words in it, and nothing that is secret.
func refuses(t *testing.T, auth *jwt.Authenticator, token string, is error, words string) {
	t.Helper()
	grant, err := auth.Authenticate(context.WithoutCancel(t.Context()), token)
	if !errors.Is(err, is) || !strings.Contains(err.Error(), words) {
		t.Errorf("error %v, want %v that says %q", err, is, words)
	}
	if len(grant.Permissions) > 0 || grant.Subject != "" {
		t.Errorf("refused, and yet there is a grant: %+v", grant)
	}
	for _, hidden := range append(strings.Split(token, "."), secret) {
		if err != nil && len(hidden) > 4 && strings.Contains(err.Error(), hidden) {
			t.Errorf("the error repeats what is secret: %v", err)
		}
	}
}
