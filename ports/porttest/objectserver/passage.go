package objectserver

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"
)

var errCut = errors.New("the connection is cut")

// passage is the body of a request on its way through the proxy.
type passage struct {
	io.ReadCloser
	fault  *Fault
	faults faults
	passed int64
}

// Read reads so little at once that the faults come where they should.
func (b *passage) Read(p []byte) (int, error) {
	if b.faults.rate > 0 {
		p = p[:min(int64(len(p)), max(1, b.faults.rate/20))]
	}
	if b.faults.cut != 0 {
		if left := b.faults.cutAt - b.passed; left > 0 {
			p = p[:min(int64(len(p)), left)]
		} else if b.fault.cuts() {
			return 0, errCut
		}
	}
	n, err := b.ReadCloser.Read(p)
	b.passed += int64(n)
	if b.faults.rate > 0 {
		time.Sleep(time.Duration(n) * time.Second / time.Duration(b.faults.rate))
	}
	if b.faults.halt != nil {
		b.faults.halt.pass(int64(n))
	}
	return n, err
}

// cuts reports whether one more request is to be cut off, and counts it.
func (f *Fault) cuts() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.faults.cut > 0 {
		f.faults.cut--
		return true
	}
	return f.faults.cut == Always
}

// halt is a place in a stream of bytes.
type halt struct {
	mu      sync.Mutex
	left    int64
	reached chan struct{}
	resumed chan struct{}
	resume  func()
}

func newHalt(after int64) *halt {
	h := &halt{left: after, reached: make(chan struct{}), resumed: make(chan struct{})}
	h.resume = sync.OnceFunc(func() { close(h.resumed) })
	return h
}

// pass waits where the place is reached.
func (h *halt) pass(n int64) {
	h.mu.Lock()
	before := h.left
	h.left -= n
	if before > 0 && h.left <= 0 {
		close(h.reached)
	}
	beyond := h.left <= 0
	h.mu.Unlock()
	if beyond {
		<-h.resumed
	}
}

// rewriteBody replaces what an answer says.
func rewriteBody(r *http.Response, change func(body []byte) []byte) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	_ = r.Body.Close()
	changed := change(body)
	r.Body = io.NopCloser(bytes.NewReader(changed))
	if len(changed) != len(body) {
		r.ContentLength = int64(len(changed))
		r.Header.Set("Content-Length", strconv.Itoa(len(changed)))
	}
	return nil
}
