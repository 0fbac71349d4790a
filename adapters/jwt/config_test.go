package jwt_test

import (
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"strings"
	"testing"
	"time"

	"rostrum/adapters/jwt"
)

func TestOpenRefuses(t *testing.T) {
	for fault, c := range map[string]struct {
		config jwt.Config
		advice string
	}{
		"nothing":                     {jwt.Config{}, "set auth.jwt.issuer"},
		"keys without issuer":         {jwt.Config{JWKSURL: "https://issuer.example/jwks"}, "auth.jwt.issuer is not"},
		"a short secret":              {jwt.Config{Secret: secret[:31]}, "openssl rand"},
		"a PEM for a secret":          {jwt.Config{Secret: "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0"}, "auth.jwt.key_files"},
		"an issuer that is no URL":    {jwt.Config{Issuer: "studio"}, "auth.jwt.jwks_url"},
		"an issuer by plain http":     {jwt.Config{Issuer: trusted, JWKSURL: "http://issuer.example/jwks"}, "use https"},
		"keys from a file URL":        {jwt.Config{Issuer: trusted, JWKSURL: "file:///etc/passwd"}, "http or https"},
		"keys from nowhere":           {jwt.Config{Issuer: trusted, JWKSURL: "https:///jwks"}, "http or https"},
		"an empty audience":           {jwt.Config{Secret: secret, Audience: []string{"a", ""}}, "auth.jwt.audience"},
		"a negative leeway":           {jwt.Config{Secret: secret, Leeway: -1}, "auth.jwt.leeway"},
		"a leeway of hours":           {jwt.Config{Secret: secret, Leeway: 2 * time.Hour}, "auth.jwt.leeway"},
		"a negative refresh":          {jwt.Config{Secret: secret, Refresh: -1}, "auth.jwt.refresh"},
		"one claim for both purposes": {jwt.Config{Secret: secret, ActionsClaim: "scope", RoomsClaim: "scope"}, "a claim of its own"},
		"actions in the subject":      {jwt.Config{Secret: secret, ActionsClaim: "sub"}, "a claim of its own"},
	} {
		t.Run(fault, func(t *testing.T) { refusesToOpen(t, c.config, c.advice) })
	}
}

func refusesToOpen(t *testing.T, c jwt.Config, advice string) {
	t.Helper()
	auth, err := jwt.Open(t.Context(), c)
	if auth != nil {
		t.Fatal("it was opened")
	}
	if err == nil || !strings.Contains(err.Error(), advice) {
		t.Fatalf("error %v, want advice: %s", err, advice)
	}
	if c.Secret != "" && strings.Contains(err.Error(), c.Secret) {
		t.Errorf("error %q repeats the secret", err)
	}
}

func TestOpenIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if auth, err := jwt.Open(ctx, jwt.Config{Issuer: "http://127.0.0.1:1"}); auth != nil || err == nil {
		t.Errorf("opened %v, %v", auth, err)
	}
}

func TestKeyFilesThatAreRefused(t *testing.T) {
	p := keys()
	rsaPublic := string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: must(x509.MarshalPKIXPublicKey(p.rsa.public))}))
	for fault, c := range map[string]struct{ file, advice string }{
		"missing":             {t.TempDir() + "/key.pem", "no such file"},
		"a directory":         {t.TempDir(), "is a directory"},
		"empty":               {textFile(t, ""), "is not PEM"},
		"a JWK":               {textFile(t, jwk(t, p.rsa, "", nil)), "is not PEM"},
		"DER":                 {textFile(t, string(must(x509.MarshalPKIXPublicKey(p.rsa.public)))), "is not PEM"},
		"cut short":           {textFile(t, rsaPublic[:200]), "is not PEM"},
		"huge":                {textFile(t, strings.Repeat("#", 64<<10+1)), "larger than 64 KiB"},
		"two keys":            {textFile(t, rsaPublic+rsaPublic), "a file of its own"},
		"not DER inside":      {pemFile(t, "PUBLIC KEY", []byte("hush")), "malformed public key"},
		"a broken cert":       {pemFile(t, "CERTIFICATE", []byte("hush")), "malformed certificate"},
		"a private key":       {pemFile(t, "PRIVATE KEY", must(x509.MarshalPKCS8PrivateKey(p.ecdsa.private))), "openssl pkey -pubout"},
		"an old private key":  {pemFile(t, "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(p.rsa.private.(*rsa.PrivateKey))), "openssl pkey -pubout"},
		"something else":      {pemFile(t, "X509 CRL", []byte("x")), `"X509 CRL"`},
		"RSA of 1024 bits":    {publicFile(t, weakRSA()), "1024 bits"},
		"ECDSA P-384":         {publicFile(t, p384()), "use P-256"},
		"a key for agreement": {publicFile(t, must(ecdh.X25519().GenerateKey(rand.Reader)).PublicKey()), "use RSA, ECDSA P-256 or Ed25519"},
	} {
		t.Run(fault, func(t *testing.T) {
			refusesToOpen(t, jwt.Config{KeyFiles: []string{publicFile(t, p.ed25519.public), c.file}}, c.advice)
			_, err := jwt.Open(t.Context(), jwt.Config{KeyFiles: []string{c.file}})
			if !strings.Contains(err.Error(), "auth.jwt.key_files: "+c.file+" ") {
				t.Errorf("error %q does not name the file", err)
			}
		})
	}
}

func TestKeyFiles(t *testing.T) {
	for alg, by := range keys().public() {
		for form, file := range map[string]string{
			"public key":            publicFile(t, by.public),
			"certificate":           pemFile(t, "CERTIFICATE", certificate(t, by)),
			"text before and after": textFile(t, "who: studio\n"+string(must(os.ReadFile(publicFile(t, by.public))))+"\n\n"),
		} {
			t.Run(alg+" "+form, func(t *testing.T) {
				auth := open(t, jwt.Config{KeyFiles: []string{file}})
				accepts(t, auth, by.sign(t, good()))
				accepts(t, auth, by.signAs(t, "whatever", good())) // a file does not say how the issuer calls its key
			})
		}
	}
	accepts(t, open(t, jwt.Config{KeyFiles: []string{pemFile(t, "RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(keys().rsa.public.(*rsa.PublicKey)))}}),
		keys().rsa.sign(t, good()))
}

func certificate(t *testing.T, by pair) []byte {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "issuer"}, NotAfter: time.Now().Add(time.Hour)}
	return must(x509.CreateCertificate(rand.Reader, template, template, by.public, by.private))
}
