package webhook_test

import (
	"bytes"
	"encoding/pem"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"rostrum/adapters/webhook"
)

// arrived is a request as its receiver got it.
type arrived struct {
	method, uri string
	header      http.Header
	body        []byte
}

// recorder answers 204 and keeps what has arrived.
type recorder struct {
	mu  sync.Mutex // guards all
	all []arrived
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, _ := io.ReadAll(request.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, arrived{request.Method, request.RequestURI, request.Header, body})
	w.WriteHeader(http.StatusNoContent)
}

func (r *recorder) requests() []arrived {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.all
}

// Receivers with the library of the specification take what is sent, for each way in
// which a secret can be written, and take nothing else.
func TestReceiverVerifies(t *testing.T) {
	byLibrary := func(s string) (*standardwebhooks.Webhook, error) { return standardwebhooks.NewWebhook(s) }
	byBytes := func(s string) (*standardwebhooks.Webhook, error) { return standardwebhooks.NewWebhookRaw([]byte(s)) }
	for name, c := range map[string]struct {
		secret string
		key    func(string) (*standardwebhooks.Webhook, error)
	}{
		"as the specification writes it": {secret, byLibrary},
		"with padding":                   {"whsec_aHVzaCBodXNoIGh1c2ggaHVzaCBodXNoIGh1c2gu", byLibrary},
		"a text of 24 characters":        {"correct horse battery st", byBytes},
		"a text that is not ASCII":       {"größer und noch viel größer", byBytes},
		"base64 without the prefix":      {"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", byBytes},
	} {
		t.Run(name, func(t *testing.T) {
			var got recorder
			sender := open(t, webhook.Config{Secret: c.secret})
			if err := sender.Deliver(t.Context(), event(receiver(t, got.ServeHTTP))); err != nil {
				t.Fatal(err)
			}
			key, err := c.key(c.secret)
			if err != nil {
				t.Fatal(err)
			}
			request := got.requests()[0]
			if err := key.Verify(request.body, request.header); err != nil {
				t.Errorf("the receiver refuses it: %v", err)
			}
			if err := key.Verify(append(request.body, ' '), request.header); err == nil {
				t.Error("the signature is good for another body")
			}
			request.header.Set("webhook-id", "another")
			if err := key.Verify(request.body, request.header); err == nil {
				t.Error("the signature is good for another event")
			}
		})
	}
}

func TestDeliverSendsWhatIsGiven(t *testing.T) {
	var got recorder
	to := receiver(t, got.ServeHTTP)
	sender := open(t, webhook.Config{})
	d := event(to)
	for range 2 {
		if err := sender.Deliver(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	requests := got.requests()
	if len(requests) != 2 {
		t.Fatalf("two deliveries came as %d requests", len(requests))
	}
	for _, r := range requests {
		if r.method != http.MethodPost || r.uri != "/hush-path?token=hush-query" || !bytes.Equal(r.body, d.Body) {
			t.Errorf("arrived: %s %s %q", r.method, r.uri, r.body)
		}
		for name, want := range map[string]string{
			"Content-Type": "application/json", "User-Agent": "Rostrum", "webhook-id": "0A1B2C.completed",
			"Content-Length": strconv.Itoa(len(d.Body)), "Authorization": "Basic dXNlcjpodXNoLXBhc3N3b3Jk",
		} {
			if got := r.header.Get(name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
	}
}

func TestAnswersThatMeanTaken(t *testing.T) {
	for _, status := range []int{200, 201, 202, 204, 206, 299} {
		to := receiver(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		if err := open(t, webhook.Config{}).Deliver(t.Context(), event(to)); err != nil {
			t.Errorf("%d: %v", status, err)
		}
	}
}

func TestManyDeliveriesAtOnce(t *testing.T) {
	var got recorder
	to := receiver(t, got.ServeHTTP)
	sender := open(t, webhook.Config{})
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if err := sender.Deliver(t.Context(), event(to)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := len(got.requests()); n != 20 {
		t.Errorf("20 deliveries came as %d requests", n)
	}
}

func TestLogSaysWhatWasTakenAndNoSecret(t *testing.T) {
	var log bytes.Buffer
	sender := open(t, webhook.Config{Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	to := receiver(t, func(http.ResponseWriter, *http.Request) {})
	if err := sender.Deliver(t.Context(), event(to)); err != nil {
		t.Fatal(err)
	}
	if line := log.String(); !strings.Contains(line, "event=0A1B2C.completed") || strings.Contains(line, "hush") {
		t.Errorf("the log says %s", line)
	}
}

// TLS is checked by the system's certificates: what they do not vouch for gets nothing.
func TestTLS(t *testing.T) {
	var got recorder
	server := httptest.NewUnstartedServer(&got)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) // of the sender that turns away
	server.StartTLS()
	t.Cleanup(server.Close)
	fails(t, open(t, webhook.Config{}), server.URL+"/hush-path", "certificate")
	if n := len(got.requests()); n != 0 {
		t.Errorf("a receiver that nobody vouches for got %d requests", n)
	}
	authority := filepath.Join(t.TempDir(), "authority.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(authority, text, 0o600); err != nil {
		t.Fatal(err)
	}
	deliverElsewhere(t, server.URL+"/hook", "SSL_CERT_FILE="+authority)
	if n := len(got.requests()); n != 1 {
		t.Errorf("a receiver that the system vouches for got %d requests, want 1", n)
	}
}

// The receiver's name exists for the proxy alone.
func TestProxyOfTheEnvironment(t *testing.T) {
	var got recorder
	proxy := httptest.NewServer(&got)
	t.Cleanup(proxy.Close)
	deliverElsewhere(t, "http://receiver.invalid/hook", "HTTP_PROXY="+proxy.URL, "NO_PROXY=", "no_proxy=", "REQUEST_METHOD=")
	requests := got.requests()
	if len(requests) != 1 || requests[0].uri != "http://receiver.invalid/hook" {
		t.Fatalf("the proxy was asked for %+v, want the receiver's address", requests)
	}
}

// deliverElsewhere delivers in a process with another environment, which net/http reads
// once.
func deliverElsewhere(t *testing.T, to string, environment ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(append(os.Environ(), environment...), childTo+"="+to)
	cmd.WaitDelay = 10 * time.Second
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}
