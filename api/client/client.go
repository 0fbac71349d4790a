package client

import (
	"context"
	"net/http"
	"strings"
	"time"
)

// Client talks to one server. Any number of goroutines may use it.
type Client struct {
	// The operations of the contract.
	*ClientWithResponses

	server string // ends with a slash, as the generated request builders want it
	wire   *wire
}

// Option is a choice for New.
type Option func(*wire)

// Bearer is the token to show to the server. Without one the client is anybody.
func Bearer(token string) Option { return func(w *wire) { w.token = token } }

// HTTP is what requests are made by, for who has proxies or certificates of their own.
// It is copied; its transport is shared and stays the caller's to close. Where a request
// may be redirected to is for this package to decide: its CheckRedirect is not asked.
func HTTP(client *http.Client) Option { return func(w *wire) { w.http = *client } }

// UserAgent is how the client names itself, instead of rostrum-client and its version.
func UserAgent(name string) Option { return func(w *wire) { w.agent = name } }

// Timeout is how long a request may take, instead of Patience.
func Timeout(limit time.Duration) Option { return func(w *wire) { w.patience = limit } }

// New returns a client of the server at an address as https://live.example.com, to which
// a path may be appended where the server is behind a proxy that has it at one. Nothing is
// sent yet. It refuses with ErrServer an address that is none, and one that carries
// a user, a query or a fragment: a token in a URL ends up in logs and lists of processes.
func New(server string, options ...Option) (*Client, error) {
	address, err := parseServer(server)
	if err != nil {
		return nil, err
	}
	w := &wire{server: address, agent: userAgent(), patience: Patience}
	for _, choose := range options {
		choose(w)
	}
	if err := checkToken(w.token); err != nil {
		return nil, err
	}
	w.http.CheckRedirect = w.redirect
	base := address.String() + "/"
	operations, err := NewClientWithResponses(base, WithHTTPClient(w))
	if err != nil {
		return nil, err
	}
	return &Client{ClientWithResponses: operations, server: base, wire: w}, nil
}

// Server returns the address that the client was made for, without a slash at its end.
func (c *Client) Server() string { return strings.TrimSuffix(c.server, "/") }

// CloseIdleConnections closes connections that are kept for the next request.
func (c *Client) CloseIdleConnections() { c.wire.http.CloseIdleConnections() }

type streaming struct{}

// Streaming returns a context for a request whose answer is handed over as it comes,
// bounded by ctx alone: that of GetRecordingMedia, ExportAudit or ReadEventStream. The
// caller reads and closes its body.
func Streaming(ctx context.Context) context.Context { return context.WithValue(ctx, streaming{}, true) }
