package api

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"rostrum/domain"
)

const mediaOfA = "/api/recordings/A/media"

// places are where a recording's file can be while it is asked for.
var places = map[string]func(t *testing.T, e edge) (target, content string){
	"in the store": func(t *testing.T, e edge) (string, string) {
		e.stored(t, "hall", "A", may(1), film)
		return mediaOfA, film
	},
	"in the spool": func(t *testing.T, e edge) (string, string) {
		e.store.refuses.Store(true)
		e.archive.Start()
		id := e.record(t, "hall").Recording
		wantStatus(t, e.do(http.MethodDelete, "/api/rooms/hall/recording", "", bearerOf(carol)), http.StatusOK)
		target := "/api/recordings/" + id + "/media"
		var w *httptest.ResponseRecorder
		eventually(t, "it plays", func() bool { w = e.do(http.MethodGet, target, "", bearerOf(bob)); return w.Code == http.StatusOK })
		return target, w.Body.String()
	},
}

func TestMediaIsReadByRanges(t *testing.T) {
	for name, place := range places {
		t.Run(name, func(t *testing.T) {
			e := newEdge(t)
			target, content := place(t, e)
			size := len(content)
			tag := e.do(http.MethodHead, target, "", bearerOf(bob)).Header().Get("ETag")
			last := fmt.Sprintf("bytes %d-%d/%d", size-10, size-1, size)
			for ask, want := range map[string]struct {
				status int
				body   string
				of     string // Content-Range
			}{
				"":                                       {200, content, ""},
				"Range: bytes=0-":                        {206, content, fmt.Sprintf("bytes 0-%d/%d", size-1, size)},
				"Range: bytes=0-0":                       {206, content[:1], fmt.Sprintf("bytes 0-0/%d", size)},
				"Range: bytes=100-299":                   {206, content[100:300], fmt.Sprintf("bytes 100-299/%d", size)},
				"Range: bytes=-10":                       {206, content[size-10:], last},
				"Range: bytes=0-999999999":               {206, content, fmt.Sprintf("bytes 0-%d/%d", size-1, size)},
				fmt.Sprintf("Range: bytes=%d-", size-10): {206, content[size-10:], last},
				"Range: bytes=-999999999":                {206, content, fmt.Sprintf("bytes 0-%d/%d", size-1, size)},
				"Range: bytes=0-1,5-6":                   {200, content, ""},
				"Range: pictures=1-2":                    {200, content, ""},
				fmt.Sprintf("Range: bytes=%d-", size):    {416, "", fmt.Sprintf("bytes */%d", size)},
				"Range: bytes=9-1":                       {416, "", ""},
				"Range: bytes=x-y":                       {416, "", ""},
				"If-None-Match: " + tag:                  {304, "", ""},
				`If-None-Match: "other"`:                 {200, content, ""},
				"If-Match: " + tag:                       {200, content, ""},
				`If-Match: "other"`:                      {412, "", ""},
			} {
				w := e.do(http.MethodGet, target, "", bearerOf(bob), ask)
				if w.Code != want.status || want.of != "" && w.Header().Get("Content-Range") != want.of {
					t.Errorf("%s: %d %v, want %+v", ask, w.Code, w.Header(), want.status)
				}
				switch want.status {
				case 416:
					wantProblem(t, w, "range_invalid")
				case 412:
					wantProblem(t, w, "file_changed")
				default:
					if w.Body.String() != want.body || want.status != 304 && w.Header().Get("Content-Length") != strconv.Itoa(len(want.body)) {
						t.Errorf("%s: %d bytes, Content-Length %s, want %d", ask, w.Body.Len(), w.Header().Get("Content-Length"), len(want.body))
					}
				}
			}
			for condition, status := range map[string]int{tag: 206, `"other"`: 200, "W/" + tag: 200} {
				if w := e.do(http.MethodGet, target, "", bearerOf(bob), "Range: bytes=0-9", "If-Range: "+condition); w.Code != status {
					t.Errorf("If-Range %s: %d, want %d", condition, w.Code, status)
				}
			}
		})
	}
}

func TestMediaSaysWhatItIs(t *testing.T) {
	e := newEdge(t)
	r := e.stored(t, "hall", "A", may(1), film, "second")
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		w := e.do(method, mediaOfA, "", bearerOf(bob))
		wantStatus(t, w, http.StatusOK)
		for name, want := range map[string]string{
			"Content-Type": "video/mp4", "Content-Length": "65536", "Accept-Ranges": "bytes", "ETag": `"` + r.Parts[0].SHA256 + `"`,
			"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff", "Content-Disposition": "",
		} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s: %s: %q, want %q", method, name, got, want)
			}
		}
	}
	w := e.do(http.MethodGet, mediaOfA+"?part=part-002.mp4&download=true", "", bearerOf(bob))
	if got := w.Header().Get("Content-Disposition"); got != "attachment; filename=hall-20260501T010000Z-part-002.mp4" || w.Body.String() != "second" {
		t.Errorf("%s %s", got, w.Body)
	}
	for _, part := range []string{"part-003.mp4", "manifest.json", "../A/part-001.mp4", "%2e%2e%2fpart-001.mp4", "part-001.mp4%00", "'%20OR%201=1"} {
		wantProblem(t, e.do(http.MethodGet, mediaOfA+"?part="+part, "", bearerOf(bob)), "recording_unknown")
	}
}

// A store that signs addresses is where its files are read, but for what a browser
// asks before.
func TestMediaIsRedirected(t *testing.T) {
	e := newEdge(t)
	e.stored(t, "hall", "A", may(1), film)
	e.store.signs = "https://storage.example.net"
	const signed = "https://storage.example.net/hall/2026-05-01/A/part-001.mp4?expires=1h0m0s&download="
	for query, want := range map[string]string{"": signed, "?download=true": signed + "hall-20260501T010000Z-part-001.mp4"} {
		w := e.do(http.MethodGet, mediaOfA+query, "", bearerOf(bob), "Range: bytes=5-9")
		if w.Code != http.StatusTemporaryRedirect || w.Header().Get("Location") != want || w.Header().Get("Cache-Control") != "no-store" || w.Body.Len() > 0 {
			t.Errorf("%d %v %s, want %s", w.Code, w.Header(), w.Body, want)
		}
	}
	if w := e.do(http.MethodGet, e.linkTo(t, "A").String(), ""); w.Code != http.StatusTemporaryRedirect {
		t.Errorf("by a link: %d", w.Code)
	}
	w := e.do(http.MethodHead, mediaOfA, "", bearerOf(bob))
	if w.Code != http.StatusOK || w.Header().Get("Content-Length") != "65536" || w.Header().Get("Content-Type") != "video/mp4" || w.Header().Get("Location") != "" {
		t.Errorf("HEAD: %d %v", w.Code, w.Header())
	}
}

func TestStoreAwayBeforeTheFirstByte(t *testing.T) {
	e := newEdge(t)
	e.stored(t, "hall", "A", may(1), film)
	e.store.away = errors.New("SECRET: connection refused")
	for _, ask := range []string{"Range: bytes=5-9", "Accept: */*"} {
		w := e.do(http.MethodGet, mediaOfA+"?download=true", "", bearerOf(bob), ask)
		if h := w.Header(); h.Get("Content-Length")+h.Get("ETag")+h.Get("Content-Disposition")+h.Get("Accept-Ranges") != "" || strings.Contains(w.Body.String(), "SECRET") {
			t.Errorf("%v %s", h, w.Body)
		}
		wantProblem(t, w, "internal")
	}
	e.store.away = nil
	wantStatus(t, e.do(http.MethodGet, mediaOfA, "", bearerOf(bob)), http.StatusOK)
}

func TestStoreBreaksOffInTheMiddle(t *testing.T) {
	e := newEdge(t)
	e.stored(t, "hall", "A", may(1), film)
	e.store.breaks = true
	server := httptest.NewServer(e)
	defer server.Close()
	request, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+mediaOfA, nil)
	request.Header.Set("Authorization", "Bearer "+bob)
	answer, err := server.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if body, err := io.ReadAll(answer.Body); err == nil || len(body) >= len(film) {
		t.Errorf("%d bytes of %d came, and nobody is told that this is not all: %v", len(body), len(film), err)
	}
}

// A file that nobody reads to its end is let go.
func TestReaderGoesAway(t *testing.T) {
	e := newEdge(t)
	e.stored(t, "hall", "A", may(1), strings.Repeat(film, 400))
	server := httptest.NewServer(e)
	defer server.Close() // waits for its requests
	for range 3 {
		request, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+mediaOfA, nil)
		request.Header.Set("Authorization", "Bearer "+bob)
		answer, err := server.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(answer.Body, make([]byte, 1000)); err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
	}
	eventually(t, "every file is closed", func() bool { return e.store.open.Load() == 0 })
}

func TestMediaBeforeThereIsAny(t *testing.T) {
	e := newEdge(t)
	e.keep(t, domain.Recording{ID: "A", Room: "hall", State: domain.RecordingStarted, Started: time.Now(), Key: "hall/A"})
	for _, query := range []string{"", "?part=part-001.mp4"} {
		w := e.do(http.MethodGet, mediaOfA+query, "", bearerOf(bob))
		if wantProblem(t, w, "recording_pending"); w.Header().Get("Retry-After") == "" {
			t.Error("it does not say when to try again")
		}
	}
}
