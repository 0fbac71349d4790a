package jwt_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/google/go-cmp/cmp"

	"rostrum/adapters/jwt"
	"rostrum/domain"
)

// A real identity provider: npm's oidc-provider, in a process of its own, whose tokens are
// those of the client credentials grant.

func TestIdentityProvider(t *testing.T) {
	k := keys()
	for _, c := range []struct {
		alg      string
		old, new pair
	}{
		{"RS256", k.rsa, k.otherRSA},
		{"EdDSA", k.ed25519, k.otherEd25519},
		{"ES256", k.ecdsa, k.rsa}, // to another algorithm
	} {
		t.Run(c.alg, func(t *testing.T) { rotates(t, c.old, c.new) })
	}
}

// rotates goes through a rotation: the new key is listed beside the old one and signs, and
// then it is listed alone.
func rotates(t *testing.T, old, young pair) {
	idp := startProvider(t)
	self := idp.signsWith(t, private(t, old, "old"))
	auth := open(t, jwt.Config{
		Issuer: self, Audience: []string{audience}, ActionsClaim: "rostrum.actions", RoomsClaim: "rostrum.rooms",
		Refresh: 100 * time.Millisecond,
	})
	first := idp.token(t, self, audience)
	want := domain.Allow([]domain.Action{domain.ActionPublish, domain.ActionPlay}, "studio-*")
	grant := accepts(t, auth, first)
	if diff := cmp.Diff(want, grant.Permissions); diff != "" || grant.Subject != "jwt:studio" || time.Until(grant.Expires) > 10*time.Minute {
		t.Errorf("grant %+v, permissions (-want +got):\n%s", grant, diff)
	}
	refuses(t, auth, idp.token(t, self, "https://wiki.example"), domain.ErrTokenInvalid, "another audience")

	idp.signsWith(t, private(t, young, "new"), private(t, old, "old"))
	second := idp.token(t, self, audience)
	accepts(t, auth, second)
	accepts(t, auth, first)

	idp.signsWith(t, private(t, young, "new"))
	withdrawn(t, auth, first)
	accepts(t, auth, second)
	accepts(t, auth, idp.token(t, self, audience))

	stranger := open(t, jwt.Config{Issuer: self + "/", JWKSURL: self + "/jwks"})
	refuses(t, stranger, second, domain.ErrTokenInvalid, "another issuer")
}

// withdrawn waits until the token is refused because its key has been fetched no more.
func withdrawn(t *testing.T, auth *jwt.Authenticator, token string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for {
		if _, err := auth.Authenticate(ctx, token); errors.Is(err, domain.ErrTokenInvalid) {
			return
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			t.Fatal("a token of a key that the issuer has withdrawn is still taken")
		}
	}
}

// private is a key as the provider takes it.
func private(t *testing.T, p pair, id string) json.RawMessage {
	t.Helper()
	key, err := jwkset.NewJWKFromKey(p.private, jwkset.JWKOptions{
		Marshal:  jwkset.JWKMarshalOptions{Private: true},
		Metadata: jwkset.JWKMetadataOptions{KID: id, USE: jwkset.UseSig, ALG: jwkset.ALG(p.method.Alg())},
	})
	if err != nil {
		t.Fatal(err)
	}
	return must(json.Marshal(key.Marshal()))
}

type identityProvider struct {
	in  io.Writer
	out *bufio.Reader
}

func startProvider(t *testing.T) *identityProvider {
	t.Helper()
	command := exec.Command("node", "testdata/provider/provider.mjs", installProvider(t))
	command.Stderr = t.Output()
	in, out := must(command.StdinPipe()), must(command.StdoutPipe())
	if err := command.Start(); err != nil {
		t.Fatalf("start the identity provider: %v. Install Node.js", err)
	}
	t.Cleanup(func() {
		_ = in.Close() // then it ends
		if err := command.Wait(); err != nil {
			t.Errorf("the identity provider: %v", err)
		}
	})
	return &identityProvider{in: in, out: bufio.NewReader(out)}
}

// signsWith makes the provider list these keys and sign with the first, and returns its
// URL.
func (p *identityProvider) signsWith(t *testing.T, list ...json.RawMessage) string {
	t.Helper()
	if _, err := fmt.Fprintf(p.in, "%s\n", must(json.Marshal(map[string]any{"keys": list}))); err != nil {
		t.Fatal(err)
	}
	line, err := p.out.ReadString('\n')
	if err != nil {
		t.Fatalf("the identity provider does not answer: %v", err)
	}
	return strings.TrimSpace(line)
}

func (p *identityProvider) token(t *testing.T, issuer, resource string) string {
	t.Helper()
	answer, err := http.PostForm(issuer+"/token", url.Values{
		"grant_type": {"client_credentials"}, "resource": {resource}, "client_id": {"studio"}, "client_secret": {"a secret of the tests alone"},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var says struct {
		Token string `json:"access_token"`
		Error string `json:"error_description"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&says); err != nil || says.Token == "" {
		t.Fatalf("no token: %d, %s, %v", answer.StatusCode, says.Error, err)
	}
	http.DefaultClient.CloseIdleConnections()
	return says.Token
}

// installProvider returns the folder in which npm has installed the provider, once for
// all. It is made aside and renamed, so that nobody finds half of it.
func installProvider(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	var wants struct{ Dependencies map[string]string }
	if err := json.Unmarshal(must(os.ReadFile("testdata/provider/package.json")), &wants); err != nil {
		t.Fatal(err)
	}
	version := wants.Dependencies["oidc-provider"]
	home := filepath.Join(cache, "rostrum-test", "oidc-provider-"+version)
	if isThere(home) {
		return home
	}
	if err := os.MkdirAll(filepath.Dir(home), 0o700); err != nil {
		t.Fatal(err)
	}
	aside := must(os.MkdirTemp(filepath.Dir(home), "oidc-provider-new-")) //nolint:usetesting // a rename must not cross file systems
	defer os.RemoveAll(aside)
	for _, name := range []string{"package.json", "package-lock.json"} {
		if err := os.WriteFile(filepath.Join(aside, name), must(os.ReadFile(filepath.Join("testdata/provider", name))), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	npm := exec.CommandContext(t.Context(), "npm", "install", "--no-audit", "--no-fund")
	npm.Dir = aside
	if output, err := npm.CombinedOutput(); err != nil {
		t.Fatalf("install oidc-provider %s: %v. This test needs Node.js, npm and a registry that npm reaches:\n%s", version, err, output)
	}
	if err := os.Rename(aside, home); err != nil && !isThere(home) {
		t.Fatal(err)
	}
	return home
}

func isThere(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}
