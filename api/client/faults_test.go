package client_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rostrum/api/client"
)

func TestServerThatIsAway(t *testing.T) {
	const away = "http://127.0.0.1:1" // nobody ever listens there
	_, err := connect(t, away).Publish(t.Context(), "demo", offer)
	if again, _ := client.Retryable(err); !errors.Is(err, client.ErrUnreachable) || !again || !strings.Contains(err.Error(), away) {
		t.Error(err)
	}
}

// A server that takes a request and says nothing, or begins to and goes no further, is
// given up on: by the client's patience, or with the caller's context.
func TestServerThatHangs(t *testing.T) {
	for name, say := range map[string]func(http.ResponseWriter){
		"before its answer": func(http.ResponseWriter) {},
		"in its answer": func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "application/sdp")
			w.WriteHeader(http.StatusCreated)
			_ = http.NewResponseController(w).Flush()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hanging := func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				say(w)
				<-r.Context().Done()
			}
			_, err := serve(t, hanging, client.Timeout(100*time.Millisecond)).ListRoomsWithResponse(t.Context(), nil)
			if !errors.Is(err, client.ErrUnreachable) || !strings.Contains(err.Error(), "100ms") {
				t.Errorf("a server that hangs: %v", err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			_, err = serve(t, hanging).ListRoomsWithResponse(ctx, nil)
			if !errors.Is(err, client.ErrUnreachable) || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("a caller's deadline: %v", err)
			}
			ctx, cancel = context.WithCancel(t.Context())
			cancel()
			_, err = serve(t, hanging).Play(ctx, "demo", offer)
			if !errors.Is(err, context.Canceled) || errors.Is(err, client.ErrUnreachable) {
				t.Errorf("a caller that wants no more: %v", err)
			}
			why := errors.New("it is late")
			over, end := context.WithCancelCause(t.Context())
			end(why)
			_, err = serve(t, hanging).ListRoomsWithResponse(over, nil)
			if !errors.Is(err, why) || errors.Is(err, client.ErrUnreachable) {
				t.Errorf("a caller that says why: %v", err)
			}
		})
	}
}

func TestAnswerThatIsTooLong(t *testing.T) {
	endless := func(w http.ResponseWriter, r *http.Request) {
		for chunk := make([]byte, 1<<16); r.Context().Err() == nil; {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}
	_, err := serve(t, endless).ListRoomsWithResponse(t.Context(), nil)
	if again, _ := client.Retryable(err); !errors.Is(err, client.ErrContract) || !strings.Contains(err.Error(), "8 MiB") || again {
		t.Error(err)
	}
}

// A portal answers whatever it is asked with a page.
func TestAnswerOfSomethingElse(t *testing.T) {
	for kind, body := range map[string]string{
		"text/html; charset=utf-8": "<html>", "text/plain": "It works!", "": "\x00", "application/json": `{"rooms":[`,
	} {
		c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = []string{kind}
			_, _ = io.WriteString(w, body)
		})
		if _, err := c.ListRoomsWithResponse(t.Context(), nil); !errors.Is(err, client.ErrContract) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

// What may be long is bounded by the caller alone, who asks for it so.
func TestStreaming(t *testing.T) {
	const length = client.MaxAnswer + 1<<20
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		for chunk, sent := make([]byte, 1<<20), 0; sent < length; sent += len(chunk) {
			_, _ = w.Write(chunk)
		}
	})
	response, err := c.GetRecordingMedia(client.Streaming(t.Context()), "abc", nil)
	if err != nil {
		t.Fatal(err)
	}
	n, err := io.Copy(io.Discard, response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil || n != length {
		t.Errorf("%d bytes of %d: %v", n, length, err)
	}
	refusing := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) })
	_, err = refusing.GetRecordingMedia(client.Streaming(t.Context()), "abc", nil) //nolint:bodyclose // there is none
	if !errors.Is(err, &client.Problem{Status: http.StatusNotFound}) {
		t.Errorf("a stream that is refused: %v", err)
	}
}

// elsewhere is another server, which notes what it is shown.
func elsewhere(t *testing.T) (address string, shown *atomic.Value) {
	t.Helper()
	shown = &atomic.Value{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		shown.Store(r.Header.Get("Authorization"))
		_, _ = io.WriteString(w, "media")
	}))
	t.Cleanup(server.Close)
	return server.URL, shown
}

func TestRedirects(t *testing.T) {
	other, shown := elsewhere(t)
	redirecting := func(status int, to string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/there") {
				created(w, "/api/whip/sessions/abc")
				return
			}
			http.Redirect(w, r, to, status)
		}
	}
	for _, c := range []struct {
		status   int
		to, says string
	}{
		{http.StatusTemporaryRedirect, other + "/api", other},
		{http.StatusFound, "/there", "GET"},
		{http.StatusTemporaryRedirect, "/circle", "circle"},
	} {
		_, err := serve(t, redirecting(c.status, c.to)).Publish(t.Context(), "demo", offer)
		if !errors.Is(err, client.ErrContract) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%d to %s: %v", c.status, c.to, err)
		}
	}
	if shown.Load() != nil {
		t.Error("an offer went to another server")
	}
	if _, err := serve(t, redirecting(http.StatusTemporaryRedirect, "/there")).Publish(t.Context(), "demo", offer); err != nil {
		t.Errorf("to another place of the same server: %v", err)
	}
	answer, err := serve(t, redirecting(http.StatusTemporaryRedirect, other)).GetRecordingMediaWithResponse(t.Context(), "abc", nil)
	if err != nil || string(answer.Body) != "media" || shown.Load() != "" {
		t.Errorf("a recording in a store: %v, the store was shown %q", err, shown.Load())
	}
}

func TestAnswersThatAreNotTheContracts(t *testing.T) {
	other, shown := elsewhere(t)
	for name, c := range map[string]struct {
		status               int
		location, kind, body string
		says                 string
		ended                bool // the session that may have been begun
	}{
		"another success":        {200, "/api/whip/sessions/abc", "application/sdp", answer, "200", false},
		"no Location":            {201, "", "application/sdp", answer, "Location", false},
		"a Location elsewhere":   {201, other + "/api/whip/sessions/abc", "application/sdp", answer, "Location", false},
		"a Location of its own":  {201, "/sessions/abc", "application/sdp", answer, "Location", false},
		"a Location of WHEP":     {201, "/api/whep/sessions/abc", "application/sdp", answer, "Location", false},
		"a Location of nobody":   {201, "/api/whip/sessions/", "application/sdp", answer, "Location", false},
		"a page":                 {201, "/api/whip/sessions/abc", "text/html", "<html>", "text/html", true},
		"no SDP":                 {201, "/api/whip/sessions/abc", "application/sdp", "garbage", "no SDP", true},
		"nothing":                {201, "/api/whip/sessions/abc", "application/sdp", "", "no SDP", true},
		"an endless SDP":         {201, "/api/whip/sessions/abc", "application/sdp", answer + strings.Repeat("a=candidate:\r\n", 10_000), "64 KiB", true},
		"a relative Location":    {201, "../sessions/abc", "application/sdp", "garbage", "no SDP", true},
		"a redirect to nowhere":  {307, "", "", "", "307", false},
		"a success without body": {204, "", "", "", "204", false},
	} {
		t.Run(name, func(t *testing.T) {
			var ended atomic.Int32
			server := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodDelete && r.URL.Path == "/api/whip/sessions/abc" {
					ended.Add(1)
					return
				}
				if c.location != "" {
					w.Header().Set("Location", c.location)
				}
				w.Header().Set("Content-Type", c.kind)
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.body)
			})
			s, err := server.Publish(t.Context(), "demo", offer)
			var problem *client.Problem
			if s != nil || !errors.Is(err, client.ErrContract) && !errors.As(err, &problem) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v, %v", s, err)
			}
			if (ended.Load() > 0) != c.ended {
				t.Errorf("the session was ended %d times", ended.Load())
			}
		})
	}
	if shown.Load() != nil {
		t.Error("another server was asked for something")
	}
}
