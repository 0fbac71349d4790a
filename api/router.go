package api

import (
	"encoding/json"
	"net/http"
	"path"
	"slices"
	"strings"
)

// router is a ServeMux that never redirects a path to a cleaner one, since a
// client would repeat a redirected POST as GET (RFC 9725 §4.5), that answers
// OPTIONS on every path, and unknown paths and methods with a problem.
type router struct {
	mux      *http.ServeMux
	refusals *refusalCounts
}

func (h router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !clean(r.URL.Path) {
		h.refuse(w, r, errPath)
		return
	}
	if _, pattern := h.mux.Handler(r); pattern != "" {
		h.mux.ServeHTTP(w, r)
		return
	}
	allowed := h.allowed(r)
	if allowed == "" {
		h.refuse(w, r, errNotFound)
		return
	}
	w.Header().Set("Allow", allowed)
	if r.Method == http.MethodOptions {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	h.refuse(w, r, errMethod)
}

// refuse answers with a problem, and a preflight with nothing: a browser takes a
// refused one for a broken line, and the request that it is about would never come
// to hear what is wrong.
func (h router) refuse(w http.ResponseWriter, r *http.Request, p *Problem) {
	if preflight(r) {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	h.refusals.count(r.URL.Path, p)
	writeProblem(w, p)
}

// allowed lists the methods of a path that the mux has no handler for in the
// request's: "" where it does not have the path at all.
func (h router) allowed(r *http.Request) string {
	refused := &discard{header: http.Header{}}
	h.mux.ServeHTTP(refused, r)
	if refused.status != http.StatusMethodNotAllowed {
		return ""
	}
	methods := append(strings.Split(refused.header.Get("Allow"), ", "), http.MethodOptions)
	slices.Sort(methods)
	return strings.Join(slices.Compact(methods), ", ")
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
