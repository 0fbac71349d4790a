package jwt_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"math/big"
	"net/http"
	"strings"
	"testing"

	gojwt "github.com/golang-jwt/jwt/v5"

	"rostrum/adapters/jwt"
	"rostrum/domain"
)

// Whatever comes as a token, there is no panic, and no grant unless one of our keys has
// signed these very bytes, by its own algorithm. That is checked with the standard
// library alone.
func FuzzAuthenticate(f *testing.F) {
	p := keys()
	auth := open(f, local(f))
	for _, by := range []pair{p.secret, p.rsa, p.ecdsa, p.ed25519, p.otherRSA, p.otherEd25519} {
		f.Add(by.sign(f, good()))
		f.Add(by.signAs(f, "x", with(good(), "exp", 4102444800)))
		f.Add(by.sign(f, with(good(), "rostrum_rooms", "* [ stage")))
	}
	for _, header := range []map[string]any{{"alg": "none"}, {"alg": "HS256", "crit": []string{"b64"}}, {"alg": "RS256", "kid": 7}, {"alg": nil}, {}} {
		f.Add(handmade(header, good(), ""))
	}
	for _, text := range []string{"", ".", "..", "...", "x", "a.b.c", "bnVsbA.bnVsbA.", "e30.e30.", strings.Repeat("x.", 5000)} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, token string) {
		grant, err := auth.Authenticate(t.Context(), token)
		switch {
		case err == nil:
			if !signedByUs(p, token) {
				t.Fatalf("a grant for a token that nobody signed: %+v", grant)
			}
			if !strings.HasPrefix(string(grant.Subject), "jwt:") || grant.Expires.IsZero() {
				t.Errorf("a grant without subject or end: %+v", grant)
			}
		case !errors.Is(err, domain.ErrTokenInvalid) && !errors.Is(err, domain.ErrTokenMissing):
			t.Errorf("error %v, want a refusal", err)
		case len(grant.Permissions) > 0 || grant.Subject != "":
			t.Errorf("refused with a grant: %+v", grant)
		}
	})
}

func signedByUs(p pairs, token string) bool {
	text, signature := token[:strings.LastIndex(token, ".")], must(base64.RawURLEncoding.Strict().DecodeString(last(token)))
	var header struct{ Alg string }
	if json.Unmarshal(must(base64.RawURLEncoding.DecodeString(text[:strings.Index(text, ".")])), &header) != nil {
		return false
	}
	hash := sha256.Sum256([]byte(text))
	switch header.Alg {
	case "HS256":
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(text))
		return hmac.Equal(mac.Sum(nil), signature)
	case "RS256":
		return rsa.VerifyPKCS1v15(p.rsa.public.(*rsa.PublicKey), crypto.SHA256, hash[:], signature) == nil
	case "ES256":
		r, s := new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])
		return len(signature) == 64 && ecdsa.Verify(p.ecdsa.public.(*ecdsa.PublicKey), hash[:], r, s)
	case "EdDSA":
		return ed25519.Verify(p.ed25519.public.(ed25519.PublicKey), []byte(text), signature)
	}
	return false
}

// answers is an issuer that says the same to everything.
type answers string

func (a answers) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(string(a))), Request: r}, nil
}

// Whatever an issuer lists, there is no panic, and neither a symmetric key nor another
// algorithm comes in by it.
func FuzzKeySet(f *testing.F) {
	p := keys()
	for _, by := range []pair{p.rsa, p.ecdsa, p.ed25519, p.secret} {
		f.Add(keySet(f, jwk(f, by, "x", nil)))
		f.Add(keySet(f, jwk(f, by, "", map[string]any{"alg": "HS256", "use": "enc", "key_ops": []string{"verify"}})))
	}
	for _, text := range []string{"", "{}", `{"keys":[]}`, `{"keys":[null,{},[],"x",{"kty":"RSA"}]}`, `{"keys":{}}`, "<html>"} {
		f.Add(text)
	}
	forged := []string{
		sign(f, gojwt.SigningMethodHS256, []byte(secret), map[string]any{"kid": "x"}, with(good(), "exp", 4102444800)),
		sign(f, gojwt.SigningMethodRS512, p.rsa.private, map[string]any{"kid": "x"}, with(good(), "exp", 4102444800)),
		sign(f, gojwt.SigningMethodNone, gojwt.UnsafeAllowNoneSignatureType, map[string]any{"kid": "x"}, with(good(), "exp", 4102444800)),
	}
	f.Fuzz(func(t *testing.T, list string) {
		auth, err := jwt.Open(t.Context(), jwt.Config{Issuer: trusted, JWKSURL: "https://issuer.example/jwks", Transport: answers(list)})
		if err != nil {
			t.Fatal(err)
		}
		defer auth.Close()
		for _, token := range forged {
			if grant, err := auth.Authenticate(t.Context(), token); !errors.Is(err, domain.ErrTokenInvalid) {
				t.Errorf("grant %+v, error %v, want ErrTokenInvalid", grant, err)
			}
		}
	})
}
