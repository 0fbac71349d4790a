package doctor

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/MicahParks/jwkset"

	"rostrum/cmd/rostrum/config"
)

func TestIssuer(t *testing.T) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	provider := httptest.NewServer(keys(t, private))
	t.Cleanup(provider.Close)
	for name, c := range map[string]struct {
		cfg config.JWT
		wants
	}{
		"there":          {config.JWT{Issuer: provider.URL, JWKSURL: provider.URL + "/keys", Audience: []string{"rostrum"}}, wants{OK, "the keys are known", ""}},
		"for anybody":    {config.JWT{Issuer: provider.URL, JWKSURL: provider.URL + "/keys"}, wants{Warn, "for something else", "aud"}},
		"away":           {config.JWT{Issuer: "http://127.0.0.1:1", JWKSURL: "http://127.0.0.1:1/keys", Audience: []string{"rostrum"}}, wants{Fail, "127.0.0.1:1", "the server starts without it"}},
		"something else": {config.JWT{Issuer: provider.URL, JWKSURL: provider.URL + "/nothing", Audience: []string{"rostrum"}}, wants{Fail, "404", "the server starts without it"}},
		"key file":       {config.JWT{KeyFiles: []string{writePEM(t, "PUBLIC KEY", public)}}, wants{OK, "the keys are known", ""}},
		"no key file":    {config.JWT{KeyFiles: []string{writePEM(t, "PUBLIC KEY", []byte("none"))}}, wants{Fail, "file.pem", "auth.jwt"}},
		"secret":         {config.JWT{Secret: "s3cr3t-of-thirty-two-characters-or-more"}, wants{OK, "the keys are known", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			c.cfg.ActionsClaim, c.cfg.RoomsClaim = "rostrum_actions", "rostrum_rooms"
			c.check(t, see(t, issuer(c.cfg), "s3cr3t"))
		})
	}
}

// keys lists the public key at /keys, as an identity provider does.
func keys(t *testing.T, private *ecdsa.PrivateKey) http.Handler {
	t.Helper()
	key, err := jwkset.NewJWKFromKey(private.Public(), jwkset.JWKOptions{Metadata: jwkset.JWKMetadataOptions{KID: "one"}})
	if err != nil {
		t.Fatal(err)
	}
	set := jwkset.NewMemoryStorage()
	if err := set.KeyWrite(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	document, err := set.JSONPublic(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/jwk-set+json")
		w.Write(document)
	})
	return mux
}
