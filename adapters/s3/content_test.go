package s3_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"rostrum/adapters/s3"
	"rostrum/ports"
	"rostrum/ports/porttest/objectserver"
)

// TestContentThatBreaksWhileItIsSent has been read once when it breaks. It would hang
// if that were taken for a failure of the connection.
func TestContentThatBreaksWhileItIsSent(t *testing.T) {
	server := objectserver.S3(t)
	bucket := server.Bucket(t)
	objects := open(t, server, s3.Config{URL: address(server.URL, bucket, ""), Patience: time.Hour})
	broken := errors.New("the disk is broken")
	for _, size := range []int{1 << 20, large} {
		content := contentOf(media(size))
		whole := content.Open
		content.Open = func() (ports.SpoolFile, error) {
			f, err := whole()
			return &breaking{SpoolFile: f, after: 1<<20 + 1<<19, err: broken}, err
		}
		if err := objects.Put(t.Context(), "key", content, func(int64) {}); !errors.Is(err, broken) {
			t.Errorf("Put of %d bytes: %v, want the error of reading", size, err)
		}
	}
	if keys := server.Keys(t, bucket); len(keys) != 0 {
		t.Errorf("objects: %v", keys)
	}
}

// breaking can be read up to so many bytes.
type breaking struct {
	ports.SpoolFile
	after int
	err   error
}

func (b *breaking) ReadAt(p []byte, at int64) (int, error) {
	if b.after < len(p) {
		return 0, b.err
	}
	n, err := b.SpoolFile.ReadAt(p, at)
	b.after -= n
	return n, err
}

func TestProgressGoesOnWithinOneRequest(t *testing.T) {
	server := objectserver.S3(t)
	objects := open(t, server, s3.Config{URL: address(server.URL, server.Bucket(t), "")})
	var told []int64
	if err := objects.Put(t.Context(), "key", contentOf(media(4<<20)), func(done int64) { told = append(told, done) }); err != nil {
		t.Fatal(err)
	}
	if len(told) < 10 || told[0] > 1<<20 || told[len(told)-1] != 4<<20 || !slices.IsSorted(told) {
		t.Errorf("progress was %v, want it in small steps to the end", told)
	}
}
