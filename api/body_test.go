package api

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

func TestBounded(t *testing.T) {
	type headers map[string]string
	const sdp = "application/sdp"
	for name, c := range map[string]struct {
		headers headers
		code    string // "" where it passes
	}{
		"SDP":                         {headers{"Content-Type": sdp}, ""},
		"in capitals":                 {headers{"Content-Type": "Application/SDP"}, ""},
		"with a parameter":            {headers{"Content-Type": "application/sdp; charset=utf-8"}, ""},
		"with half a parameter":       {headers{"Content-Type": "application/sdp; charset"}, ""},
		"nothing said":                {headers{}, "media_type_unsupported"},
		"JSON":                        {headers{"Content-Type": "application/json"}, "media_type_unsupported"},
		"a trickle fragment":          {headers{"Content-Type": "application/trickle-ice-sdpfrag"}, "media_type_unsupported"},
		"only like it":                {headers{"Content-Type": "application/sdpx"}, "media_type_unsupported"},
		"no media type at all":        {headers{"Content-Type": ";;"}, "media_type_unsupported"},
		"identity":                    {headers{"Content-Type": sdp, "Content-Encoding": "identity"}, ""},
		"identity in capitals, twice": {headers{"Content-Type": sdp, "Content-Encoding": "IDENTITY, identity"}, ""},
		"no coding named":             {headers{"Content-Type": sdp, "Content-Encoding": ""}, ""},
		"gzip":                        {headers{"Content-Type": sdp, "Content-Encoding": "gzip"}, "content_coding_unsupported"},
		"gzip after identity":         {headers{"Content-Type": sdp, "Content-Encoding": "identity, gzip"}, "content_coding_unsupported"},
		"an unknown coding":           {headers{"Content-Type": sdp, "Content-Encoding": "x-knots"}, "content_coding_unsupported"},
		"as long as may be":           {headers{"Content-Type": sdp, "Content-Length": "65536"}, ""},
		"longer":                      {headers{"Content-Type": sdp, "Content-Length": "65537"}, "body_too_large"},
		"its type is looked at first": {headers{"Content-Type": "text/plain", "Content-Length": "65537"}, "media_type_unsupported"},
		"a length that is not said":   {headers{"Content-Type": sdp, "Content-Length": ""}, ""},
		"a length that is no number":  {headers{"Content-Type": sdp, "Content-Length": "many"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			api, w := humago.New(http.NewServeMux(), contract()), httptest.NewRecorder()
			r := httptest.NewRequest(http.MethodPost, "/", nil)
			for key, value := range c.headers {
				r.Header.Set(key, value)
			}
			passed := false
			middleware := (&service{refusals: newRefusalCounts()}).bounded(api, maxOffer, errMediaType, mediaTypeSDP)
			middleware(humago.NewContext(&huma.Operation{}, r, w), func(huma.Context) { passed = true })
			if passed != (c.code == "") {
				t.Fatalf("passed: %v, answered %s", passed, w.Body)
			}
			if !passed {
				wantProblem(t, w, c.code)
			}
		})
	}
}

// pipes is a listener for connections within the process, on which time is that
// of the test's bubble.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	if conn, ok := <-p; ok {
		return conn, nil
	}
	return nil, net.ErrClosed
}

func (p pipes) Close() error   { return nil }
func (p pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "pipe"} }

// client is one raw connection to a server, as a client that may do anything.
type client struct {
	net.Conn
	t      *testing.T
	answer *bufio.Reader
}

// connected runs a test against the server of an edge, in a bubble of time.
func connected(t *testing.T, test func(*client)) {
	synctest.Test(t, func(t *testing.T) {
		listener := make(pipes, 1)
		server := &http.Server{Handler: newEdge(t), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
		var serving sync.WaitGroup
		serving.Go(func() { _ = server.Serve(listener) })
		theirs, ours := net.Pipe()
		listener <- ours
		test(&client{theirs, t, bufio.NewReader(theirs)})
		_ = theirs.Close()
		close(listener)
		_ = server.Close()
		serving.Wait()
	})
}

const toPublish = "POST /api/whip/publish/hall HTTP/1.1\r\nHost: a\r\n"

// send writes from a goroutine of its own, since a pipe has no buffer, and ends
// with the connection.
func (c *client) send(parts ...string) {
	go func() { _, _ = io.WriteString(c, strings.Join(parts, "")) }()
}

// want reads one answer, checks its status and how long it has taken, and returns
// whether the connection is said to end with it.
func (c *client) want(status int, took time.Duration) (last bool) {
	c.t.Helper()
	began := time.Now()
	res, err := http.ReadResponse(c.answer, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if got := time.Since(began); err != nil || res.StatusCode != status || got != took {
		c.t.Errorf("%s after %v: %s %v, want %d after %v", res.Status, got, body, err, status, took)
	}
	return res.Close
}

// wantClosed checks that nothing more comes.
func (c *client) wantClosed() {
	c.t.Helper()
	if rest, err := io.ReadAll(c.answer); err != nil || len(rest) > 0 {
		c.t.Errorf("still open: %q %v", rest, err)
	}
}

// wantNext checks that the connection goes on.
func (c *client) wantNext() {
	c.t.Helper()
	c.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
	c.want(http.StatusNoContent, 0)
}

const (
	asAlice = "Authorization: Bearer " + alice + "\r\n"
	asCarol = "Authorization: Bearer " + carol + "\r\n"
	asSDP   = "Content-Type: application/sdp\r\n"
	asJSON  = "Content-Type: application/json\r\n"
)

func TestConnectionSurvivesSmallRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		head   string
		status int
	}{
		"401": {toPublish + asSDP, 401},
		"415": {toPublish + asAlice, 415},
		"404": {"POST /nothing HTTP/1.1\r\nHost: a\r\n", 404},
		"405": {"PUT /healthz HTTP/1.1\r\nHost: a\r\n", 405},
		"201": {toPublish + asAlice + asSDP, 201}, // as a measure
	} {
		t.Run(name, func(t *testing.T) {
			connected(t, func(c2 *client) {
				c2.send(c.head, "Content-Length: 5\r\n\r\noffer")
				c2.want(c.status, 0)
				c2.wantNext()
			})
		})
		t.Run(name+" in chunks", func(t *testing.T) {
			connected(t, func(c2 *client) {
				c2.send(c.head, "Transfer-Encoding: chunked\r\n\r\n2\r\nof\r\n3\r\nfer\r\n0\r\n\r\n")
				c2.want(c.status, 0)
				c2.wantNext()
			})
		})
	}
}

// Whoever is refused hears it, also where the body that was announced never comes.
func TestRefusalDoesNotWaitForTheBody(t *testing.T) {
	for name, c := range map[string]struct {
		request string
		status  int
		took    time.Duration
	}{
		"401, length said":               {toPublish + asSDP + "Content-Length: 5\r\n\r\n", 401, unreadTimeout},
		"401, in chunks":                 {toPublish + asSDP + "Transfer-Encoding: chunked\r\n\r\n2\r\nof\r\n", 401, unreadTimeout},
		"404":                            {"POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nof", 404, unreadTimeout},
		"413, length said":               {toPublish + asAlice + asSDP + "Content-Length: 65537\r\n\r\n", 413, 0},
		"413, much more":                 {toPublish + asAlice + asSDP + "Content-Length: 1000000000000\r\n\r\n", 413, 0},
		"413, in chunks":                 {toPublish + asAlice + asSDP + "Transfer-Encoding: chunked\r\n\r\n10001\r\n" + strings.Repeat("a", 0x10001), 413, 0},
		"413, JSON in chunks":            {"POST /api/rooms HTTP/1.1\r\nHost: a\r\n" + asCarol + asJSON + "Transfer-Encoding: chunked\r\n\r\n8001\r\n" + strings.Repeat("a", 0x8001), 413, 0},
		"408, JSON that does not come":   {"POST /api/rooms HTTP/1.1\r\nHost: a\r\n" + asCarol + asJSON + "Content-Length: 5\r\n\r\n{", 408, bodyTimeout},
		"403, JSON that does not come":   {"POST /api/rooms/hall/tokens HTTP/1.1\r\nHost: a\r\n" + asAlice + asJSON + "Content-Length: 5\r\n\r\n{", 403, unreadTimeout},
		"401, waiting for 100":           {toPublish + asSDP + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n", 401, 0},
		"415, waiting for 100":           {toPublish + asAlice + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n", 415, 0},
		"413, waiting for 100":           {toPublish + asAlice + asSDP + "Expect: 100-continue\r\nContent-Length: 65537\r\n\r\n", 413, 0},
		"408, nothing came":              {toPublish + asAlice + asSDP + "Content-Length: 5\r\n\r\n", 408, bodyTimeout},
		"408, the end did not come":      {toPublish + asAlice + asSDP + "Transfer-Encoding: chunked\r\n\r\n2\r\nof\r\n", 408, bodyTimeout},
		"400, no chunk":                  {toPublish + asAlice + asSDP + "Transfer-Encoding: chunked\r\n\r\nof\r\n", 400, 0},
		"a page, whatever comes with it": {"GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", 204, unreadTimeout},
		"a page that is large":           {"GET /openapi.json HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", 200, bodyTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			connected(t, func(c2 *client) {
				c2.send(c.request)
				if !c2.want(c.status, c.took) {
					t.Error("the connection is said to go on")
				}
				c2.wantClosed()
			})
		})
	}
}

// A body that never ends holds no room: while it is waited for, somebody else
// publishes.
func TestUnendingBodyHoldsNoRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newEdge(t)
		read, written := io.Pipe()
		defer func() { _ = written.Close() }()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, publishHall, read)
		r.Header.Set("Authorization", "Bearer "+alice)
		r.Header.Set("Content-Type", "application/sdp")
		go e.ServeHTTP(httptest.NewRecorder(), r)
		_, _ = written.Write([]byte("off"))
		synctest.Wait()
		e.begin(t, publishHall)
	})
}

func TestSlowBodyIsServed(t *testing.T) {
	connected(t, func(c *client) {
		go func() {
			for _, part := range []string{toPublish, asAlice, asSDP + "Transfer-Encoding: chunked\r\n\r\n", "2\r\nof\r\n", "3\r\n", "f", "er\r\n", "0\r\n\r\n"} {
				_, _ = io.WriteString(c, part)
				time.Sleep(time.Second)
			}
		}()
		c.want(http.StatusCreated, 7*time.Second)
		time.Sleep(bodyTimeout) // a deadline that is left over would be over now
		c.wantNext()
	})
}

func TestExpectedContinueIsSent(t *testing.T) {
	connected(t, func(c *client) {
		c.send(toPublish, asAlice, asSDP, "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n")
		if line, err := c.answer.ReadString('\n'); err != nil || line != "HTTP/1.1 100 Continue\r\n" {
			t.Fatalf("%q %v", line, err)
		}
		_, _ = c.answer.ReadString('\n')
		c.send("offer")
		c.want(http.StatusCreated, 0)
		c.wantNext()
	})
}

// A handler takes as long as it needs once the body is there.
func TestDeadlineEndsWithTheBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		theirs, ours := net.Pipe()
		listener := make(pipes, 1)
		server := &http.Server{Handler: bodies{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.ReadAll(r.Body)
			select {
			case <-r.Context().Done():
				w.WriteHeader(http.StatusTeapot)
			case <-time.After(2 * bodyTimeout):
			}
		})}}
		var serving sync.WaitGroup
		serving.Go(func() { _ = server.Serve(listener) })
		listener <- ours
		c := &client{theirs, t, bufio.NewReader(theirs)}
		c.send(toPublish, "Content-Length: 5\r\n\r\noffer")
		c.want(http.StatusOK, 2*bodyTimeout)
		_ = theirs.Close()
		close(listener)
		_ = server.Close()
		serving.Wait()
	})
}
