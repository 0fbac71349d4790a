// Package webhook takes events to their receivers by HTTP, signed as the Standard
// Webhooks specification 1.0 says.
package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"rostrum/ports"
)

var _ ports.Webhook = (*Sender)(nil)

// Config is what a Sender is made of.
type Config struct {
	// Secret signs what is sent, and its receivers have it too. "whsec_" and base64 of
	// at least 24 bytes is how the specification writes a key, and what its libraries
	// take. Any other text of at least 24 characters is a key as it stands, byte by
	// byte.
	Secret string
	// Timeout is how long a receiver may take to answer; 0 is 10 s.
	Timeout time.Duration
	// Log is told at level debug of what was taken; nil for nowhere. What was not is
	// in the error alone.
	Log *slog.Logger
}

// Sender is ports.Webhook by POST. It is safe for use by many goroutines.
//
// It uses the proxies of the environment (HTTP_PROXY, HTTPS_PROXY, NO_PROXY) and the
// system's certificates. Neither its errors nor its log contain the secret, or more of a
// receiver's URL than scheme and host: the rest may be a secret of the receiver.
type Sender struct {
	key     *standardwebhooks.Webhook
	hidden  []string // what must not be repeated from an answer
	timeout time.Duration
	log     *slog.Logger
	client  *http.Client
}

// New returns a sender, whose connections stay open between deliveries until Close. It
// refuses a secret that is missing or too short, and says how to make one.
func New(c Config) (*Sender, error) {
	key, err := parseSecret(c.Secret)
	if err != nil {
		return nil, err
	}
	s := &Sender{key: key, hidden: spellings(c.Secret), timeout: c.Timeout, log: c.Log}
	if s.timeout <= 0 {
		s.timeout = 10 * time.Second
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.client = &http.Client{
		Transport: &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			ForceAttemptHTTP2:      true,
			MaxIdleConns:           16,
			IdleConnTimeout:        time.Minute,
			MaxResponseHeaderBytes: 64 << 10,
			DisableCompression:     true, // an answer is as long as it looks
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return s, nil
}

// Close closes the connections that are idle, after the last Deliver has returned.
func (s *Sender) Close() { s.client.CloseIdleConnections() }

// Deliver is ports.Webhook.Deliver. The header webhook-id has the delivery's ID, which
// is the same in every attempt; the timestamp is that of the attempt. An answer of 2xx
// means that it was taken; redirects are not followed.
func (s *Sender) Deliver(ctx context.Context, d ports.Delivery) error {
	to, err := url.Parse(d.To)
	if err != nil || to.Host == "" || to.Scheme != "http" && to.Scheme != "https" {
		return errors.New("the webhook's address is no http or https URL: correct it in webhooks.urls")
	}
	receiver := to.Scheme + "://" + to.Host
	limited, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	began := time.Now()
	request, err := s.sign(limited, d, began)
	if err != nil {
		return fmt.Errorf("webhook to %s: %w", receiver, err)
	}
	answer, err := s.client.Do(request)
	if err != nil {
		return fmt.Errorf("webhook to %s: %w", receiver, s.explain(ctx, err))
	}
	defer func() { _ = answer.Body.Close() }() // nothing is lost with it
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("webhook to %s: %w", receiver, s.refused(answer))
	}
	s.log.DebugContext(ctx, "webhook taken", "event", d.ID, "receiver", receiver, "status", answer.StatusCode, "took", time.Since(began))
	return nil
}

func (s *Sender) sign(ctx context.Context, d ports.Delivery, at time.Time) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, d.To, bytes.NewReader(d.Body))
	if err != nil {
		return nil, cause(err)
	}
	signature, err := s.key.Sign(string(d.ID), at, d.Body)
	if err != nil {
		return nil, err
	}
	for name, value := range map[string]string{
		"Content-Type":                          "application/json",
		"User-Agent":                            "Rostrum",
		standardwebhooks.HeaderWebhookID:        string(d.ID),
		standardwebhooks.HeaderWebhookTimestamp: strconv.FormatInt(at.Unix(), 10),
		standardwebhooks.HeaderWebhookSignature: signature,
	} {
		request.Header.Set(name, value)
	}
	return request, nil
}
