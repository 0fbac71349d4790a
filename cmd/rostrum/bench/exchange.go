package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	requestTimeout = 10 * time.Second
	maxBody        = 256 << 10
	longestWait    = time.Minute // whatever Retry-After says
)

// refusal is an answer that says no.
type refusal struct {
	status int
	detail string
	after  time.Duration
}

// passes says whether waiting may help.
func (r *refusal) passes() bool {
	return r.status == http.StatusTooManyRequests || r.status == http.StatusServiceUnavailable
}

func (r *refusal) Error() string {
	advice := "see the server's log"
	switch r.status {
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
	return fmt.Sprintf("the server refused (%d): %s: %s", r.status, strings.TrimSuffix(r.detail, "."), advice)
}

// exchange speaks the HTTP of WHIP and WHEP. Any number of goroutines may use it.
type exchange struct {
	client *http.Client
	token  string
}

func newExchange(token string, atOnce int) exchange {
	return exchange{
		token: token,
		client: &http.Client{Timeout: requestTimeout, Transport: &http.Transport{
			MaxIdleConnsPerHost: atOnce, IdleConnTimeout: time.Minute, Proxy: http.ProxyFromEnvironment,
		}},
	}
}

// post offers, and returns the answer and the session's URL. A no is a *refusal. It goes on when ctx has ended, within the
// client's timeout: a session whose URL nobody has heard would stay on the server.
func (e exchange) post(ctx context.Context, at *url.URL, offer string) (answer string, session *url.URL, err error) {
	request, err := http.NewRequestWithContext(context.WithoutCancel(ctx), http.MethodPost, at.String(), strings.NewReader(offer))
	if err != nil {
		return "", nil, err
	}
	request.Header.Set("Content-Type", "application/sdp")
	said, err := e.do(request)
	if err != nil {
		return "", nil, err
	}
	if said.status != http.StatusCreated {
		return "", nil, said.refusal()
	}
	location := said.header.Get("Location")
	session, err = said.from.Parse(location)
	if err != nil || location == "" || session.Host != at.Host {
		return "", nil, fmt.Errorf("the server's answer has no usable Location: is %s a Rostrum server?", at.Host)
	}
	return said.body, session, nil
}

// delete ends a session. One that is gone already is no error.
func (e exchange) delete(ctx context.Context, session *url.URL) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodDelete, session.String(), nil)
	if err != nil {
		return err
	}
	said, err := e.do(request)
	if err == nil && said.status >= 300 && said.status != http.StatusNotFound {
		err = said.refusal()
	}
	return err
}

// reply is an answer that has been read.
type reply struct {
	status int
	header http.Header
	from   *url.URL // who answered, after any redirect
	body   string
}

func (e exchange) do(request *http.Request) (reply, error) {
	if e.token != "" {
		request.Header.Set("Authorization", "Bearer "+e.token)
	}
	response, err := e.client.Do(request)
	if err != nil {
		return reply{}, fmt.Errorf("the server can't be reached: %w", err)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody))
	if err = errors.Join(err, response.Body.Close()); err != nil {
		return reply{}, fmt.Errorf("the server broke off its answer: %w", err)
	}
	return reply{response.StatusCode, response.Header, response.Request.URL, string(body)}, nil
}

// refusal reads problem details (RFC 9457) where there are some, and how long to wait.
func (s reply) refusal() error {
	r := &refusal{status: s.status, detail: http.StatusText(s.status), after: time.Second}
	var problem struct {
		Detail string `json:"detail"`
	}
	if json.Unmarshal([]byte(s.body), &problem) == nil && problem.Detail != "" {
		r.detail = problem.Detail
	}
	if seconds, err := strconv.Atoi(s.header.Get("Retry-After")); err == nil {
		r.after = min(max(time.Duration(seconds)*time.Second, time.Second), longestWait)
	}
	return r
}
