package objectserver_test

import (
	"net/http"
	"slices"
	"testing"

	"go.uber.org/goleak"

	"rostrum/ports/porttest/objectserver"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestRestartKeepsObjects asks each server for the same bytes by its own protocol,
// before and after it was killed.
func TestRestartKeepsObjects(t *testing.T) {
	for name, start := range map[string]func(t *testing.T) (*objectserver.Server, client){"gcs": startGCS, "s3": startS3} {
		t.Run(name, func(t *testing.T) {
			server, c := start(t)
			bucket, other := server.Bucket(t), server.Bucket(t)
			for _, key := range []string{"room/b", "a"} {
				if status := c.put(t, server.URL, bucket, key, "the bytes of "+key); status != http.StatusOK {
					t.Fatalf("put %s: %d", key, status)
				}
			}
			server.Stop(t)
			if status, _ := ask(t, http.MethodGet, server.URL, ""); status != 0 {
				t.Errorf("a server that was stopped answers: %d", status)
			}
			server.Start(t)
			if got := c.get(t, server.URL, bucket, "room/b"); got != "the bytes of room/b" {
				t.Errorf("after it was killed and started again it has %q", got)
			}
			if keys := server.Keys(t, bucket); !slices.Equal(keys, []string{"a", "room/b"}) {
				t.Errorf("the keys are %q", keys)
			}
			if keys := server.Keys(t, other); len(keys) != 0 {
				t.Errorf("an empty bucket has %q", keys)
			}
		})
	}
}

// TestS3KnowsItsAccount has a secret that is wrong, also through the proxy, which
// leaves signatures as they are.
func TestS3KnowsItsAccount(t *testing.T) {
	server, right := startS3(t)
	bucket := server.Bucket(t)
	wrong := s3Client{server: &objectserver.Server{AccessKey: server.AccessKey, SecretKey: "wrong", Region: server.Region}}
	for name, endpoint := range map[string]string{"itself": server.URL, "through the proxy": objectserver.NewFault(t, server).URL} {
		if status := wrong.put(t, endpoint, bucket, "key", "x"); status != http.StatusForbidden {
			t.Errorf("%s, a wrong secret: %d, want 403", name, status)
		}
		if status := right.put(t, endpoint, bucket, "key", "x"); status != http.StatusOK {
			t.Errorf("%s, the right secret: %d, want 200", name, status)
		}
	}
}
