package recording

import (
	"slices"
	"testing"

	"rostrum/ports/porttest/objectserver"
)

// bucket is a real store behind a proxy that makes faults.
type bucket struct {
	*objectserver.Fault
	server *objectserver.Server
	name   string
	url    string // for storage.url
	env    []string
}

// stores are the stores that are reached over a network. To open one starts it.
var stores = map[string]func(t *testing.T) *bucket{
	"gs": func(t *testing.T) *bucket {
		server := objectserver.GCS(t)
		b := &bucket{server: server, name: server.Bucket(t), Fault: objectserver.NewFault(t, server)}
		b.url = "gs://" + b.name + "/live"
		b.env = []string{"STORAGE_EMULATOR_HOST=" + b.URL}
		return b
	},
	"s3": func(t *testing.T) *bucket {
		server := objectserver.S3(t)
		b := &bucket{server: server, name: server.Bucket(t), Fault: objectserver.NewFault(t, server)}
		b.url = "s3://" + b.name + "/live?endpoint=" + b.URL + "&region=" + server.Region
		b.env = []string{"AWS_ACCESS_KEY_ID=" + server.AccessKey, "AWS_SECRET_ACCESS_KEY=" + server.SecretKey}
		return b
	},
}

// onBucket returns a stand whose store is that.
func onBucket(t *testing.T, b *bucket, flags ...string) *stand {
	t.Helper()
	s := newStand(t, append([]string{"--storage.url", b.url}, flags...)...)
	s.env = b.env
	return s
}

// holds checks that the bucket has the objects of these recordings, and no other.
func (b *bucket) holds(t *testing.T, recordings []recording) {
	t.Helper()
	var want []string
	for _, r := range recordings {
		want = append(want, "live/"+r.Key+"/manifest.json")
		for _, p := range r.Parts {
			want = append(want, "live/"+r.Key+"/"+p.File)
		}
	}
	slices.Sort(want)
	if got := b.server.Keys(t, b.name); !slices.Equal(got, want) {
		t.Errorf("the bucket has %q, want %q", got, want)
	}
}
