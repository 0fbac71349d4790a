package objectserver

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// resumed makes good what fake-gcs-server does otherwise than Google when a chunk of
// a resumable upload comes twice because its answer was lost: it appends it again,
// and forgets an upload that is complete. Google ignores bytes that it has, and
// answers for a complete upload as it did.
type resumed struct {
	mu      sync.Mutex
	uploads map[string]*upload
}

// upload is what the server has of one.
type upload struct {
	have   int64
	header http.Header // of the answer that completed it, nil before
	body   []byte
}

func newResumed() *resumed { return &resumed{uploads: map[string]*upload{}} }

func (s *resumed) of(r *http.Request) (upload, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u, known := s.uploads[r.URL.Query().Get("upload_id")]
	if !known || r.Method != http.MethodPut {
		return upload{}, false
	}
	return *u, true
}

// serve answers a chunk that the server has already, and reports whether it did.
func (s *resumed) serve(w http.ResponseWriter, r *http.Request) bool {
	u, known := s.of(r)
	end, ranged := lastByte(r.Header.Get("Content-Range"))
	switch {
	case !known:
		return false
	case u.header != nil:
		_, _ = io.Copy(io.Discard, r.Body)
		for name, values := range u.header {
			w.Header()[name] = values
		}
		_, _ = w.Write(u.body)
	case ranged && end < u.have:
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Range", fmt.Sprintf("bytes=0-%d", u.have-1))
		w.Header().Set("X-Http-Status-Code-Override", strconv.Itoa(http.StatusPermanentRedirect))
	default:
		return false
	}
	return true
}

// note takes note of what the server has said that it has.
func (s *resumed) note(r *http.Response) error {
	id := r.Request.URL.Query().Get("upload_id")
	if id == "" || r.StatusCode != http.StatusOK {
		return nil
	}
	u := &upload{}
	if r.Header.Get("X-Http-Status-Code-Override") != "" {
		end, _ := lastByte("bytes " + strings.TrimPrefix(r.Header.Get("Range"), "bytes=") + "/*")
		u.have = end + 1
	} else {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return err
		}
		u.header, u.body = r.Header.Clone(), body
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.uploads[id] = u
	return nil
}

// lastByte reads "bytes 0-9/20".
func lastByte(contentRange string) (int64, bool) {
	span, _, _ := strings.Cut(strings.TrimPrefix(contentRange, "bytes "), "/")
	_, last, found := strings.Cut(span, "-")
	n, err := strconv.ParseInt(last, 10, 64)
	return n, found && err == nil
}
