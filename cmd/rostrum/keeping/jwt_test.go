package keeping

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"
)

// jwtSecret is what tokens of these tests are signed with by HS256.
const jwtSecret = "secret-of-the-keeping-tests-of-32-characters"

// issued are flags of a server that takes tokens of one issuer for itself, on the second.
var issued = []string{"--auth.jwt.issuer", "keeping", "--auth.jwt.audience", "rostrum", "--auth.jwt.leeway", "0s"}

// newIssued returns a stand whose server takes tokens by a secret and by a public key, and
// the files of that and of the private key.
func newIssued(t *testing.T, database string) (s *stand, public, private string) {
	t.Helper()
	public, private = keyFiles(t)
	s = newStand(t, database, append([]string{"--auth.jwt.key_files", public}, issued...)...)
	s.env = append(s.env, "ROSTRUM_AUTH_JWT_SECRET="+jwtSecret)
	return s, public, private
}

// keyFiles writes a pair of keys.
func keyFiles(t *testing.T) (public, private string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	open, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return keyFile(t, "PUBLIC KEY", open), keyFile(t, "PRIVATE KEY", secret)
}

func keyFile(t *testing.T, kind string, der []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(name, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// token has `rostrum token` make one for the server of the stand, unless flags say
// otherwise.
func (s *stand) token(flags ...string) string {
	s.t.Helper()
	printed, wrong := s.run(append(append([]string{"token"}, issued...), flags...)...)
	if wrong != "" {
		s.t.Fatalf("rostrum token: %s", wrong)
	}
	return strings.TrimSpace(printed)
}

// What `rostrum token` makes lets its bearer in, as whom it says, until it expires: then
// its session ends by a DTLS close.
func TestMintedTokens(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		s, _, private := newIssued(t, url)
		s.start()
		const short = 15 * time.Second // which has to do for a client to connect
		publisher := s.publish(t, "hall", s.token("--subject", "ann", "--action", "publish"))
		brief := s.token("--key", private, "--subject", "bob", "--action", "play", "--room", "hall,lobby", "--expires", short.String())
		viewer := s.watch(t, "hall", brief)
		if told := s.room("hall"); told.Live == nil || told.Live.Subscribers != 1 {
			t.Errorf("the room is told of as %+v", told)
		}
		s.refused(t, whep+"garage", brief, http.StatusForbidden, "forbidden")
		s.refused(t, whip+"lobby", brief, http.StatusForbidden, "forbidden")
		s.ended(t, "hall", map[string]string{viewer.id: "token_expired"})
		viewer.WaitClosed()
		publisher.remains(t)
		s.refused(t, whep+"hall", brief, http.StatusUnauthorized, "token_invalid")
		if all := s.sessions("hall"); all[publisher.id].Subject != "jwt:ann" || all[viewer.id].Subject != "jwt:bob" {
			t.Errorf("the sessions are kept as %+v", all)
		}
	})
}

// Tokens that are no good are refused, and the audit trail has each of them, but for the
// token itself: that stands nowhere, nor does any other secret.
func TestRefusedTokens(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		s, public, private := newIssued(t, url)
		server := s.start("--log.level", "debug")
		s.provision("hall")
		good, own := s.token(), s.mint("hall", "play")
		s.publish(t, "hall", good)
		s.watch(t, "hall", own.Token)
		bad := badTokens(t, s, public)
		for name, token := range bad {
			if a := s.offer(whip+"hall", token, "v=0"); a.status != http.StatusUnauthorized || a.code() != "token_invalid" {
				t.Errorf("%s: %d %s, want 401 token_invalid", name, a.status, a.body)
			}
		}
		s.refused(t, whip+"hall", own.Token, http.StatusForbidden, "forbidden")
		s.stop()
		secrets := []string{operator, jwtSecret, good, own.Token, s.token("--key", private)}
		for _, token := range bad {
			secrets = append(secrets, token)
		}
		s.start()
		s.checkRefused(t, len(bad), own.Subject)
		keepsSecrets(t, "log", server.Log.String(), own.ID, secrets)
		keepsSecrets(t, "database", contents(t, url), own.ID, secrets)
	})
}

// keepsSecrets checks that none of the secrets is in a text, nor a part of one that nobody
// could guess. What is known to be in it shows that it is the right text.
func keepsSecrets(t *testing.T, where, text, known string, secrets []string) {
	t.Helper()
	if !strings.Contains(text, known) {
		t.Errorf("the %s does not even have %q", where, known)
	}
	for _, secret := range secrets {
		for _, part := range partsOf(secret) {
			if strings.Contains(text, part) {
				t.Errorf("the %s has %q", where, part)
			}
		}
	}
}

// checkRefused checks that the audit trail has so many requests of nobody known, and one of
// the bearer of a room's token.
func (s *stand) checkRefused(t *testing.T, strangers int, subject string) {
	t.Helper()
	got := map[string]int{}
	for _, a := range s.audit() {
		if a.Act == "access.refused" && a.Object == "POST /api/whip/publish/hall" && a.From == "127.0.0.1" {
			got[a.Subject]++
		}
	}
	if got[""] != strangers || got[subject] != 1 || len(got) != 2 {
		t.Errorf("the audit trail has refused %v, want %d unknown and %s", got, strangers, subject)
	}
}

// badTokens are tokens that a server must not take. All but the first ones are of somebody
// who means harm.
func badTokens(t *testing.T, s *stand, public string) map[string]string {
	t.Helper()
	key, err := os.ReadFile(public)
	if err != nil {
		t.Fatal(err)
	}
	_, foreign := keyFiles(t)
	claims := func(name string, value any) gojwt.MapClaims {
		c := gojwt.MapClaims{
			"sub": "mallory", "iss": "keeping", "aud": "rostrum", "iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix(),
			"rostrum_actions": []string{"publish"}, "rostrum_rooms": []string{"*"},
		}
		if c[name] = value; value == nil {
			delete(c, name)
		}
		return c
	}
	sign := func(method gojwt.SigningMethod, key any, c gojwt.MapClaims) string {
		token, err := gojwt.NewWithClaims(method, c).SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	secret := []byte(jwtSecret)
	return map[string]string{
		"wrong audience":             sign(gojwt.SigningMethodHS256, secret, claims("aud", "another-service")),
		"wrong issuer":               s.token("--auth.jwt.issuer", "another-issuer"),
		"another's key":              s.token("--key", foreign),
		"no audience":                sign(gojwt.SigningMethodHS256, secret, claims("aud", nil)),
		"no subject":                 sign(gojwt.SigningMethodHS256, secret, claims("sub", nil)),
		"no end":                     sign(gojwt.SigningMethodHS256, secret, claims("exp", nil)),
		"expired":                    sign(gojwt.SigningMethodHS256, secret, claims("exp", time.Now().Add(-time.Minute).Unix())),
		"not yet valid":              sign(gojwt.SigningMethodHS256, secret, claims("nbf", time.Now().Add(time.Hour).Unix())),
		"another secret":             sign(gojwt.SigningMethodHS256, []byte(strings.ToUpper(jwtSecret)), claims("sub", "mallory")),
		"another algorithm":          sign(gojwt.SigningMethodHS512, secret, claims("sub", "mallory")),
		"signed with the public key": sign(gojwt.SigningMethodHS256, key, claims("sub", "mallory")),
		"alg none":                   sign(gojwt.SigningMethodNone, gojwt.UnsafeAllowNoneSignatureType, claims("sub", "mallory")),
	}
}

// partsOf returns what is secret of a token: all of it, and what in it nobody could guess,
// the claims and the signature of a JSON Web Token.
func partsOf(token string) []string {
	parts := []string{token}
	for i, part := range strings.Split(token, ".") {
		if i > 0 && len(part) >= 20 {
			parts = append(parts, part)
		}
	}
	return parts
}
