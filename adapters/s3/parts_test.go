package s3_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"

	"rostrum/adapters/s3"
	"rostrum/domain"
	"rostrum/ports/porttest/objectserver"
)

// child puts an object as a process of its own, says when its first part is stored,
// and waits there for its end.
func child(store string) error {
	objects, err := s3.Open(context.Background(), s3.Config{URL: store})
	if err != nil {
		return err
	}
	return objects.Put(context.Background(), "room/recording", contentOf(media(large)), func(done int64) {
		_, _ = fmt.Fprintln(os.Stdout, done)
		time.Sleep(time.Hour)
	})
}

func TestKilledInTheMiddleOfAnUpload(t *testing.T) {
	server := objectserver.S3(t)
	bucket := server.Bucket(t)
	store := address(server.URL, bucket, "/p")
	objects := open(t, server, s3.Config{URL: store})
	beginUpload(t, server, bucket, "p/room/recording-2") // of somebody else
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childStore+"="+store)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || line != fmt.Sprintln(8<<20) {
		t.Errorf("the first progress is %q (%v), want one part", line, err)
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	if keys, _ := uploads(t, server, bucket); !slices.Equal(keys, []string{"p/room/recording", "p/room/recording-2"}) {
		t.Fatalf("uploads that are not done: %v", keys)
	}
	put(t, objects, "room/recording", media(large))
	if keys, _ := uploads(t, server, bucket); !slices.Equal(keys, []string{"p/room/recording-2"}) {
		t.Errorf("uploads that are left: %v, want what is not ours alone", keys)
	}
	if keys := server.Keys(t, bucket); !slices.Equal(keys, []string{"p/room/recording"}) {
		t.Errorf("objects: %v, want one", keys)
	}
}

func TestUploadRemovedByOthersBeginsAnew(t *testing.T) {
	server := objectserver.S3(t)
	bucket := server.Bucket(t)
	objects := open(t, server, s3.Config{URL: address(server.URL, bucket, "")})
	for name, at := range map[string]int64{"after a part": 8 << 20, "before it is completed": large} {
		t.Run(name, func(t *testing.T) {
			key, removed := strings.ReplaceAll(name, " ", "-"), false
			var told []int64
			err := objects.Put(t.Context(), domain.ObjectKey(key), contentOf(media(large)), func(done int64) {
				told = append(told, done)
				if done != at || removed {
					return
				}
				removed = true
				_, ids := uploads(t, server, bucket)
				if _, err := client(server).AbortMultipartUpload(t.Context(), &sdk.AbortMultipartUploadInput{Bucket: &bucket, Key: &key, UploadId: aws.String(ids[0])}); err != nil {
					t.Error(err)
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			stands(t, objects, domain.ObjectKey(key), media(large))
			if want := append(progressTo(at), progressTo(large)...); !slices.Equal(told, append(want, large)) {
				t.Errorf("progress was %v, want %v", told, want)
			}
		})
	}
	if keys, _ := uploads(t, server, bucket); len(keys) != 0 {
		t.Errorf("uploads that are left: %v", keys)
	}
}

// progressTo returns the ends of the parts up to one.
func progressTo(end int64) (ends []int64) {
	for at := int64(8 << 20); at < end; at += 8 << 20 {
		ends = append(ends, at)
	}
	return append(ends, end)
}

func TestFailedUploadIsRemoved(t *testing.T) {
	server := objectserver.S3(t)
	bucket := server.Bucket(t)
	objects := open(t, server, s3.Config{URL: address(server.URL, bucket, "")})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	err := objects.Put(ctx, "key", contentOf(media(large)), func(int64) { cancel() })
	if err == nil {
		t.Fatal("Put went on after its context had ended")
	}
	if keys, _ := uploads(t, server, bucket); len(keys) != 0 {
		t.Errorf("uploads that are left: %v", keys)
	}
}
