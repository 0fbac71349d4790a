package draining

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"rostrum/cmd/rostrum/rig"
	"rostrum/ports/porttest/objectserver"
)

// bucket is one of a fake-gcs-server, behind a proxy that makes faults.
type bucket struct {
	*objectserver.Fault
	server *objectserver.Server
	name   string
}

// newBucket starts a store with a bucket that nothing is in.
func newBucket(t *testing.T) *bucket {
	t.Helper()
	server := objectserver.GCS(t)
	return &bucket{Fault: objectserver.NewFault(t, server), server: server, name: server.Bucket(t)}
}

// onBucket returns a stand whose store is that.
func onBucket(t *testing.T, b *bucket, flags ...string) *stand {
	t.Helper()
	s := newStand(t, append([]string{"--storage.url", "gs://" + b.name + "/live"}, flags...)...)
	s.env = append(s.env, "STORAGE_EMULATOR_HOST="+b.URL)
	return s
}

// manifest is what the store has of a recording's manifest.json.
type manifest struct {
	Key      string
	Duration float64 `json:"duration_seconds"`
	Parts    []struct {
		File   string
		Bytes  int64
		SHA256 string
		Video  *struct{ Pictures int }
		Gaps   []struct{ Kind, Reason string }
	}
}

// recording checks that the bucket has one recording, whole and with no gap, and returns
// its manifest.
func (b *bucket) recording(t *testing.T) manifest {
	t.Helper()
	keys := b.server.Keys(t, b.name)
	i := slices.IndexFunc(keys, isManifest)
	if i < 0 {
		t.Fatalf("the bucket has %q, want a manifest", keys)
	}
	var m manifest
	if err := json.Unmarshal(b.object(t, keys[i]), &m); err != nil {
		t.Fatal(err)
	}
	if len(keys) != 1+len(m.Parts) || len(m.Parts) == 0 {
		t.Errorf("the bucket has %q, want the manifest and %d parts", keys, len(m.Parts))
	}
	for _, p := range m.Parts {
		content := b.object(t, "live/"+m.Key+"/"+p.File)
		if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != p.SHA256 || int64(len(content)) != p.Bytes {
			t.Errorf("%s is not what the manifest says", p.File)
		}
		if len(p.Gaps) > 0 {
			t.Errorf("%s has gaps: %+v", p.File, p.Gaps)
		}
	}
	return m
}

// pictures returns how many all parts have.
func (m manifest) pictures() (n int) {
	for _, p := range m.Parts {
		if p.Video != nil {
			n += p.Video.Pictures
		}
	}
	return n
}

// object returns what the store has under a key.
func (b *bucket) object(t *testing.T, key string) []byte {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.server.URL+"/storage/v1/b/"+b.name+"/o/"+url.PathEscape(key)+"?alt=media", nil)
	if err != nil {
		t.Fatal(err)
	}
	client := http.Client{Timeout: rig.Patience, Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	content, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s %v", key, res.Status, err)
	}
	return content
}

// states returns the state of each recording that the server knows.
func (s *stand) states() []string {
	s.t.Helper()
	var list struct {
		Recordings []struct{ State string }
	}
	a := s.request(http.MethodGet, "/api/recordings", "")
	if a.status != http.StatusOK || json.Unmarshal([]byte(a.body), &list) != nil {
		return nil
	}
	var states []string
	for _, r := range list.Recordings {
		states = append(states, r.State)
	}
	return states
}

// stored waits until there are so many recordings and all of them are in the store.
func (s *stand) stored(n int) {
	s.t.Helper()
	rig.Eventually(s.t, "the recordings are stored", func() bool {
		return slices.Equal(s.states(), slices.Repeat([]string{"stored"}, n))
	})
}

func isManifest(key string) bool { return strings.HasSuffix(key, "/manifest.json") }

// retry has what has failed tried again now, as an operator would who has mended the store.
func (s *stand) retry() {
	s.t.Helper()
	var list struct {
		Recordings []struct{ ID, State string }
	}
	a := s.request(http.MethodGet, "/api/recordings", "")
	if err := json.Unmarshal([]byte(a.body), &list); err != nil {
		s.t.Fatalf("%v in %d %s", err, a.status, a.body)
	}
	for _, r := range list.Recordings {
		if r.State == "failed" {
			s.request(http.MethodPost, "/api/recordings/"+r.ID+"/retry", "")
		}
	}
}
