package jwt_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rostrum/adapters/jwt"
	"rostrum/domain"
)

// Whatever an issuer answers, the server starts, says in one line what is wrong, and
// refuses its tokens as what may be good later.
func TestWrongAnswers(t *testing.T) {
	var self string
	elsewhere := func(to string) string { return fmt.Sprintf(`{"issuer":%q,"jwks_uri":%q}`, self, to) }
	for fault, c := range map[string]struct {
		status    int
		discovery func() string // nil: fine
		keys      string
		says      string
	}{
		"garbage":              {200, nil, "<html>login</html>", "not a JSON Web Key Set"},
		"an error as JSON":     {200, nil, `{"error":"internal"}`, "not a JSON Web Key Set"},
		"keys: null":           {200, nil, `{"keys":null}`, "not a JSON Web Key Set"},
		"no object":            {200, nil, `[]`, "not a JSON Web Key Set"},
		"nothing":              {200, nil, ``, "not a JSON Web Key Set"},
		"no keys":              {200, nil, `{"keys":[]}`, "lists no key"},
		"65 keys":              {200, nil, `{"keys":[` + strings.Repeat(`{},`, 64) + `{}]}`, "lists 65 keys"},
		"10 MB":                {200, nil, `{"keys":[` + strings.Repeat(" ", 10<<20) + `]}`, "larger than 1 MiB"},
		"an error":             {500, nil, ``, "is 500 and not 200"},
		"no content":           {204, nil, ``, "is 204 and not 200"},
		"another issuer":       {200, func() string { return `{"issuer":"https://evil.example","jwks_uri":"https://evil.example/jwks"}` }, "", "calls itself"},
		"a slash more":         {200, func() string { return fmt.Sprintf(`{"issuer":%q,"jwks_uri":"x"}`, self+"/") }, "", "slash by slash"},
		"discovery as garbage": {200, func() string { return "<html>" }, "", "not a JSON object"},
		"discovery as null":    {200, func() string { return "null" }, "", "calls itself"},
		"discovery of 10 MB":   {200, func() string { return strings.Repeat(" ", 10<<20) }, "", "larger than 1 MiB"},
		"no jwks_uri":          {200, func() string { return elsewhere("") }, "", "no http or https URL"},
		"jwks_uri to a file":   {200, func() string { return elsewhere("file:///etc/passwd") }, "", "no http or https URL"},
	} {
		t.Run(fault, func(t *testing.T) {
			self = listen(t, func(path string) (int, string) {
				switch {
				case path == "/jwks":
					return c.status, c.keys
				case c.discovery == nil:
					return 200, elsewhere(self + "/jwks")
				}
				return 200, c.discovery()
			}).URL
			auth, log := openLogged(t, jwt.Config{Issuer: self})
			log.says(t, c.says)
			refuses(t, auth, keys().rsa.signAs(t, "x", with(good(), "iss", self)), domain.ErrUnavailable, "Try again")
		})
	}
}

func TestDiscoveryOfAnIssuerWithAPathAndASlash(t *testing.T) {
	k := keys()
	var self string
	self = listen(t, func(path string) (int, string) {
		if path == "/realms/studio/.well-known/openid-configuration" {
			return 200, fmt.Sprintf(`{"issuer":%q,"jwks_uri":%q}`, self+"/realms/studio/", self+"/keys")
		}
		return 200, keySet(t, jwk(t, k.rsa, "r", nil))
	}).URL
	auth := open(t, jwt.Config{Issuer: self + "/realms/studio/"})
	accepts(t, auth, k.rsa.signAs(t, "r", with(good(), "iss", self+"/realms/studio/")))
}

func TestRedirects(t *testing.T) {
	k := keys()
	fine := newProvider(t, jwk(t, k.rsa, "r", nil))
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	defer secure.Close()
	for name, c := range map[string]struct{ to, says string }{
		"on this machine":   {fine.url + "/jwks", ""},
		"without end":       {"/again", "redirects too often"},
		"to another scheme": {secure.URL, "redirects from http to"},
		"to a file":         {"file:///etc/passwd", "redirects from http to"},
		"to another host":   {"http://192.0.2.1/?hush", "plain http to another machine"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.RedirectHandler(c.to, http.StatusFound))
			defer server.Close()
			auth, log := openLogged(t, jwt.Config{Issuer: trusted, JWKSURL: server.URL + "/jwks?token=hush"})
			token := k.rsa.signAs(t, "r", good())
			if c.says == "" {
				accepts(t, auth, token)
				return
			}
			log.says(t, c.says)
			refuses(t, auth, token, domain.ErrUnavailable, "")
		})
	}
}

// Whoever has an issuer by plain http has its keys so, too.
func TestIssuerByPlainHTTP(t *testing.T) {
	list := answers(keySet(t, jwk(t, keys().rsa, "r", nil)))
	auth := open(t, jwt.Config{Issuer: "http://issuer.internal", JWKSURL: "http://keys.internal/jwks", Transport: list})
	accepts(t, auth, keys().rsa.signAs(t, "r", with(good(), "iss", "http://issuer.internal")))
}

// By TLS it is as without, and nothing leads back to plain http.
func TestIssuerByTLS(t *testing.T) {
	k := keys()
	plain := newProvider(t, jwk(t, k.otherRSA, "evil", nil))
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/down" {
			http.Redirect(w, r, plain.url+"/jwks", http.StatusFound)
			return
		}
		_, _ = w.Write([]byte(keySet(t, jwk(t, k.rsa, "r", nil))))
	}))
	defer server.Close()
	config := jwt.Config{Issuer: trusted, JWKSURL: server.URL + "/jwks", Transport: server.Client().Transport}
	accepts(t, open(t, config), k.rsa.signAs(t, "r", good()))

	config.JWKSURL = server.URL + "/down"
	auth, log := openLogged(t, config)
	log.says(t, "redirects from https to")
	refuses(t, auth, k.otherRSA.signAs(t, "evil", good()), domain.ErrUnavailable, "")
	if plain.fetches.Load() != 0 {
		t.Error("the redirect was followed")
	}

	config.JWKSURL, config.Transport = server.URL+"/jwks", nil // whose certificate nobody knows
	auth, log = openLogged(t, config)
	log.says(t, "certificate")
	refuses(t, auth, k.rsa.signAs(t, "r", good()), domain.ErrUnavailable, "")
}

// An address may have a password and a query, and neither is logged.
func TestAddressesInTheLog(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	address := strings.Replace(server.URL, "://", "://user:hush-password@", 1) + "/jwks?token=hush-query"
	server.Close()
	_, log := openLogged(t, jwt.Config{Issuer: trusted, JWKSURL: address})
	log.says(t, "refused")
}

// An answer that does not end is given up, and so is one when the server stops.
func TestCloseInTheMiddleOfAnAnswer(t *testing.T) {
	k := keys()
	begun := make(chan struct{}, 1)
	var answered atomic.Bool
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !answered.Swap(true) {
			_, _ = w.Write([]byte(keySet(t, jwk(t, k.rsa, "r", nil))))
			return
		}
		_, _ = w.Write([]byte(`{"keys":[`))
		w.(http.Flusher).Flush()
		begun <- struct{}{}
		<-r.Context().Done()
	}))
	defer server.Close()
	auth, err := jwt.Open(t.Context(), jwt.Config{Issuer: trusted, JWKSURL: server.URL, Refresh: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	<-begun
	auth.Close()
	accepts(t, auth, k.rsa.signAs(t, "r", good()))
	refuses(t, auth, k.otherRSA.signAs(t, "x", good()), domain.ErrUnavailable, "")
}
