package conformance

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rostrum/cmd/rostrum/rig"
)

// Paths of the endpoints.
const (
	whip     = "/api/whip/publish/"
	whep     = "/api/whep/play/"
	typeSDP  = "Content-Type: application/sdp"
	typeFrag = "Content-Type: application/trickle-ice-sdpfrag"
	typeJSON = "Content-Type: application/json"
	noToken  = "Authorization:"
)

// patient waits for a server as all tests do.
var patient = &http.Client{
	Timeout:       rig.Patience,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// reply is an answer over HTTP whose body has been read.
type reply struct {
	*http.Response
	body string
}

// send makes a request with the studio's token. Each header is "Name: value"; one
// with Authorization takes the token's place, and an empty one takes it away.
func (s *server) send(t testing.TB, method, path, body string, headers ...string) reply {
	t.Helper()
	r, err := s.trySend(t, method, path, body, headers...)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return r
}

// trySend is send for goroutines that must not end the test.
func (s *server) trySend(t testing.TB, method, path, body string, headers ...string) (reply, error) {
	var content io.Reader
	if body != "" {
		content = strings.NewReader(body)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, content)
	if err != nil {
		return reply{}, err
	}
	req.Header.Set("Authorization", "Bearer "+s.token())
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ":")
		if strings.EqualFold(name, "Authorization") {
			req.Header.Del(name)
		}
		if value = strings.TrimSpace(value); value != "" {
			req.Header.Add(name, value)
		}
	}
	res, err := patient.Do(req) //nolint:bodyclose // readReply closes it
	if err != nil {
		return reply{}, err
	}
	return readReply(res)
}

// token is the studio's where it is known, the administrator's elsewhere.
func (s *server) token() string {
	if s == house {
		return studioToken
	}
	return adminToken
}

func readReply(res *http.Response) (reply, error) {
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	return reply{res, string(body)}, err
}

// as is the header of another bearer.
func as(token string) string { return "Authorization: Bearer " + token }

// line is a bare connection: what is written to it is what the server reads.
type line struct {
	net.Conn
	t testing.TB
	r *bufio.Reader
}

// dial opens a bare connection that fails the test rather than block for good.
func (s *server) dial(t testing.TB) *line {
	t.Helper()
	conn, err := net.Dial("tcp", s.addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(rig.Patience))
	return &line{conn, t, bufio.NewReader(conn)}
}

// write sends text as it stands.
func (l *line) write(text string) {
	l.t.Helper()
	if _, err := io.WriteString(l.Conn, text); err != nil {
		l.t.Fatalf("write: %v", err)
	}
}

// read reads the answer to a request with that method.
func (l *line) read(method string) reply {
	l.t.Helper()
	res, err := http.ReadResponse(l.r, &http.Request{Method: method}) //nolint:bodyclose // readReply closes it
	if err != nil {
		l.t.Fatalf("no answer to %s: %v", method, err)
	}
	r, err := readReply(res)
	if err != nil {
		l.t.Fatalf("a broken answer to %s: %v", method, err)
	}
	return r
}

// head is a request's first lines with the studio's token, open for more headers.
func head(method, target string) string {
	return fmt.Sprintf("%s %s HTTP/1.1\r\nHost: conformance\r\nAuthorization: Bearer %s\r\n", method, target, studioToken)
}

// problem is the body of a refusal (RFC 9457).
type problem struct {
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Detail    string `json:"detail"`
	Code      string `json:"code"`
	Retryable bool   `json:"retryable"`
}

// refused fails unless the answer is a whole problem document with that status and
// one of the codes; no code lets every one pass.
func (r reply) refused(t testing.TB, status int, codes ...string) {
	t.Helper()
	var p problem
	if err := json.Unmarshal([]byte(r.body), &p); err != nil && r.StatusCode >= 400 {
		t.Errorf("the %d has no problem document: %v: %q", r.StatusCode, err, r.body)
		return
	}
	fits := len(codes) == 0
	for _, c := range codes {
		fits = fits || c == p.Code
	}
	if r.StatusCode != status || !fits {
		t.Errorf("%d %s (%s), want %d %v", r.StatusCode, p.Code, p.Detail, status, codes)
	}
	if r.StatusCode >= 400 && (p.Status != r.StatusCode || p.Title == "" || r.Header.Get("Content-Type") != "application/problem+json") {
		t.Errorf("a %d with Content-Type %q and %s", r.StatusCode, r.Header.Get("Content-Type"), r.body)
	}
}

var rooms atomic.Int64

// room returns a room that no other test uses.
func room() string { return fmt.Sprintf("room-%d", rooms.Add(1)) }
