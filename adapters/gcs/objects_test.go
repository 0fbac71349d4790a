package gcs_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"rostrum/adapters/gcs"
	"rostrum/ports"
	"rostrum/ports/porttest"
	"rostrum/ports/porttest/objectserver"
)

func TestObjects(t *testing.T) {
	server := objectserver.GCS(t)
	porttest.Objects(t, func(t *testing.T) ports.Objects {
		return open(t, server.URL, server.Bucket(t), 10*time.Second)
	})
}

// open opens a bucket of an emulator, below a prefix.
func open(t *testing.T, endpoint, bucket string, patience time.Duration) ports.Objects {
	t.Helper()
	return openURL(t, endpoint, "gs://"+bucket+"/recordings/live", patience)
}

func openURL(t *testing.T, endpoint, url string, patience time.Duration) *gcs.Objects {
	t.Helper()
	t.Setenv("STORAGE_EMULATOR_HOST", endpoint)
	o, err := gcs.Open(t.Context(), gcs.Config{URL: url, Patience: patience, Stall: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := o.Close(); err != nil {
			t.Error(err)
		}
	})
	return o
}

func TestObjectsUnderFaults(t *testing.T) {
	porttest.ObjectsUnderFaults(t, objectserver.GCS(t), open)
}

func TestPrefix(t *testing.T) {
	server := objectserver.GCS(t)
	c, b := content(t, 10)
	for suffix, want := range map[string]string{"": "room/1.mp4", "/": "room/1.mp4", "/live": "live/room/1.mp4", "/live/eu=1/": "live/eu=1/room/1.mp4"} {
		bucket := server.Bucket(t)
		o := openURL(t, strings.TrimPrefix(server.URL, "http://"), "gs://"+bucket+suffix, time.Minute)
		if err := o.Put(t.Context(), "room/1.mp4", c, func(int64) {}); err != nil {
			t.Fatal(err)
		}
		has(t, o, "room/1.mp4", b)
		if keys := server.Keys(t, bucket); len(keys) != 1 || keys[0] != want {
			t.Errorf("below %q the objects are %q, want %s", suffix, keys, want)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	for name, c := range map[string]struct{ url, advice string }{
		"another scheme":    {"s3://bucket", "write gs://bucket"},
		"no scheme":         {"bucket/prefix", "write gs://bucket"},
		"no URL":            {"gs://bucket\x00", "write gs://bucket"},
		"no bucket":         {"gs:///prefix", "a bucket has"},
		"no name of one":    {"gs://Bucket", "a bucket has"},
		"a port":            {"gs://bucket:80/prefix", "a bucket has"},
		"credentials":       {"gs://me:hunter2@bucket", "GOOGLE_APPLICATION_CREDENTIALS"},
		"parameters":        {"gs://bucket?endpoint=http://hunter2", "take away"},
		"a fragment":        {"gs://bucket/prefix#1", "take away"},
		"dots for a prefix": {"gs://bucket/a/../b", "use letters"},
		"a template":        {"gs://bucket/{room}", "use letters"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("STORAGE_EMULATOR_HOST", "127.0.0.1:1")
			_, err := gcs.Open(t.Context(), gcs.Config{URL: c.url})
			if err == nil || !strings.Contains(err.Error(), "storage.url") || !strings.Contains(err.Error(), c.advice) {
				t.Errorf("Open: %v, want an error that says %q", err, c.advice)
			}
			if err != nil && strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the error tells a secret: %v", err)
			}
		})
	}
	for name, file := range map[string]string{"no credentials there": "", "credentials that are none": `{"type": "letter of introduction"}`} {
		t.Run(name, func(t *testing.T) {
			credentials(t, file)
			if file == "" {
				t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere/key.json")
			}
			if _, err := gcs.Open(t.Context(), gcs.Config{URL: "gs://bucket"}); err == nil || !strings.Contains(err.Error(), "name a service account's key file") {
				t.Errorf("Open: %v, want an error that says what to name", err)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	server := objectserver.GCS(t)
	bucket := server.Bucket(t)
	o := openURL(t, server.URL, "gs://"+bucket+"/live", time.Minute)
	if err := o.Check(t.Context()); err != nil {
		t.Errorf("Check of an empty bucket: %v", err)
	}
	err := openURL(t, server.URL, "gs://bucket-that-nobody-made", time.Minute).Check(t.Context())
	if err == nil || !strings.Contains(err.Error(), "there is no bucket bucket-that-nobody-made: create it") {
		t.Errorf("Check of a bucket that is not there: %v", err)
	}
	server.Stop(t)
	if err := o.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "see to the network") {
		t.Errorf("Check of a store that is down: %v", err)
	}
	server.Start(t)
	if err := o.Check(t.Context()); err != nil {
		t.Errorf("Check of a store that is back: %v", err)
	}
}

func TestOpenOfWhatIsBehindTheEnd(t *testing.T) {
	server := objectserver.GCS(t)
	o := openURL(t, server.URL, "gs://"+server.Bucket(t), time.Minute)
	c, _ := content(t, 10)
	if err := o.Put(t.Context(), "key", c, func(int64) {}); err != nil {
		t.Fatal(err)
	}
	for _, offset := range []int64{10, 1000} {
		r, err := o.Open(t.Context(), "key", offset, -1)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := io.ReadAll(r); len(b) != 0 || err != nil {
			t.Errorf("from %d on there are %d bytes (%v), want none", offset, len(b), err)
		}
		r.Close()
	}
}

// A bucket that is gone must not look like one in which the objects are missing.
// fake-gcs-server does not tell one from the other, Google does by its text.
func TestBucketIsGone(t *testing.T) {
	server := objectserver.GCS(t)
	endpoint := front(t, server, func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.Header().Set("Content-Type", "application/json; charset=UTF-8")
		w.WriteHeader(http.StatusNotFound)
		io.WriteString(w, `{"error":{"code":404,"message":"The specified bucket does not exist.","errors":[{"message":"The specified bucket does not exist.","domain":"global","reason":"notFound"}]}}`)
	})
	o := openURL(t, endpoint, "gs://gone", time.Minute)
	_, stat := o.Stat(t.Context(), "key")
	_, opened := o.Open(t.Context(), "key", 0, -1)
	c, _ := content(t, 10)
	for call, err := range map[string]error{
		"Stat": stat, "Open": opened, "Delete": o.Delete(t.Context(), "key"), "Put": o.Put(t.Context(), "key", c, func(int64) {}),
	} {
		if err == nil || errors.Is(err, ports.ErrNoObject) || !strings.Contains(err.Error(), "there is no bucket gone: create it") {
			t.Errorf("%s: %v, want an error that names the bucket", call, err)
		}
	}
}
