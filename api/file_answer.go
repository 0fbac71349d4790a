package api

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
)

// errOtherFile refuses a request for a file that is another one by now.
var errOtherFile = newProblem(http.StatusPreconditionFailed, "file_changed",
	"The file is not the one that the request's condition names. Ask for it without the condition.")

// serveFile answers with a file, whole or the range of it that is asked for
// (RFC 9110 §14). Several ranges at once get the whole, as a server may choose, and so
// do ranges of anything but bytes. It returns an error while it can still be told, and
// nothing has been answered then.
func serveFile(w http.ResponseWriter, r *http.Request, file io.ReadSeeker) error {
	if asked := r.Header.Get("Range"); strings.Contains(asked, ",") || !strings.HasPrefix(asked, "bytes=") {
		// For several, net/http reads the file from a goroutine that may outlive the request.
		r = r.Clone(r.Context())
		r.Header.Del("Range")
	}
	read, answer := &watched{ReadSeeker: file}, &fileAnswer{ResponseWriter: w}
	http.ServeContent(answer, r, "", time.Time{}, read)
	err := read.err
	switch {
	case answer.begun: // what breaks off now closes the connection
		return nil
	case answer.status == http.StatusRequestedRangeNotSatisfiable:
		err = errRange
	case answer.status == http.StatusPreconditionFailed:
		err = errOtherFile
	case err == nil:
		w.WriteHeader(answer.status)
		return nil
	}
	for _, name := range []string{"Content-Length", "Content-Disposition", "ETag", "Accept-Ranges", "Cache-Control"} {
		w.Header().Del(name)
	}
	if answer.status != http.StatusRequestedRangeNotSatisfiable { // where it says how long the file is
		w.Header().Del("Content-Range")
	}
	return err
}

// watched remembers why a file could not be read.
type watched struct {
	io.ReadSeeker
	err error
}

func (f *watched) Read(b []byte) (int, error) {
	n, err := f.ReadSeeker.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		f.err = err
	}
	return n, err
}

// fileAnswer holds the head of an answer back until the first of its file is there, so
// that a file which cannot be read is refused, and does not break off.
type fileAnswer struct {
	http.ResponseWriter
	status int
	begun  bool
}

func (a *fileAnswer) WriteHeader(status int) { a.status = status }

func (a *fileAnswer) Write(b []byte) (int, error) {
	if a.status == http.StatusRequestedRangeNotSatisfiable {
		return len(b), nil // net/http's words, where ours will be
	}
	if !a.begun {
		a.begun = true
		a.ResponseWriter.WriteHeader(a.status)
	}
	return a.ResponseWriter.Write(b)
}
