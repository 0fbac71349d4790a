package gcs_test

import (
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rostrum/adapters/gcs"
	"rostrum/ports"
	"rostrum/ports/porttest/objectserver"
)

func TestObjectHasItsType(t *testing.T) {
	server := objectserver.GCS(t)
	for kind, size := range map[string]int{"video/webm": 10, "video/mp4": 8 << 20, "application/json": 8<<20 + 1} {
		bucket := server.Bucket(t)
		c, _ := content(t, size)
		c.Type = kind
		if err := openURL(t, server.URL, "gs://"+bucket, time.Minute).Put(t.Context(), "a/b.mp4", c, func(int64) {}); err != nil {
			t.Fatal(err)
		}
		response, err := http.Get(server.URL + "/storage/v1/b/" + bucket + "/o/a%2Fb.mp4?alt=media")
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if got := response.Header.Get("Content-Type"); got != kind {
			t.Errorf("an object of %d bytes has the type %q, want %q", size, got, kind)
		}
	}
}

func TestProgressOfALargeUpload(t *testing.T) {
	server := objectserver.GCS(t)
	c, _ := content(t, 20<<20)
	var told []int64
	o := openURL(t, server.URL, "gs://"+server.Bucket(t), time.Minute)
	if err := o.Put(t.Context(), "key", c, func(done int64) { told = append(told, done) }); err != nil {
		t.Fatal(err)
	}
	if want := []int64{8 << 20, 16 << 20, 20 << 20}; !slices.Equal(slices.Compact(told), want) {
		t.Errorf("progress was %v, want %v", told, want)
	}
}

// What the store had of an upload can be lost: it says so with 404 or 410.
func TestStoreLosesTheUpload(t *testing.T) {
	server := objectserver.GCS(t)
	t.Run("as it restarts", func(t *testing.T) {
		c, b := content(t, 20<<20)
		var restarted atomic.Bool
		var told []int64
		o := openURL(t, server.URL, "gs://"+server.Bucket(t), time.Minute)
		err := o.Put(t.Context(), "key", c, func(done int64) {
			told = append(told, done)
			if restarted.CompareAndSwap(false, true) {
				server.Stop(t)
				server.Start(t)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		has(t, o, "key", b)
		if want := []int64{8 << 20, 8 << 20, 16 << 20, 20 << 20, 20 << 20}; !slices.Equal(told, want) {
			t.Errorf("progress was %v, want %v", told, want)
		}
	})
	for name, c := range map[string]struct {
		status int
		times  int64
		want   bool
	}{
		"once, 404": {404, 1, true}, "once, 410": {410, 1, true},
		"twice, 410": {410, 2, true}, "each time, 410": {410, 1000, false}, "each time, 404": {404, 1000, false},
	} {
		t.Run(name, func(t *testing.T) {
			var lost atomic.Int64
			endpoint := front(t, server, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				if isChunk(r) && chunkFrom(r, second) && lost.Add(1) <= c.times {
					http.Error(w, "", c.status)
					return
				}
				next.ServeHTTP(w, r)
			})
			bucket := server.Bucket(t)
			o := openURL(t, endpoint, "gs://"+bucket, time.Minute)
			what, b := content(t, 9<<20)
			err := o.Put(t.Context(), "key", what, func(int64) {})
			if !c.want {
				if err == nil || lost.Load() != 3 {
					t.Errorf("Put: %v after %d uploads, want an error after 3", err, lost.Load())
				}
				hasNone(t, server, bucket)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			has(t, o, "key", b)
		})
	}
}

func TestStoreIsDownForLongerInTheMiddle(t *testing.T) {
	server := objectserver.GCS(t)
	bucket := server.Bucket(t)
	o := openURL(t, server.URL, "gs://"+bucket, 2*time.Second)
	c, b := content(t, 20<<20)
	var stopped atomic.Bool
	err := o.Put(t.Context(), "key", c, func(int64) {
		if stopped.CompareAndSwap(false, true) {
			server.Stop(t)
		}
	})
	if err == nil || !strings.Contains(err.Error(), "see to the network") || !strings.Contains(err.Error(), bucket) {
		t.Errorf("Put: %v, want an error that names the bucket and what to do", err)
	}
	if strings.Contains(err.Error(), "upload_id") || strings.Contains(err.Error(), "\n") {
		t.Errorf("the error has the address of the upload in it, or many lines: %v", err)
	}
	server.Start(t)
	hasNone(t, server, bucket)
	if err := o.Put(t.Context(), "key", c, func(int64) {}); err != nil {
		t.Fatal(err)
	}
	has(t, o, "key", b)
}

func TestStoreNeverAnswers(t *testing.T) {
	server := objectserver.GCS(t)
	never := func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}
	for name, c := range map[string]struct {
		size   int
		before func(r *http.Request) bool // whether it answers no more
	}{
		"the first question":   {10, func(*http.Request) bool { return true }},
		"a small upload":       {10, func(r *http.Request) bool { return r.Method == http.MethodPost }},
		"to begin an upload":   {9 << 20, func(r *http.Request) bool { return r.Method == http.MethodPost }},
		"a part of an upload":  {9 << 20, func(r *http.Request) bool { return isChunk(r) && chunkFrom(r, second) }},
		"the end of an upload": {16 << 20, func(r *http.Request) bool { return r.Header.Get("Content-Range") == "bytes */16777216" }},
	} {
		t.Run(name, func(t *testing.T) {
			endpoint := front(t, server, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				if c.before(r) {
					never(w, r)
					return
				}
				next.ServeHTTP(w, r)
			})
			bucket := server.Bucket(t)
			t.Setenv("STORAGE_EMULATOR_HOST", endpoint)
			o, err := gcs.Open(t.Context(), gcs.Config{URL: "gs://" + bucket, Patience: 200 * time.Millisecond, Stall: 200 * time.Millisecond})
			if err != nil {
				t.Fatal(err)
			}
			defer o.Close()
			what, _ := content(t, c.size)
			if err := o.Put(t.Context(), "key", what, func(int64) {}); err == nil || !strings.Contains(err.Error(), bucket) {
				t.Errorf("Put: %v, want an error that names the bucket", err)
			}
			hasNone(t, server, bucket)
		})
	}
}

// Who may not list objects is told 403 for those that are not there.
func TestAccountMayNotList(t *testing.T) {
	server := objectserver.GCS(t)
	endpoint := front(t, server, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		if answer.Code == http.StatusNotFound || strings.HasSuffix(r.URL.Path, "/o") && r.Method == http.MethodGet {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		maps.Copy(w.Header(), answer.Header())
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
	o := openURL(t, endpoint, "gs://"+server.Bucket(t), time.Minute)
	c, b := content(t, 1000)
	for range 2 {
		if err := o.Put(t.Context(), "key", c, func(int64) {}); err != nil {
			t.Fatal(err)
		}
	}
	has(t, o, "key", b)
	if err := o.Check(t.Context()); err != nil {
		t.Errorf("Check: %v, want nil", err)
	}
	if _, err := o.Stat(t.Context(), "other"); err == nil || errors.Is(err, ports.ErrNoObject) || !strings.Contains(err.Error(), "storage.objects.get") {
		t.Errorf("Stat: %v, want an error that names the permission", err)
	}
}

func TestAccountMayNotRead(t *testing.T) {
	server := objectserver.GCS(t)
	endpoint := front(t, server, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.Method == http.MethodGet {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
	o := openURL(t, endpoint, "gs://"+server.Bucket(t), time.Minute)
	c, _ := content(t, 1000)
	if err := o.Put(t.Context(), "key", c, func(int64) {}); err != nil {
		t.Fatal(err)
	}
	err := o.Put(t.Context(), "key", c, func(int64) {})
	if err == nil || !strings.Contains(err.Error(), "permission storage.objects.get is refused: grant roles/storage.objectUser") {
		t.Errorf("Put of what is there: %v, want an error that names the permission", err)
	}
}

func TestStoreLiesAndWhatItHasIsRemoved(t *testing.T) {
	server := objectserver.GCS(t)
	for name, c := range map[string]struct {
		size int
		lie  objectserver.Lie
	}{
		"checksum of a small object": {10, objectserver.LieChecksum}, "checksum of a large object": {9 << 20, objectserver.LieChecksum},
		"size of a small object": {10, objectserver.LieSize},
	} {
		t.Run(name, func(t *testing.T) {
			fault := objectserver.NewFault(t, server)
			fault.Lie(c.lie)
			bucket := server.Bucket(t)
			what, _ := content(t, c.size)
			err := openURL(t, fault.URL, "gs://"+bucket, time.Minute).Put(t.Context(), "key", what, func(int64) {})
			if !errors.Is(err, ports.ErrChecksum) {
				t.Errorf("Put: %v, want ErrChecksum", err)
			}
			hasNone(t, server, bucket)
		})
	}
}

func TestStoreLiesAndRemovesNothing(t *testing.T) {
	server := objectserver.GCS(t)
	fault := objectserver.NewFault(t, server)
	fault.Lie(objectserver.LieChecksum)
	fault.Rewrite(func(r *http.Response) error {
		if r.Request.Method == http.MethodDelete {
			r.StatusCode = http.StatusForbidden
		}
		return nil
	})
	what, _ := content(t, 10)
	err := openURL(t, fault.URL, "gs://"+server.Bucket(t), time.Minute).Put(t.Context(), "key", what, func(int64) {})
	if !errors.Is(err, ports.ErrChecksum) || !strings.Contains(err.Error(), "remove it by hand") {
		t.Errorf("Put: %v, want ErrChecksum and what is to be removed", err)
	}
}

// What is damaged on its way is refused by the store, or found out afterwards, and
// sent again.
func TestContentIsDamagedOnItsWay(t *testing.T) {
	server := objectserver.GCS(t)
	for name, c := range map[string]struct {
		size  int
		times int64
	}{"a small object, once": {1000, 1}, "a large object, once": {9 << 20, 1}, "a small object, always": {1000, 1000}, "a large object, always": {9 << 20, 1000}} {
		t.Run(name, func(t *testing.T) {
			var damaged atomic.Int64
			endpoint := front(t, server, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				if (r.URL.Query().Get("uploadType") == "multipart" || isChunk(r) && chunkFrom(r, second)) && damaged.Add(1) <= c.times {
					r.Body = io.NopCloser(&damage{Reader: r.Body, at: 700})
				}
				next.ServeHTTP(w, r)
			})
			bucket := server.Bucket(t)
			o := openURL(t, endpoint, "gs://"+bucket, time.Minute)
			what, b := content(t, c.size)
			err := o.Put(t.Context(), "key", what, func(int64) {})
			if c.times == 1 {
				if err != nil {
					t.Fatal(err)
				}
				has(t, o, "key", b)
				return
			}
			if !errors.Is(err, ports.ErrChecksum) {
				t.Errorf("Put: %v, want ErrChecksum", err)
			}
			hasNone(t, server, bucket)
		})
	}
}

// damage changes one byte on its way.
type damage struct {
	io.Reader
	at int
}

func (d *damage) Read(b []byte) (int, error) {
	n, err := d.Reader.Read(b)
	if d.at >= 0 && d.at < n {
		b[d.at]++
	}
	d.at -= n
	return n, err
}
