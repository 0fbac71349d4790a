package bench

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"rostrum/api/client"
)

// longestWait is for how long a refusal is waited out at once, whatever Retry-After says.
const longestWait = time.Minute

// newClient returns a client that keeps as many connections as are used at once.
func newClient(server *url.URL, token string, atOnce int) (*client.Client, error) {
	return client.New(server.String(), client.Bearer(token), client.UserAgent("rostrum-bench"), client.HTTP(&http.Client{
		Transport: &http.Transport{MaxIdleConnsPerHost: atOnce, IdleConnTimeout: time.Minute, Proxy: http.ProxyFromEnvironment},
	}))
}

// passes says whether waiting may help, and how long to wait.
func passes(no *client.Problem) (wait time.Duration, yes bool) {
	yes = no.Status == http.StatusTooManyRequests || no.Status == http.StatusServiceUnavailable
	return min(max(no.RetryAfter, time.Second), longestWait), yes
}

// explained adds to a refusal what to do about it.
func explained(err error) error {
	no, refused := errors.AsType[*client.Problem](err)
	if !refused {
		return err
	}
	advice := "see the server's log"
	switch no.Status {
	case http.StatusTooManyRequests:
		advice = "start the server with --limits.play off, --limits.publish off and --limits.sessions off"
	case http.StatusServiceUnavailable:
		advice = "it is full: use fewer subscribers, raise limits.max_subscribers_per_room, or let --max find how many it takes"
	case http.StatusUnauthorized, http.StatusForbidden:
		advice = "give a token that may publish and play in ROSTRUM_TOKEN"
	case http.StatusConflict:
		advice = "somebody publishes there: choose another --room"
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		advice = "is --url the address of a Rostrum server, without /api?"
	}
	return fmt.Errorf("%w: %s", err, advice)
}
