package porttest

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

func openRanges(t *testing.T, objects ports.Objects) {
	s := newSample(t, 1, severalRequests)
	s.put(t, objects, "key")
	for _, r := range []struct{ offset, length int64 }{
		{0, -1}, {0, 1}, {1, 1}, {0, s.content.Size}, {1, -1}, {5<<20 - 1, 2}, {lateRequest + 7, 2 << 20},
		{s.content.Size - 1, -1}, {s.content.Size - 1, 1}, {s.content.Size - 10, 1000},
	} {
		end := s.content.Size
		if r.length >= 0 {
			end = min(end, r.offset+r.length)
		}
		reads(t, objects, "key", r.offset, r.length, s.bytes[r.offset:end])
	}
	r, err := objects.Open(t.Context(), "key", 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Errorf("Close of an object of which nothing was read: %v", err)
	}
	newSample(t, 1, 0).put(t, objects, "empty")
	reads(t, objects, "empty", 0, -1, nil)
}

func openAtOnce(t *testing.T, objects ports.Objects) {
	s := newSample(t, 1, 1<<20)
	s.put(t, objects, "key")
	atOnce(t, 8, func(i int) error {
		for n := range 5 {
			offset := int64(i*100_000 + n)
			reads(t, objects, "key", offset, 1000, s.bytes[offset:offset+1000])
		}
		return nil
	})
}

func urlServes(t *testing.T, objects ports.Objects) {
	s := newSample(t, 1, 1<<20)
	s.put(t, objects, "room/recording/part-1.mp4")
	url := objectURL(t, objects, "room/recording/part-1.mp4", "")
	if url == "" {
		return
	}
	for ranges, want := range map[string][]byte{
		"": s.bytes, "bytes=0-0": s.bytes[:1], "bytes=1000-1999": s.bytes[1000:2000], "bytes=1048000-": s.bytes[1_048_000:], "bytes=-10": s.bytes[1<<20-10:],
	} {
		status := http.StatusPartialContent
		if ranges == "" {
			status = http.StatusOK
		}
		got := fetch(t, url, ranges)
		if got.status != status || !bytes.Equal(got.body, want) {
			t.Errorf("%q of the URL: %d and %d bytes, want %d and %d bytes", ranges, got.status, len(got.body), status, len(want))
		}
		if kind := got.header.Get("Content-Type"); kind != s.content.Type {
			t.Errorf("the URL serves %q, want %q", kind, s.content.Type)
		}
	}
}

func urlDownload(t *testing.T, objects ports.Objects) {
	newSample(t, 1, 10).put(t, objects, "room/recording/part-1.mp4")
	url := objectURL(t, objects, "room/recording/part-1.mp4", "lobby 2026-01-02.mp4")
	if url == "" {
		return
	}
	disposition := fetch(t, url, "").header.Get("Content-Disposition")
	if !strings.HasPrefix(disposition, "attachment") || !strings.Contains(disposition, "lobby 2026-01-02.mp4") {
		t.Errorf("Content-Disposition is %q, want an attachment and its name", disposition)
	}
	shown := fetch(t, objectURL(t, objects, "room/recording/part-1.mp4", ""), "").header.Get("Content-Disposition")
	if strings.HasPrefix(shown, "attachment") {
		t.Errorf("Content-Disposition is %q where nobody named a download", shown)
	}
}

func objectURL(t *testing.T, objects ports.Objects, key domain.ObjectKey, download string) string {
	t.Helper()
	url, err := objects.URL(t.Context(), key, time.Minute, download)
	if err != nil {
		t.Fatalf("URL of %s: %v", key, err)
	}
	return url
}

// fetched is what anybody got.
type fetched struct {
	status int
	header http.Header
	body   []byte
}

// fetch asks for a range without any token.
func fetch(t *testing.T, url, ranges string) fetched {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if ranges != "" {
		request.Header.Set("Range", ranges)
	}
	response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return fetched{response.StatusCode, response.Header, body}
}
