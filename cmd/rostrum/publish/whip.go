package publish

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	requestTimeout = 10 * time.Second
	maxBody        = 256 << 10
)

// whip speaks the HTTP of RFC 9725. Every request ends within requestTimeout, and of an answer at most maxBody is read.
type whip struct {
	client *http.Client
	token  string
}

// post offers, and returns the answer and the session's URL. Errors are a *Refusal or match ErrUnreachable.
func (w whip) post(ctx context.Context, endpoint *url.URL, offer string) (answer string, session *url.URL, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint.String(), strings.NewReader(offer))
	if err != nil {
		return "", nil, err
	}
	request.Header.Set("Content-Type", "application/sdp")
	request.Header.Set("Accept", "application/sdp, application/problem+json")
	reply, err := w.do(request, w.token)
	if err != nil {
		return "", nil, err
	}
	if reply.status != http.StatusCreated {
		return "", nil, refusal(reply)
	}
	session, err = reply.location()
	if err != nil {
		return "", nil, err
	}
	if kind := reply.kind(); kind != "application/sdp" {
		return "", session, fmt.Errorf("the server answered with %q instead of application/sdp: is it a WHIP server?", kind)
	}
	return string(reply.body), session, nil
}

// delete ends a session. One that is gone already is no error. The token goes only where the offer went.
func (w whip) delete(ctx context.Context, endpoint, session *url.URL) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodDelete, session.String(), nil)
	if err != nil {
		return err
	}
	token := w.token
	if session.Scheme != endpoint.Scheme || session.Host != endpoint.Host {
		token = ""
	}
	reply, err := w.do(request, token)
	if err != nil || reply.status < 300 || reply.status == http.StatusNotFound {
		return err
	}
	return refusal(reply)
}

func (w whip) do(request *http.Request, token string) (reply, error) {
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := w.client.Do(request)
	if err != nil {
		return reply{}, unreachable(request.URL, err)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody))
	if err = errors.Join(err, response.Body.Close()); err != nil {
		return reply{}, unreachable(request.URL, err)
	}
	return reply{response.StatusCode, response.Header, response.Request.URL, body}, nil
}

// reply is an answer that has been read.
type reply struct {
	status int
	header http.Header
	from   *url.URL // who answered, after any redirect
	body   []byte
}

// kind is the media type without its parameters.
func (r reply) kind() string {
	kind, _, err := mime.ParseMediaType(r.header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return kind
}

// location is where the session lives.
func (r reply) location() (*url.URL, error) {
	location := r.header.Get("Location")
	if location == "" {
		return nil, errors.New("the server answered without a Location, so that the session could not be ended: is it a WHIP server?")
	}
	session, err := r.from.Parse(location)
	if err != nil {
		return nil, fmt.Errorf("the server's Location can't be read: %w", err)
	}
	return session, nil
}
