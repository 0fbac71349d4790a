package jwt_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/MicahParks/jwkset"
	gojwt "github.com/golang-jwt/jwt/v5"

	"rostrum/adapters/jwt"
	"rostrum/domain"
)

// listen serves what answer says until the test is over.
func listen(t testing.TB, answer func(path string) (int, string)) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status, body := answer(r.URL.Path)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	return server
}

// jwk is a public key as an issuer lists it, with more in it, or something else.
func jwk(t testing.TB, p pair, id string, more map[string]any) string {
	t.Helper()
	key, err := jwkset.NewJWKFromKey(p.public, jwkset.JWKOptions{
		Marshal: jwkset.JWKMarshalOptions{Private: true}, Metadata: jwkset.JWKMetadataOptions{KID: id},
	})
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(must(json.Marshal(key.Marshal())), &fields); err != nil {
		t.Fatal(err)
	}
	maps.Copy(fields, more)
	return string(must(json.Marshal(fields)))
}

func keySet(t testing.TB, list ...string) string {
	t.Helper()
	return `{"keys":[` + strings.Join(list, ",") + `]}`
}

// provider is an issuer whose keys a test changes. It counts how often they are fetched.
type provider struct {
	url     string
	answer  atomic.Pointer[string] // to /jwks; nil: 503
	fetches atomic.Int64
}

func newProvider(t testing.TB, list ...string) *provider {
	t.Helper()
	p := &provider{}
	p.lists(t, list...)
	p.url = listen(t, func(path string) (int, string) {
		if path == "/.well-known/openid-configuration" {
			return 200, fmt.Sprintf(`{"issuer":%q,"jwks_uri":%q}`, p.url, p.url+"/jwks")
		}
		p.fetches.Add(1)
		if body := p.answer.Load(); body != nil {
			return 200, *body
		}
		return 503, ""
	}).URL
	return p
}

func (p *provider) lists(t testing.TB, list ...string) {
	t.Helper()
	set := keySet(t, list...)
	p.answer.Store(&set)
}

// claims are good ones of this provider.
func (p *provider) claims() gojwt.MapClaims { return with(good(), "iss", p.url) }

func TestKeysOfAnIssuer(t *testing.T) {
	k := keys()
	p := newProvider(t, jwk(t, k.rsa, "r", nil), jwk(t, k.ecdsa, "e", map[string]any{"alg": "ES256", "use": "sig"}),
		jwk(t, k.ed25519, "d", map[string]any{"key_ops": []string{"verify"}}))
	for name, config := range map[string]jwt.Config{
		"by discovery": {Issuer: p.url},
		"by jwks_url":  {Issuer: p.url, JWKSURL: p.url + "/jwks"},
	} {
		t.Run(name, func(t *testing.T) {
			auth := open(t, config)
			for id, by := range map[string]pair{"r": k.rsa, "e": k.ecdsa, "d": k.ed25519} {
				accepts(t, auth, by.signAs(t, id, p.claims()))
				accepts(t, auth, by.sign(t, p.claims())) // without kid
			}
			refuses(t, auth, k.rsa.signAs(t, "e", p.claims()), domain.ErrTokenInvalid, "not signed by a key")
			refuses(t, auth, k.rsa.signAs(t, "r", with(p.claims(), "iss", p.url+"/")), domain.ErrTokenInvalid, "another issuer")
			refuses(t, auth, k.otherRSA.signAs(t, "r", p.claims()), domain.ErrTokenInvalid, "not signed by a key")
			refuses(t, auth, "", domain.ErrTokenMissing, "")
		})
	}
}

// Files and a secret beside an issuer go on when it does not know the key.
func TestKeysOfAnIssuerAndOfTheConfiguration(t *testing.T) {
	k := keys()
	p := newProvider(t, jwk(t, k.rsa, "r", nil))
	auth := open(t, jwt.Config{Issuer: p.url, JWKSURL: p.url + "/jwks", Secret: secret, KeyFiles: []string{publicFile(t, k.ed25519.public)}})
	p.answer.Store(nil)
	for _, by := range []pair{k.secret, k.ed25519, k.rsa} {
		accepts(t, auth, by.signAs(t, "r", p.claims()))
	}
	accepts(t, auth, k.ed25519.signAs(t, "of nobody", p.claims()))
	if n := p.fetches.Load(); n != 1 {
		t.Errorf("%d fetches, want the first alone", n)
	}
}

// An issuer lists keys for other purposes, and malformed ones, beside good ones.
func TestKeysThatAreNotUsed(t *testing.T) {
	k := keys()
	fine := jwk(t, k.ecdsa, "fine", nil)
	for name, c := range map[string]struct {
		listed string
		by     pair
	}{
		"alg of another kind":    {jwk(t, k.rsa, "x", map[string]any{"alg": "RS512"}), k.rsa},
		"alg of another family":  {jwk(t, k.rsa, "x", map[string]any{"alg": "PS256"}), k.rsa},
		"alg of another key":     {jwk(t, k.rsa, "x", map[string]any{"alg": "ES256"}), k.rsa},
		"alg HS256 for RSA":      {jwk(t, k.rsa, "x", map[string]any{"alg": "HS256"}), k.rsa},
		"alg none":               {jwk(t, k.rsa, "x", map[string]any{"alg": "none"}), k.rsa},
		"for encryption":         {jwk(t, k.rsa, "x", map[string]any{"use": "enc"}), k.rsa},
		"for another use":        {jwk(t, k.rsa, "x", map[string]any{"use": "tls"}), k.rsa},
		"not for verifying":      {jwk(t, k.rsa, "x", map[string]any{"key_ops": []string{"encrypt"}}), k.rsa},
		"crv of another curve":   {jwk(t, k.ecdsa, "x", map[string]any{"crv": "P-384"}), k.ecdsa},
		"a point off its curve":  {jwk(t, k.ecdsa, "x", map[string]any{"x": "AQ"}), k.ecdsa},
		"crv X25519":             {jwk(t, k.ed25519, "x", map[string]any{"crv": "X25519"}), k.ed25519},
		"kty of another":         {jwk(t, k.rsa, "x", map[string]any{"kty": "EC"}), k.rsa},
		"no modulus":             {jwk(t, k.rsa, "x", map[string]any{"n": ""}), k.rsa},
		"an exponent of 1":       {jwk(t, k.rsa, "x", map[string]any{"e": "AQ"}), k.rsa},
		"kid that is a number":   {jwk(t, k.rsa, "x", map[string]any{"kid": 7}), k.rsa},
		"symmetric (oct)":        {jwk(t, k.secret, "x", nil), k.secret},
		"symmetric, for HS256":   {jwk(t, k.secret, "x", map[string]any{"alg": "HS256", "use": "sig"}), k.secret},
		"a string":               {`"x"`, k.rsa},
		"null":                   {`null`, k.rsa},
		"a list":                 {`[]`, k.rsa},
		"certificates of others": {jwk(t, k.rsa, "x", map[string]any{"x5c": []string{"MIIB"}}), k.rsa},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProvider(t, c.listed, fine)
			auth := open(t, jwt.Config{Issuer: p.url})
			refuses(t, auth, c.by.signAs(t, "x", p.claims()), domain.ErrTokenInvalid, "not signed by a key")
			if c.by.method != k.ecdsa.method {
				refuses(t, auth, c.by.sign(t, p.claims()), domain.ErrTokenInvalid, "not signed by a key")
			}
			accepts(t, auth, k.ecdsa.signAs(t, "fine", p.claims()))
		})
	}
}

func TestWeakKeysAreNotUsed(t *testing.T) {
	for name, public := range map[string]any{"RSA of 1024 bits": weakRSA(), "P-384": p384()} {
		t.Run(name, func(t *testing.T) {
			p := newProvider(t, jwk(t, pair{public: public}, "x", nil))
			auth, log := openLogged(t, jwt.Config{Issuer: p.url})
			log.says(t, "lists no key for RS256, ES256 or EdDSA")
			refuses(t, auth, keys().rsa.signAs(t, "x", p.claims()), domain.ErrUnavailable, "issuer")
		})
	}
}

// A key that a private one is listed with is the public one all the same.
func TestPrivateKeysThatAnIssuerLists(t *testing.T) {
	k := keys()
	p := newProvider(t, jwk(t, pair{public: k.ecdsa.private}, "e", nil))
	accepts(t, open(t, jwt.Config{Issuer: p.url}), k.ecdsa.signAs(t, "e", p.claims()))
}

// A new key is found by the first token that names it.
func TestRotatedKey(t *testing.T) {
	k := keys()
	p := newProvider(t, jwk(t, k.rsa, "old", nil))
	auth := open(t, jwt.Config{Issuer: p.url})
	p.lists(t, jwk(t, k.otherRSA, "new", nil), jwk(t, k.rsa, "old", nil))
	accepts(t, auth, k.otherRSA.signAs(t, "new", p.claims()))
	accepts(t, auth, k.rsa.signAs(t, "old", p.claims()))
	if n := p.fetches.Load(); n != 2 {
		t.Errorf("%d fetches, want 2", n)
	}
}

// Keys and tokens need no id.
func TestRotatedKeyWithoutID(t *testing.T) {
	k := keys()
	p := newProvider(t, jwk(t, k.rsa, "", nil))
	auth := open(t, jwt.Config{Issuer: p.url})
	accepts(t, auth, k.rsa.signAs(t, "x", p.claims()))
	p.lists(t, jwk(t, k.otherRSA, "", nil))
	accepts(t, auth, k.otherRSA.sign(t, p.claims()))
	refuses(t, auth, k.rsa.sign(t, p.claims()), domain.ErrTokenInvalid, "not signed by a key")
}

// A withdrawn key is of no use after the next fetch, whatever makes it.
func TestWithdrawnKey(t *testing.T) {
	k := keys()
	p := newProvider(t, jwk(t, k.rsa, "old", nil))
	auth := open(t, jwt.Config{Issuer: p.url})
	accepts(t, auth, k.rsa.signAs(t, "old", p.claims()))
	p.lists(t, jwk(t, k.otherRSA, "new", nil))
	accepts(t, auth, k.otherRSA.signAs(t, "new", p.claims()))
	refuses(t, auth, k.rsa.signAs(t, "old", p.claims()), domain.ErrTokenInvalid, "not signed by a key")
	refuses(t, auth, k.rsa.sign(t, p.claims()), domain.ErrTokenInvalid, "not signed by a key")
	refuses(t, auth, k.rsa.signAs(t, "old", with(p.claims(), "exp", 1)), domain.ErrTokenInvalid, "expired")
}

// However many unknown key ids come from however many clients, the issuer is asked once in
// 10 s, and its own tokens are taken meanwhile.
func TestKeyIDFlood(t *testing.T) {
	k := keys()
	p := newProvider(t, jwk(t, k.ed25519, "known", nil))
	auth, began := open(t, jwt.Config{Issuer: p.url}), time.Now()
	honest := k.ed25519.signAs(t, "known", p.claims())
	var clients sync.WaitGroup
	for client := range 16 {
		clients.Go(func() {
			for i := range 50 {
				refuses(t, auth, k.otherEd25519.signAs(t, fmt.Sprint(client, "-", i), p.claims()), domain.ErrTokenInvalid, "not signed by a key")
				if _, err := auth.Authenticate(t.Context(), honest); err != nil {
					t.Errorf("an honest token in the flood: %v", err)
				}
			}
		})
	}
	clients.Wait()
	if most := 2 + int64(time.Since(began)/(10*time.Second)); p.fetches.Load() > most || p.fetches.Load() < 2 {
		t.Errorf("%d fetches, want 2 to %d", p.fetches.Load(), most)
	}
}

// Tokens that would be refused anyway do not make us ask.
func TestTokensThatAreNotWorthAsking(t *testing.T) {
	k := keys()
	p := newProvider(t, jwk(t, k.rsa, "known", nil))
	auth := open(t, jwt.Config{Issuer: p.url, Audience: []string{audience}})
	for _, token := range []string{
		k.otherRSA.signAs(t, "known", p.claims()),
		k.otherRSA.signAs(t, "x", with(p.claims(), "exp", 1)),
		k.otherRSA.signAs(t, "x", with(p.claims(), "iss", trusted)),
		k.otherRSA.signAs(t, "x", with(p.claims(), "aud", "other")),
		k.secret.signAs(t, "x", p.claims()),
		sign(t, gojwt.SigningMethodRS512, k.rsa.private, map[string]any{"kid": "x"}, p.claims()),
		sign(t, gojwt.SigningMethodNone, gojwt.UnsafeAllowNoneSignatureType, map[string]any{"kid": "x"}, p.claims()),
		sign(t, k.rsa.method, k.rsa.private, map[string]any{"kid": "x", "crit": []string{"x"}}, p.claims()),
		"x",
	} {
		refuses(t, auth, token, domain.ErrTokenInvalid, "")
	}
	if n := p.fetches.Load(); n != 1 {
		t.Errorf("%d fetches, want the first alone", n)
	}
}

func TestIssuerAway(t *testing.T) {
	k := keys()
	p := newProvider(t, jwk(t, k.rsa, "known", nil))
	auth := open(t, jwt.Config{Issuer: p.url})
	p.answer.Store(nil)
	for range 3 {
		refuses(t, auth, k.otherRSA.signAs(t, "new", p.claims()), domain.ErrUnavailable, "Try again")
		accepts(t, auth, k.rsa.signAs(t, "known", p.claims()))
	}
	if n := p.fetches.Load(); n < 2 {
		t.Errorf("%d fetches: it was not asked", n)
	}
}

// book is a log that a test reads.
type book struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *book) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *book) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func (b *book) says(t testing.TB, words string) {
	t.Helper()
	if text := b.String(); !strings.Contains(text, words) || strings.Count(text, "\n") != 1 || strings.Contains(text, "hush") {
		t.Errorf("the log has %q, want one line that says %q and no secret", text, words)
	}
}

func openLogged(t testing.TB, c jwt.Config) (*jwt.Authenticator, *book) {
	t.Helper()
	log := &book{}
	c.Log = slog.New(slog.NewTextHandler(log, nil))
	return open(t, c), log
}
