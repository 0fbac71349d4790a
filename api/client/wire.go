package client

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// What a request is allowed, unless it is Streaming.
const (
	Patience  = 10 * time.Second // until its answer has been read
	MaxAnswer = 8 << 20          // bytes of that
)

// maxRedirects is how many times in a row a server may send a request elsewhere.
const maxRedirects = 5

// wire is where every request goes out and every answer comes in: it shows the token,
// keeps the bounds, and makes errors of refusals. It is what the generated code takes for
// an HTTP client.
type wire struct {
	http     http.Client
	server   *url.URL
	token    string
	agent    string
	patience time.Duration
}

var _ HttpRequestDoer = (*wire)(nil)

// Do answers with a status of 2xx or an error. The answer's body is in memory, unless the
// request is Streaming.
func (w *wire) Do(request *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(request.Context())
	timer := time.AfterFunc(w.patience, func() { cancel(patienceError(w.patience)) })
	done := func() {
		timer.Stop()
		cancel(nil)
	}
	request = request.WithContext(ctx)
	request.Header.Set("User-Agent", w.agent)
	if w.token != "" {
		request.Header.Set("Authorization", "Bearer "+w.token)
	}
	response, err := w.http.Do(request)
	if err != nil {
		defer done()
		return nil, w.failed(ctx, err)
	}
	if ctx.Value(streaming{}) != nil && response.StatusCode < 300 {
		timer.Stop()
		response.Body = &stream{response.Body, func() { cancel(nil) }}
		return response, nil
	}
	defer done()
	body, err := w.read(ctx, response)
	switch {
	case err != nil:
		return nil, err
	case response.StatusCode >= 300:
		return nil, problemOf(response)
	case response.StatusCode == http.StatusOK && !plausible(response.Request.URL.Path, mediaType(response.Header), body):
		return nil, fmt.Errorf("%w: it is %q that is none of its own%s", ErrContract, mediaType(response.Header), isIt)
	default:
		return response, nil
	}
}

// plausible tells what was asked for from what takes its place, as the page of a proxy or
// a portal does. The generated parsers pass over what they do not know.
func plausible(path, kind string, body []byte) bool {
	switch kind {
	case "application/json":
		return json.Valid(body)
	case "text/plain", "":
		return len(body) == 0 || !strings.Contains(path, "/api/")
	default:
		return kind != "text/html"
	}
}

// read takes an answer's body into memory, and returns it.
func (w *wire) read(ctx context.Context, response *http.Response) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(response.Body, MaxAnswer+1))
	closed := response.Body.Close()
	switch {
	case err != nil:
		return nil, w.failed(ctx, fmt.Errorf("it broke off its answer: %w", err))
	case len(body) > MaxAnswer:
		return nil, fmt.Errorf("%w: it is longer than %d MiB%s", ErrContract, MaxAnswer>>20, isIt)
	case closed != nil:
		return nil, w.failed(ctx, closed)
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	return body, nil
}

// failed explains a request without an answer. An end that the caller's context has asked
// for is no fault of the server's.
func (w *wire) failed(ctx context.Context, err error) error {
	var of *url.Error
	if errors.As(err, &of) {
		err = of.Err // what it was for is said below
	}
	var elsewhere *redirectError
	var stranger *tls.CertificateVerificationError
	cause, what := context.Cause(ctx), ErrUnreachable
	switch {
	case errors.As(err, &elsewhere):
		return fmt.Errorf("%w: %w", ErrContract, elsewhere)
	case errors.As(err, &stranger):
		what = ErrUntrusted
	case errors.Is(err, http.ErrSchemeMismatch):
		what = ErrContract
	case cause == nil:
	case errors.As(cause, new(patienceError)), errors.Is(cause, context.DeadlineExceeded):
		err = cause
	default:
		return cause
	}
	return fmt.Errorf("%w at %s://%s: %w", what, w.server.Scheme, w.server.Host, err)
}

// patienceError is how long a request was waited for in vain.
type patienceError time.Duration

func (e patienceError) Error() string { return fmt.Sprintf("no answer within %v", time.Duration(e)) }

// redirect is http.Client.CheckRedirect. The server may send a request to another place of
// its own, and who reads to wherever a recording is; there nobody is shown the token.
// Anything else would take an offer or a token to somebody who was not asked for.
func (w *wire) redirect(next *http.Request, before []*http.Request) error {
	first := before[0]
	switch {
	case len(before) > maxRedirects:
		return &redirectError{"it redirects in a circle"}
	case next.Method != first.Method:
		return &redirectError{"it answers " + first.Method + " by a redirect that makes " + next.Method + " of it" + isIt}
	case sameOrigin(next.URL, w.server):
		return nil
	case first.Method == http.MethodGet:
		next.Header.Del("Authorization")
		return nil
	default:
		return &redirectError{fmt.Sprintf("it redirects to %s://%s: if you trust that server, name it as the server", next.URL.Scheme, next.URL.Host)}
	}
}

// redirectError is a redirect that is not followed.
type redirectError struct{ why string }

func (e *redirectError) Error() string { return e.why }

// stream is a body that lets go of its request when it is closed.
type stream struct {
	io.ReadCloser
	done func()
}

func (s *stream) Close() error {
	defer s.done()
	return s.ReadCloser.Close()
}
