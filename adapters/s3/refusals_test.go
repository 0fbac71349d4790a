package s3_test

import (
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"rostrum/adapters/s3"
	"rostrum/ports"
	"rostrum/ports/porttest/objectserver"
)

func TestRefusalsSayWhatToDo(t *testing.T) {
	server := objectserver.S3(t)
	bucket := server.Bucket(t)
	for fault, c := range map[string]struct {
		access, secret, store string
		advice                string
	}{
		"wrong secret":      {server.AccessKey, "hidden", address(server.URL, bucket, ""), "correct AWS_SECRET_ACCESS_KEY"},
		"wrong access key":  {"another", server.SecretKey, address(server.URL, bucket, ""), "correct AWS_ACCESS_KEY_ID"},
		"no credentials":    {"", "", address(server.URL, bucket, ""), "set AWS_ACCESS_KEY_ID"},
		"wrong bucket":      {server.AccessKey, server.SecretKey, address(server.URL, "nowhere", ""), `no bucket "nowhere": create it`},
		"wrong region":      {server.AccessKey, server.SecretKey, address(server.URL, bucket, "") + "&region=us-west-2", "not in the region us-west-2"},
		"nobody there":      {server.AccessKey, server.SecretKey, address("http://127.0.0.1:1", bucket, ""), "see that it runs"},
		"no store but HTTP": {server.AccessKey, server.SecretKey, address(page(t), bucket, ""), "503"},
	} {
		t.Run(fault, func(t *testing.T) {
			credentials(t, c.access, c.secret)
			if !strings.Contains(c.store, "region=") {
				t.Setenv("AWS_REGION", server.Region)
			}
			objects := opened(t, s3.Config{URL: c.store, Patience: time.Millisecond})
			_, opened := objects.Open(t.Context(), "key", 0, -1)
			for call, err := range map[string]error{
				"Put small": objects.Put(t.Context(), "key", contentOf(media(10)), func(int64) {}),
				"Put large": objects.Put(t.Context(), "key", contentOf(media(large)), func(int64) {}),
				"Open":      opened,
				"Delete":    objects.Delete(t.Context(), "key"),
			} {
				explained(t, call, err, c.advice)
				if err != nil && (strings.Contains(err.Error(), server.SecretKey) || strings.Contains(err.Error(), "hidden")) {
					t.Errorf("%s: a secret is in the error %q", call, err)
				}
			}
		})
	}
	if keys := server.Keys(t, bucket); len(keys) != 0 {
		t.Errorf("objects: %v", keys)
	}
}

// TestHeadRefusalsSayWhatToDo has those calls whose answers have no room to say why.
func TestHeadRefusalsSayWhatToDo(t *testing.T) {
	server := objectserver.S3(t)
	bucket := server.Bucket(t)
	for fault, c := range map[string]struct{ secret, bucket, region, advice string }{
		"wrong secret": {"hidden", bucket, server.Region, "credentials lack permission"},
		"wrong bucket": {server.SecretKey, "nowhere", server.Region, `no bucket "nowhere": create it`},
		"wrong region": {server.SecretKey, bucket, "us-west-2", "see that storage.url has the bucket's region"},
	} {
		t.Run(fault, func(t *testing.T) {
			credentials(t, server.AccessKey, c.secret)
			objects := opened(t, s3.Config{URL: address(server.URL, c.bucket, "") + "&region=" + c.region})
			explained(t, "Check", objects.Check(t.Context()), c.advice)
			_, err := objects.Stat(t.Context(), "key")
			explained(t, "Stat", err, c.advice)
			_, err = objects.Open(t.Context(), "key", 0, 0)
			explained(t, "Open of nothing", err, c.advice)
		})
	}
	if err := open(t, server, s3.Config{URL: address(server.URL, bucket, "")}).Check(t.Context()); err != nil {
		t.Errorf("Check of a bucket that is good: %v", err)
	}
}

// TestRegionIsTold has AWS's own hint, which other stores do not give.
func TestRegionIsTold(t *testing.T) {
	server := objectserver.S3(t)
	s := before(t, server)
	s.change = func(r *http.Response) {
		r.StatusCode = http.StatusMovedPermanently
		r.Header.Set("X-Amz-Bucket-Region", "ap-south-1")
	}
	objects := open(t, server, s3.Config{URL: address(s.url, server.Bucket(t), "")})
	explained(t, "Check", objects.Check(t.Context()), "set region=ap-south-1")
	explained(t, "Put", objects.Put(t.Context(), "key", contentOf(media(10)), func(int64) {}), "set region=ap-south-1")
	explained(t, "Delete", objects.Delete(t.Context(), "key"), "set region=ap-south-1")
}

func explained(t *testing.T, call string, err error, advice string) {
	t.Helper()
	if err == nil || errors.Is(err, ports.ErrNoObject) || !strings.Contains(err.Error(), advice) || !strings.Contains(err.Error(), "s3://") {
		t.Errorf("%s: %v, want an error that says %q and where", call, err, advice)
	}
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// page serves what a proxy says whose store is gone.
func page(t *testing.T) string {
	t.Helper()
	return serve(t, func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "<html>no upstream</html>", http.StatusServiceUnavailable)
	})
}

// TestSilentStore has one that takes connections and never says a word.
func TestSilentStore(t *testing.T) {
	l := listen(t)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			defer conn.Close()
		}
	}()
	credentials(t, "access", "secret")
	objects := opened(t, s3.Config{
		URL: address("http://"+l.Addr().String(), "bucket", ""), Patience: 100 * time.Millisecond, Silence: 50 * time.Millisecond,
	})
	for _, size := range []int{10, large} {
		explained(t, "Put", objects.Put(t.Context(), "key", contentOf(media(size)), func(int64) {}), "see that it runs")
	}
}
