package web

import (
	"bytes"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// said is a request that went over a wire, and how it was answered.
type said struct {
	method, path  string
	request       http.Header
	body          string
	status        int
	answer        http.Header
	authorization string
}

// wire stands between pages and a server, and keeps what is said, but for preflights. Any
// goroutine may use it.
type wire struct {
	url string

	mu   sync.Mutex
	kept []said
}

// newWire returns a wire to a server. Where instead is not nil and answers a request, the
// server does not hear of it; afterwards, if not nil, changes the server's own answers.
func newWire(t *testing.T, s *stand, instead func(w http.ResponseWriter, r *http.Request) bool, afterwards func(*http.Response)) *wire {
	t.Helper()
	target, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.ErrorLog = log.New(io.Discard, "", 0) // of pages that leave, and of servers that are killed
	if afterwards != nil {
		proxy.ModifyResponse = func(r *http.Response) error {
			afterwards(r)
			return nil
		}
	}
	w := &wire{}
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		kept := &keeper{ResponseWriter: out, status: http.StatusOK}
		body, _ := io.ReadAll(r.Body) // what is missing fails the request as well
		r.Body = io.NopCloser(bytes.NewReader(body))
		if instead == nil || r.Method == http.MethodOptions || !instead(kept, r) {
			proxy.ServeHTTP(kept, r)
		} else if kept.Header().Get("Access-Control-Allow-Origin") == "" {
			t.Errorf("the wire answers %s %s for nobody", r.Method, r.URL)
		}
		if r.Method != http.MethodOptions {
			w.keep(said{r.Method, r.URL.Path, r.Header, string(body), kept.status, out.Header(), r.Header.Get("Authorization")})
		}
	}))
	t.Cleanup(server.Close)
	w.url = server.URL
	return w
}

// answer answers a page in the server's place.
func answer(w http.ResponseWriter, status int, body string, headers ...string) bool {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Access-Control-Expose-Headers", "*")
	for i := 0; i < len(headers); i += 2 {
		w.Header().Add(headers[i], headers[i+1])
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body) // the page may have gone
	return true
}

func (w *wire) keep(s said) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.kept = append(w.kept, s)
}

// all returns what was said by a method to paths that begin so.
func (w *wire) all(method, path string) (found []said) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.kept {
		if s.method == method && strings.HasPrefix(s.path, path) {
			found = append(found, s)
		}
	}
	return found
}

// keeper takes note of an answer's status.
type keeper struct {
	http.ResponseWriter

	status int
}

// WriteHeader passes the status on.
func (k *keeper) WriteHeader(status int) {
	k.status = status
	k.ResponseWriter.WriteHeader(status)
}
