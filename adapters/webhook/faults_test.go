package webhook_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rostrum/adapters/webhook"
)

func TestAnswersThatRefuse(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		want   []string
	}{
		"server error":          {500, "the database is away\n", []string{"500 Internal Server Error", `"the database is away"`}},
		"no words":              {503, "", []string{"503 Service Unavailable"}},
		"an unknown status":     {599, "?", []string{"599", `"?"`}},
		"bad request":           {400, `{"error":"größer"}`, []string{"400", `größer`}},
		"wrong signature":       {401, "", []string{"401", "same secret"}},
		"gone":                  {410, "", []string{"410 Gone"}},
		"too many":              {429, "", []string{"429"}},
		"not modified":          {304, "", []string{"304"}},
		"a long answer":         {500, strings.Repeat("ä", 199) + "B" + strings.Repeat("c", 1<<20), []string{strings.Repeat("ä", 199) + "…\""}},
		"200 characters":        {500, strings.Repeat("ä", 200), []string{strings.Repeat("ä", 200) + `"`}},
		"control characters":    {500, "a\x1b[31m\r\nlevel=INFO \x00", []string{`a\x1b[31m\r\nlevel=INFO \x00`}},
		"no UTF-8":              {500, "\xff\xfe", []string{"500"}},
		"the longest in quotes": {500, strings.Repeat("\U0010ffff", 300), []string{"500"}},
		"the secret":            {400, "signed with " + secret + "?", []string{"signed with [secret]?"}},
		"the secret's base64":   {400, strings.Repeat("x", 190) + strings.TrimPrefix(secret, "whsec_"), []string{"xxx[secret]"}},
	} {
		t.Run(name, func(t *testing.T) {
			to := receiver(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.body)
			})
			fails(t, open(t, webhook.Config{}), to, append(c.want, "http://127.0.0.1:")...)
		})
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		var followed atomic.Int32
		elsewhere := receiver(t, func(http.ResponseWriter, *http.Request) { followed.Add(1) })
		to := receiver(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere, status) })
		fails(t, open(t, webhook.Config{}), to, http.StatusText(status), "webhooks.urls")
		if followed.Load() != 0 {
			t.Errorf("a redirect by %d was followed", status)
		}
	}
}

func TestSlowReceiverIsWaitedFor(t *testing.T) {
	to := receiver(t, func(w http.ResponseWriter, _ *http.Request) {
		<-time.After(200 * time.Millisecond)
		w.WriteHeader(http.StatusAccepted)
	})
	if err := open(t, webhook.Config{Timeout: time.Minute}).Deliver(t.Context(), event(to)); err != nil {
		t.Error(err)
	}
}

func TestReceiverThatNeverAnswers(t *testing.T) {
	for fault, handle := range map[string]http.HandlerFunc{
		"silent": func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
		},
		"early hints for ever": func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			for r.Context().Err() == nil {
				w.WriteHeader(http.StatusProcessing)
				<-time.After(10 * time.Millisecond)
			}
		},
	} {
		t.Run(fault, func(t *testing.T) {
			err := fails(t, open(t, webhook.Config{Timeout: 100 * time.Millisecond}), receiver(t, handle), "no answer within 100ms")
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("error %v, want context.DeadlineExceeded", err)
			}
		})
	}
}

// An answer that never ends is no reason to wait for its end: the status has said all.
func TestAnswerWithoutEnd(t *testing.T) {
	endless := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			w.WriteHeader(status)
			for r.Context().Err() == nil {
				if _, err := w.Write([]byte(strings.Repeat("more ", 1000))); err != nil {
					return
				}
				_ = http.NewResponseController(w).Flush()
			}
		}
	}
	sender := open(t, webhook.Config{Timeout: time.Minute})
	if err := sender.Deliver(t.Context(), event(receiver(t, endless(200)))); err != nil {
		t.Errorf("endless 200: %v", err)
	}
	fails(t, sender, receiver(t, endless(500)), "500", "more more")
}

// Of an answer that goes on by a byte now and then, what has come by the end of the sender's
// patience is told, which no byte makes longer. It is long: on a busy machine also the beginning
// takes its time.
func TestAnswerThatDrips(t *testing.T) {
	t.Parallel()
	to := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = io.WriteString(w, "more than this")
		for r.Context().Err() == nil {
			_ = http.NewResponseController(w).Flush()
			select {
			case <-r.Context().Done():
			case <-time.After(time.Second):
			}
			_, _ = io.WriteString(w, ".")
		}
	})
	fails(t, open(t, webhook.Config{Timeout: 5 * time.Second}), to, "500", "more than this")
}

// What is no HTTP, or only the beginning of it.
func TestReceiverThatSpeaksNoHTTP(t *testing.T) {
	for fault, c := range map[string]struct{ says, want string }{
		"closes at once":             {"", "EOF"},
		"another protocol":           {"220 mail.example ESMTP\r\n", "malformed HTTP"},
		"a long line":                {strings.Repeat("hello", 5000) + "\r\n", "no answer that is HTTP"},
		"a line that does not end":   {strings.Repeat("hello ", 100_000), "no answer"},
		"the secret instead of HTTP": {"HTTP/1.1 " + secret + "\r\n\r\n", "[secret]"},
		"headers that do not end":    {"HTTP/1.1 200 OK\r\n" + strings.Repeat("X-More: and more\r\n", 10_000), "no answer"},
		"cut in its headers":         {"HTTP/1.1 200 OK\r\nContent-Le", "no answer"},
	} {
		t.Run(fault, func(t *testing.T) {
			fails(t, open(t, webhook.Config{}), "http://"+speaker(t, c.says)+"/hush-path", c.want)
		})
	}
}

// speaker says the same to whoever has sent something, and closes the connection.
func speaker(t *testing.T, says string) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	over := make(chan struct{})
	t.Cleanup(func() { listener.Close(); <-over })
	go func() {
		defer close(over)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 64<<10))
			_, _ = io.WriteString(conn, says)
			conn.Close()
		}
	}()
	return listener.Addr().String()
}

func TestReceiverThatIsNotThere(t *testing.T) {
	fails(t, open(t, webhook.Config{}), "http://127.0.0.1:1/hush-path", "connection refused", "See that it runs")
}

func TestAddressThatIsNone(t *testing.T) {
	sender := open(t, webhook.Config{})
	for _, to := range []string{
		"", "hush", "/hush", "ftp://hush.example/", "http://", "http:///hush", "https:hush", "http://127.0.0.1:hush/",
		"http://user:hu%zzsh@127.0.0.1/", "http://127.0.0.1/\x00hush", "file:///etc/hush", "HTTP//hush",
	} {
		fails(t, sender, to, "webhooks.urls")
	}
}

// An id that is no header's value is an error, and not a header of its own.
func TestEventThatCannotBeSent(t *testing.T) {
	var got recorder
	d := event(receiver(t, got.ServeHTTP))
	d.ID = "a\r\nX-More: and more"
	if err := open(t, webhook.Config{}).Deliver(t.Context(), d); err == nil || len(got.requests()) != 0 {
		t.Errorf("error %v and %d requests, want one and none", err, len(got.requests()))
	}
}
