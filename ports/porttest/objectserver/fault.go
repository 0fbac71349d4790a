package objectserver

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"rostrum/ports/porttest/freeport"
)

// Always is how often a fault happens that does not pass by itself.
const Always = -1

// Fault is a proxy in front of a store that does what stores and networks do on a
// bad day. It does nothing of itself. Its methods may be called at any time; a
// request that has begun goes on under the faults that it began with.
type Fault struct {
	URL string // what clients use in place of the store's

	server  *Server
	proxy   *httputil.ReverseProxy
	resumed *resumed
	running sync.WaitGroup // listeners and connections

	mu      sync.Mutex
	serving *http.Server // nil while down
	faults  faults
	changes int // answers to requests that change something, since Calm
}

// faults is what happens to requests.
type faults struct {
	refusal int // the status
	refuse  int // how many more requests are refused
	cut     int // how many more are cut off
	cutAt   int64
	halt    *halt
	rate    int64 // bytes a second; 0 as fast as it goes
	lose    int   // which of the answers; 0 none
	lie     Lie
	rewrite func(*http.Response) error
}

// NewFault puts a proxy in front of s, which ends with the test.
func NewFault(t testing.TB, s *Server) *Fault {
	t.Helper()
	to, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{DisableCompression: true}
	address, err := freeport.Address()
	if err != nil {
		t.Fatal(err)
	}
	f := &Fault{URL: "http://" + address, server: s, resumed: newResumed()}
	f.proxy = &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Host = r.In.Host // which is what clients have signed
		},
		Transport:      transport,
		ModifyResponse: f.answer,
		ErrorHandler:   func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
	}
	f.Up(t)
	t.Cleanup(func() {
		f.Calm()
		f.Down()
		f.running.Wait()
		transport.CloseIdleConnections()
	})
	return f
}

// Down refuses connections and cuts those that there are.
func (f *Fault) Down() {
	f.mu.Lock()
	serving := f.serving
	f.serving = nil
	f.mu.Unlock()
	if serving != nil {
		_ = serving.Close()
	}
}

// Up takes connections again. A program that a test starts at the same time has a copy of the
// listener of before until it runs: that is waited for.
func (f *Fault) Up(t testing.TB) {
	t.Helper()
	for end := time.Now().Add(startWait); ; time.Sleep(5 * time.Millisecond) {
		l, err := net.Listen("tcp", strings.TrimPrefix(f.URL, "http://")) //nolint:noctx // does not wait
		if err == nil {
			f.serve(l)
			return
		}
		if !errors.Is(err, syscall.EADDRINUSE) || time.Now().After(end) {
			t.Fatal(err)
		}
	}
}

func (f *Fault) serve(l net.Listener) {
	serving := &http.Server{Handler: f, ReadHeaderTimeout: time.Minute, ConnState: f.count}
	f.running.Go(func() { _ = serving.Serve(l) }) // until Close
	f.mu.Lock()
	defer f.mu.Unlock()
	f.serving = serving
}

func (f *Fault) count(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew: // before Serve may return
		f.running.Add(1)
	case http.StateClosed:
		f.running.Done()
	}
}

// Refuse answers the next so many requests with a status as the store itself would.
// Those that ask for patience say for how long.
func (f *Fault) Refuse(status, times int) {
	f.set(func(now *faults) { now.refusal, now.refuse = status, times })
}

// Cut cuts the connections of the next so many requests when that many bytes of their
// body have passed; shorter ones are left alone.
func (f *Fault) Cut(after int64, times int) {
	f.set(func(now *faults) { now.cutAt, now.cut = after, times })
}

// Halt stops everything on the way when that many bytes of the bodies of requests
// have passed, all together: then it closes reached, and goes on when resume is
// called, or Calm.
func (f *Fault) Halt(after int64) (reached <-chan struct{}, resume func()) {
	h := newHalt(after)
	f.set(func(now *faults) { now.halt = h })
	return h.reached, h.resume
}

// Throttle lets that many bytes of each request's body pass in a second.
func (f *Fault) Throttle(rate int64) { f.set(func(now *faults) { now.rate = rate }) }

// Lose has the store carry out requests that change something, and loses the n-th
// answer, counted from 1.
func (f *Fault) Lose(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults.lose, f.changes = n, 0
}

// Changes returns how many requests that change something were answered since Lose or
// Calm.
func (f *Fault) Changes() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.changes
}

// Lie has answers about whole objects tell something else.
func (f *Fault) Lie(about Lie) { f.set(func(now *faults) { now.lie = about }) }

// Rewrite has change see, and change, each answer of the store. Its error cuts the
// connection.
func (f *Fault) Rewrite(change func(*http.Response) error) {
	f.set(func(now *faults) { now.rewrite = change })
}

// Calm ends all faults but Down.
func (f *Fault) Calm() {
	f.set(func(now *faults) {
		if now.halt != nil {
			now.halt.resume()
		}
		*now = faults{}
	})
	f.Lose(0)
}

func (f *Fault) set(change func(now *faults)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(&f.faults)
}

// took returns the faults that a request is under, and counts it among those refused.
func (f *Fault) took() faults {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.faults
	if f.faults.refuse > 0 {
		f.faults.refuse--
	}
	return now
}

// ServeHTTP passes a request on, or not.
func (f *Fault) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	now := f.took()
	if now.refuse != 0 {
		_, _ = io.Copy(io.Discard, r.Body)
		f.refuse(w, now.refusal)
		return
	}
	if r.ContentLength != 0 {
		r.Body = &passage{ReadCloser: r.Body, fault: f, faults: now}
	}
	if f.server.protocol.resumes && f.resumed.serve(w, r) {
		return
	}
	f.proxy.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), faultsKey{}, now)))
}

type faultsKey struct{}

func (f *Fault) refuse(w http.ResponseWriter, status int) {
	contentType, body := f.server.protocol.refusal(status)
	w.Header().Set("Content-Type", contentType)
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

var errLost = errors.New("the answer is lost")

// answer does to an answer what the faults say.
func (f *Fault) answer(r *http.Response) error {
	now, _ := r.Request.Context().Value(faultsKey{}).(faults)
	if f.server.protocol.resumes {
		if err := f.resumed.note(r); err != nil {
			return err
		}
	}
	if r.Request.Method != http.MethodGet && r.Request.Method != http.MethodHead {
		f.mu.Lock()
		f.changes++
		lost := f.changes == f.faults.lose
		f.mu.Unlock()
		if lost {
			_, _ = io.Copy(io.Discard, r.Body)
			return errLost
		}
	}
	if now.lie != "" {
		if err := rewriteBody(r, func(body []byte) []byte { return f.server.protocol.lie(r, now.lie, body) }); err != nil {
			return err
		}
	}
	if now.rewrite != nil {
		return now.rewrite(r)
	}
	return nil
}
