package s3_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"rostrum/adapters/s3"
	"rostrum/ports/porttest/objectserver"
)

// TestPutsOfOneKeySendOnce has those that wait for their turn find the object there.
func TestPutsOfOneKeySendOnce(t *testing.T) {
	server := objectserver.S3(t)
	s := before(t, server)
	objects := open(t, server, s3.Config{URL: address(s.url, server.Bucket(t), "")})
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if err := objects.Put(t.Context(), "key", contentOf(media(large)), func(int64) {}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if begun, parts := s.count("POST uploads"), s.count("PUT part"); begun != 1 || parts != 2 {
		t.Errorf("%d uploads were begun and %d parts sent, want 1 and 2", begun, parts)
	}
	stands(t, objects, "key", media(large))
}

func TestPutThatWaitsForItsTurnEndsWithItsContext(t *testing.T) {
	server := objectserver.S3(t)
	objects := open(t, server, s3.Config{URL: address(server.URL, server.Bucket(t), "")})
	waited := false
	err := objects.Put(t.Context(), "key", contentOf(media(large)), func(int64) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := objects.Put(ctx, "key", contentOf(media(large)), func(int64) {}); !errors.Is(err, context.Canceled) {
			t.Errorf("Put: %v, want context.Canceled", err)
		}
		waited = true
	})
	if err != nil || !waited {
		t.Errorf("the Put before it: %v", err)
	}
}
