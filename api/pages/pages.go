// Package pages serves the browser side of Rostrum: the start page, a page that publishes, a page that watches, what has
// been recorded, and the API reference. Everything is embedded plain HTML, CSS and ES modules, and no other host is asked.
//
// assets/rostrum.js, through which they talk to the server, is compiled from api/typescript by "make api" and committed, so
// that Go alone builds the server. Pages of other origins may import it.
package pages

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
)

//go:embed html/*.html assets/*
var files embed.FS

// roomName is what the pages take for a room; assets/room.js has the same pattern, and a test holds the two together.
var roomName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// policy goes out with every page and every asset. connect-src 'self' is what confines a stored token to this server.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; media-src 'self' blob: mediastream:"

// headers go out with every page and every asset as well.
var headers = map[string]string{
	"Permissions-Policy":     "camera=(self), microphone=(self), display-capture=(self), fullscreen=(self), autoplay=(self)",
	"Referrer-Policy":        "no-referrer",
	"X-Content-Type-Options": "nosniff",
}

// mediaTypes does not lean on the machine's own table, which may call a script text/plain and so stop it under nosniff.
var mediaTypes = map[string]string{
	".css":  "text/css; charset=utf-8",
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
	".ts":   "text/plain; charset=utf-8",
}

// shared are the assets that are for pages of other origins too: the client, and its types for compilers.
var shared = []string{"assets/rostrum.js", "assets/rostrum.d.ts"}

// Register adds the pages and their assets to mux, each for GET and HEAD only. It claims no path that it does not
// serve: an unknown asset or another method is left to whatever else mux holds. Recordings may be played from
// mediaOrigins, each a scheme and a host, besides this server.
func Register(mux *http.ServeMux, mediaOrigins []string) {
	unknown := open("html/room.html")
	unknown.status = http.StatusNotFound

	mux.Handle("GET /{$}", open("html/home.html"))
	mux.Handle("GET /docs", open("html/docs.html"))
	recordings := open("html/recordings.html")
	recordings.policy = strings.Join(append([]string{policy}, mediaOrigins...), " ")
	mux.Handle("GET /recordings", recordings)
	for _, name := range []string{"publish", "watch"} {
		mux.Handle("GET /"+name+"/{$}", unknown)
		mux.Handle("GET /"+name+"/{room}", ofRoom(open("html/"+name+".html"), unknown))
	}
	for _, asset := range entries("assets") {
		served := open(asset)
		served.shared = slices.Contains(shared, asset)
		mux.Handle("GET /"+asset, served)
	}
}

// ofRoom serves page where the path names a possible room, else unknown. The name itself never gets into the HTML.
func ofRoom(page, unknown http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if roomName.MatchString(r.PathValue("room")) {
			page.ServeHTTP(w, r)
			return
		}
		unknown.ServeHTTP(w, r)
	})
}

// file is one embedded file and all that is said about it. It never changes, so any number of requests share it.
type file struct {
	name   string
	body   []byte
	etag   string
	status int
	policy string
	shared bool // with pages of other origins
}

// ServeHTTP answers 304 to who has the present content. Browsers ask each time (no-cache), so that a page never runs
// with the modules of the version before.
func (f file) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for key, value := range headers {
		w.Header().Set(key, value)
	}
	w.Header().Set("Content-Security-Policy", f.policy)
	w.Header().Set("Content-Type", mediaTypes[path.Ext(f.name)])
	w.Header().Set("Cache-Control", "no-cache")
	if f.shared {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	}
	if f.status != http.StatusOK {
		w.WriteHeader(f.status)
		_, _ = w.Write(f.body)
		return
	}
	w.Header().Set("ETag", f.etag)
	http.ServeContent(w, r, f.name, time.Time{}, bytes.NewReader(f.body))
}

// open panics on a name that is not embedded: that is a fault of the build, seen at the first start.
func open(name string) file {
	body, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	sum := sha256.Sum256(body)
	return file{name: name, body: body, etag: `"` + hex.EncodeToString(sum[:12]) + `"`, status: http.StatusOK, policy: policy}
}

// entries lists the embedded files of one folder by their whole path.
func entries(folder string) []string {
	found, err := files.ReadDir(folder)
	if err != nil {
		panic(err)
	}
	names := make([]string, len(found))
	for i, entry := range found {
		names[i] = path.Join(folder, entry.Name())
	}
	return names
}
