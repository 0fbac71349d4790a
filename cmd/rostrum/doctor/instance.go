package doctor

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"time"

	"rostrum/cmd/rostrum/config"
)

// How long others may take to answer.
const (
	askPatience  = 5 * time.Second
	lookPatience = 2 * time.Second // who has a port, where it may be anybody
)

// longestAnswer bounds what is read of it.
const longestAnswer = 64 << 10

// instance is the server that may be running with the configuration.
type instance struct {
	url     string // "": with port 0 nobody knows where
	client  *http.Client
	running func() bool // whether a Rostrum answers; asked once
}

func newInstance(cfg config.HTTP) *instance {
	i := &instance{url: localURL(cfg), client: &http.Client{
		Timeout: askPatience,
		Transport: &http.Transport{
			DisableKeepAlives: true,
			// The question goes to this machine itself, under an address that no certificate
			// has, and nothing secret is sent.
			TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // see above
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	i.running = sync.OnceValue(i.look)
	return i
}

// localURL is where a server that listens on an address is reached from this machine.
func localURL(cfg config.HTTP) string {
	host, port, err := net.SplitHostPort(cfg.Addr)
	if err != nil || port == "0" {
		return ""
	}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = "127.0.0.1" // which every unspecified address takes, also [::]
	}
	scheme := "http"
	if cfg.TLSCert != "" {
		scheme = "https"
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}

// look reports whether who answers is a Rostrum: it has /healthz, and a /readyz that tells a
// status.
func (i *instance) look() bool {
	if i.url == "" {
		return false
	}
	ctx, cancel := context.WithTimeout(context.Background(), lookPatience)
	defer cancel()
	if code, _, err := i.get(ctx, "/healthz"); err != nil || code/100 != 2 {
		return false
	}
	_, body, err := i.get(ctx, "/readyz")
	return err == nil && statusIn(body) != ""
}

// statusIn is what /readyz tells, "" for what is none.
func statusIn(body []byte) string {
	var told struct {
		Status string `json:"status"`
	}
	if json.Unmarshal(body, &told) != nil {
		return ""
	}
	return told.Status
}

func (i *instance) get(ctx context.Context, path string) (code int, body []byte, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, i.url+path, nil)
	if err != nil {
		return 0, nil, err
	}
	response, err := i.client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	body, err = io.ReadAll(io.LimitReader(response.Body, longestAnswer))
	return response.StatusCode, body, errors.Join(err, response.Body.Close())
}

// probe asks one of the server's own questions about itself.
func (i *instance) probe(ctx context.Context, path string) Result {
	if i.url == "" {
		return fail("http.addr has port 0, so that nobody knows where the server is", "Give http.addr a port.")
	}
	code, body, err := i.get(ctx, path)
	switch {
	case err != nil:
		var asked *url.Error
		if errors.As(err, &asked) {
			err = asked.Err // which does not repeat the question
		}
		return fail(fmt.Sprintf("no server answers at %s: %v", i.url, err), "Start it, or give the configuration that it runs with.")
	case code/100 != 2:
		return fail(fmt.Sprintf("%s%s answers %d %s", i.url, path, code, statusIn(body)), "See what /readyz tells, and the server's log.")
	}
	return ok("%s%s answers %d %s", i.url, path, code, statusIn(body))
}
