package gcs_test

import (
	"crypto/sha256"
	"encoding/hex"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rostrum/domain"
	"rostrum/ports"
	"rostrum/ports/porttest/objectserver"
)

// front is a server before the real one, which answers as meddle says and hands on
// the rest. It returns its URL.
func front(t *testing.T, server *objectserver.Server, meddle func(w http.ResponseWriter, r *http.Request, next http.Handler)) string {
	t.Helper()
	behind, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	next := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(behind)
		r.Out.Host = r.In.Host // the server answers with addresses below it
	}}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { meddle(w, r, next) }))
	t.Cleanup(s.Close)
	return s.URL
}

// isChunk reports whether a request carries a part of an upload.
func isChunk(r *http.Request) bool { return r.URL.Query().Has("upload_id") }

// chunkFrom reports whether that part begins behind the first one.
func chunkFrom(r *http.Request, offset string) bool {
	return strings.HasPrefix(r.Header.Get("Content-Range"), "bytes "+offset+"-")
}

// second is where the second part of an upload begins.
const second = "8388608"

// content returns random content in a file, and its bytes.
func content(t *testing.T, size int) (ports.Content, []byte) {
	t.Helper()
	b := make([]byte, size)
	if _, err := rand.NewChaCha8([32]byte{1}).Read(b); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "part-1.mp4")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(b)
	return ports.Content{
		Type: "video/mp4", Size: int64(size), SHA256: hex.EncodeToString(sum[:]),
		CRC32C: crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)),
		Open:   func() (ports.SpoolFile, error) { return os.Open(path) },
	}, b
}

// has fails unless the object is there with these bytes.
func has(t *testing.T, o ports.Objects, key domain.ObjectKey, want []byte) {
	t.Helper()
	r, err := o.Open(t.Context(), key, 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	got, err := io.ReadAll(r)
	if err != nil || string(got) != string(want) {
		t.Errorf("%s has %d bytes (%v), want the %d that were stored", key, len(got), err, len(want))
	}
}

// hasNone fails unless the bucket is empty.
func hasNone(t *testing.T, server *objectserver.Server, bucket string) {
	t.Helper()
	if keys := server.Keys(t, bucket); len(keys) != 0 {
		t.Errorf("the bucket has %q, want nothing", keys)
	}
}
