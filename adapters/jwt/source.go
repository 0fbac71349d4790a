package jwt

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

const (
	maxAnswer    = 1 << 20
	maxRedirects = 3
	discovery    = "/.well-known/openid-configuration"
)

// source is where an issuer lists its keys.
type source struct {
	client *http.Client
	issuer string
	jwks   string // "": found by discovery, each time
}

func newSource(c Config) source {
	carrier := c.Transport
	if carrier == nil {
		carrier = &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			ForceAttemptHTTP2:      true,
			MaxIdleConns:           2,
			IdleConnTimeout:        time.Minute,
			MaxResponseHeaderBytes: 64 << 10,
		}
	}
	return source{
		client: &http.Client{Transport: carrier, CheckRedirect: redirects(c.Issuer)},
		issuer: c.Issuer,
		jwks:   c.JWKSURL,
	}
}

// redirects follows an issuer to where it could have been asked in the first place.
func redirects(issuer string) func(to *http.Request, via []*http.Request) error {
	return func(to *http.Request, via []*http.Request) error {
		if len(via) > maxRedirects {
			return errors.New("it redirects too often: set the address that it leads to")
		}
		if from := via[0].URL.Scheme; to.URL.Scheme != from {
			return fmt.Errorf("it redirects from %s to %.20q: set an address that does not", from, to.URL.Scheme)
		}
		if err := checkAddress(to.URL.String(), issuer); err != nil {
			return fmt.Errorf("it redirects to what %w", err)
		}
		return nil
	}
}

// name is for logs: userinfo and query of an address may be secret.
func (s source) name() string {
	if s.jwks != "" {
		return bare(s.jwks)
	}
	return bare(s.issuer)
}

func bare(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "an address that is no URL"
	}
	return u.Scheme + "://" + u.Host + u.EscapedPath()
}

// keys fetches the keys. A nil keyring means that the issuer did not answer as it should.
func (s source) keys(ctx context.Context) (keyring, error) {
	address := s.jwks
	if address == "" {
		var err error
		if address, err = s.discover(ctx); err != nil {
			return nil, err
		}
	}
	text, err := s.get(ctx, address)
	if err != nil {
		return nil, err
	}
	return parseKeySet(text)
}

// discover asks the issuer where its keys are (OpenID Connect Discovery 1.0 §4).
func (s source) discover(ctx context.Context) (string, error) {
	text, err := s.get(ctx, strings.TrimSuffix(s.issuer, "/")+discovery)
	if err != nil {
		return "", err
	}
	var says struct {
		Issuer string `json:"issuer"`
		JWKS   string `json:"jwks_uri"`
	}
	if err := json.Unmarshal(text, &says); err != nil {
		return "", errors.New("the answer to discovery is not a JSON object: see that auth.jwt.issuer is right, or set auth.jwt.jwks_url")
	}
	if says.Issuer != s.issuer {
		return "", fmt.Errorf("the issuer calls itself %.200q and not %q: set auth.jwt.issuer to the same, slash by slash", says.Issuer, s.issuer)
	}
	if err := checkAddress(says.JWKS, s.issuer); err != nil {
		return "", fmt.Errorf("the issuer's jwks_uri %w", err)
	}
	return says.JWKS, nil
}

func (s source) get(ctx context.Context, address string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, errors.New("the address is no URL")
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", "Rostrum")
	answer, err := s.client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("get %s: %w", bare(address), cause(err))
	}
	defer func() { _ = answer.Body.Close() }() // nothing is lost with it
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("get %s: the answer is %d and not 200", bare(address), answer.StatusCode)
	}
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	if err != nil {
		return nil, fmt.Errorf("get %s: %w", bare(address), err)
	}
	if len(text) > maxAnswer {
		return nil, fmt.Errorf("get %s: the answer is larger than %d MiB", bare(address), maxAnswer>>20)
	}
	return text, nil
}

// cause leaves out the address, whose query may be secret.
func cause(err error) error {
	if at := (*url.Error)(nil); errors.As(err, &at) {
		return at.Err
	}
	return err
}

// checkAddress wants https. Plain http is for this machine, and for whoever has an issuer
// that is plain http itself.
func checkAddress(address, issuer string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return errors.New("is no http or https URL: correct it")
	}
	if u.Scheme == "http" && !isLoopback(u.Hostname()) && !strings.HasPrefix(issuer, "http://") {
		return errors.New("is plain http to another machine, where anybody on the way can put in keys of their own: use https")
	}
	return nil
}

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
