package webhook_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"rostrum/adapters/webhook"
	"rostrum/ports"
)

// childTo is set for a test binary that another one starts, with an environment of its
// own: it delivers once to that URL.
const childTo = "ROSTRUM_TEST_WEBHOOK_CHILD"

func TestMain(m *testing.M) {
	if to := os.Getenv(childTo); to != "" {
		if err := child(to); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

func child(to string) error {
	sender, err := webhook.New(webhook.Config{Secret: secret})
	if err != nil {
		return err
	}
	defer sender.Close()
	return sender.Deliver(context.Background(), event(to))
}

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

func event(to string) ports.Delivery {
	return ports.Delivery{ID: "0A1B2C.completed", To: to, Body: []byte(`{"type":"recording.completed","room":"größer"}`)}
}

func open(t *testing.T, c webhook.Config) *webhook.Sender {
	t.Helper()
	if c.Secret == "" {
		c.Secret = secret
	}
	sender, err := webhook.New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sender.Close)
	return sender
}

// receiver serves until the test is over. Its address has what no error may repeat.
func receiver(t *testing.T, handle http.HandlerFunc) (address string) {
	t.Helper()
	server := httptest.NewServer(handle)
	t.Cleanup(server.Close)
	return strings.Replace(server.URL, "://", "://user:hush-password@", 1) + "/hush-path?token=hush-query"
}

// fails delivers to an address and returns the error, which must say all of want and
// nothing that is secret.
func fails(t *testing.T, sender *webhook.Sender, to string, want ...string) error {
	t.Helper()
	err := sender.Deliver(t.Context(), event(to))
	if err == nil {
		t.Fatal("it was taken")
	}
	for _, text := range want {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("error %q, want it to say %q", err, text)
		}
	}
	for _, hidden := range []string{"hush", secret, strings.TrimPrefix(secret, "whsec_")} {
		if strings.Contains(err.Error(), hidden) {
			t.Errorf("error %q repeats %q", err, hidden)
		}
	}
	if len(err.Error()) > 2500 { // 200 characters that are all written as \U0010ffff stay below
		t.Errorf("the error has %d bytes: %.200s", len(err.Error()), err)
	}
	return err
}

func TestNewRefuses(t *testing.T) {
	for fault, c := range map[string]struct{ secret, advice string }{
		"no secret":               {"", "openssl rand -base64 24"},
		"a short text":            {"größer und noch größer!", "openssl rand -base64 24"},
		"the prefix alone":        {"whsec_", "openssl rand -base64 24"},
		"a short key":             {"whsec_aHVzaCBodXNoIGh1c2ggaHVzaA==", "openssl rand -base64 24"},
		"no base64":               {"whsec_hush-hush-hush-hush-hush-hush!", "openssl rand -base64 24"},
		"base64 that is cut":      {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS", "openssl rand -base64 24"},
		"a line end behind":       {secret + "\n", "white space"},
		"a space before":          {" " + secret, "white space"},
		"white space and no more": {strings.Repeat(" ", 30), "white space"},
	} {
		t.Run(fault, func(t *testing.T) {
			_, err := webhook.New(webhook.Config{Secret: c.secret})
			if err == nil || !strings.Contains(err.Error(), c.advice) {
				t.Fatalf("error %v, want advice: %s", err, c.advice)
			}
			if c.secret != "" && c.secret != "whsec_" && strings.Contains(err.Error(), strings.TrimSpace(c.secret)) && strings.TrimSpace(c.secret) != "" {
				t.Errorf("error %q has the secret in it", err)
			}
		})
	}
}

func TestCancelledContext(t *testing.T) {
	asked := make(chan struct{})
	to := receiver(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // then the server sees that the sender has gone
		close(asked)
		<-r.Context().Done()
	})
	sender := open(t, webhook.Config{Timeout: time.Minute})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-asked; cancel() }()
	if err := sender.Deliver(ctx, event(to)); !errors.Is(err, context.Canceled) {
		t.Errorf("a delivery that is broken off: %v, want context.Canceled", err)
	}
	if err := sender.Deliver(ctx, event(to)); !errors.Is(err, context.Canceled) {
		t.Errorf("a delivery that is not begun: %v, want context.Canceled", err)
	}
}
