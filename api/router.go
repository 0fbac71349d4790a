package api

import (
	"encoding/json"
	"net/http"
	"path"
	"strings"
)

// router is a ServeMux that never redirects a path to a cleaner one, since a
// client would repeat a redirected POST as GET (RFC 9725 §4.5), and that answers
// unknown paths and methods with a problem.
type router struct{ mux *http.ServeMux }

func (h router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !clean(r.URL.Path) {
		writeProblem(w, errPath)
		return
	}
	if _, pattern := h.mux.Handler(r); pattern == "" {
		h.refuse(w, r)
		return
	}
	h.mux.ServeHTTP(w, r)
}

// refuse answers what the mux has no handler for: 405 with Allow where it has the
// path, else 404.
func (h router) refuse(w http.ResponseWriter, r *http.Request) {
	refused := &discard{header: http.Header{}}
	h.mux.ServeHTTP(refused, r)
	if refused.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", refused.header.Get("Allow"))
		writeProblem(w, errMethod)
		return
	}
	writeProblem(w, errNotFound)
}

// clean reports whether a path names what it says: no empty, "." or ".." segments.
func clean(p string) bool {
	want := path.Clean(p)
	if strings.HasSuffix(p, "/") && want != "/" {
		want += "/"
	}
	return p == want
}

func writeProblem(w http.ResponseWriter, p *Problem) {
	for name, values := range headersOf(p) {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", mediaTypeProblem)
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the client has gone away
}

// discard takes a response for its status and headers alone.
type discard struct {
	header http.Header
	status int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(status int)      { d.status = status }
