package objectserver_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"rostrum/ports/porttest/objectserver"
)

// long is content that does not pass in one piece.
var long = strings.Repeat("0123456789abcdef", 100_000)

// TestFaults has each fault stand before each store, and calms it.
func TestFaults(t *testing.T) {
	for name, start := range map[string]func(t *testing.T) (*objectserver.Server, client){"gcs": startGCS, "s3": startS3} {
		server, c := start(t)
		for fault, row := range map[string]func(*testing.T, *scene){
			"none": none, "Down": down, "Refuse": refuse, "Cut": cut, "Halt": halt, "Throttle": throttle, "Lose": lose, "Rewrite": rewrite,
		} {
			t.Run(name+"/"+fault, func(t *testing.T) {
				s := &scene{Fault: objectserver.NewFault(t, server), server: server, client: c, bucket: server.Bucket(t)}
				row(t, s)
				s.Calm()
				if got := s.put(t, "after", long); got != http.StatusOK {
					t.Errorf("when it is over: %d, want 200", got)
				}
				if got := s.client.get(t, s.URL, s.bucket, "after"); got != long {
					t.Errorf("when it is over there are %d bytes, want %d", len(got), len(long))
				}
			})
		}
	}
}

// scene is a bucket behind a fault.
type scene struct {
	*objectserver.Fault
	server *objectserver.Server
	client client
	bucket string
}

func (s *scene) put(t *testing.T, key, content string) int {
	t.Helper()
	return s.client.put(t, s.URL, s.bucket, key, content)
}

// puts fails unless Puts of long content are answered so, and leave those keys.
func (s *scene) puts(t *testing.T, answers []int, keys ...string) {
	t.Helper()
	for i, want := range answers {
		key := string(rune('a' + i))
		if got := s.put(t, key, long); got != want {
			t.Errorf("put %s: %d, want %d", key, got, want)
		}
	}
	if got := s.server.Keys(t, s.bucket); !slices.Equal(got, keys) {
		t.Errorf("the store has %q, want %q", got, keys)
	}
}

func none(t *testing.T, s *scene) {
	s.puts(t, []int{200, 200}, "a", "b")
}

func down(t *testing.T, s *scene) {
	s.Down()
	s.puts(t, []int{0, 0})
	s.Up(t)
	s.puts(t, []int{200}, "a")
}

func refuse(t *testing.T, s *scene) {
	for _, status := range []int{401, 403, 404, 429, 500, 503} {
		s.Refuse(status, 1)
		if got := s.put(t, "key", long); got != status {
			t.Errorf("refused with %d: %d", status, got)
		}
	}
	s.Refuse(http.StatusServiceUnavailable, 2)
	s.puts(t, []int{503, 503, 200}, "c")
	s.Refuse(http.StatusForbidden, objectserver.Always)
	s.puts(t, []int{403, 403, 403}, "c")
}

// cut leaves what is short alone.
func cut(t *testing.T, s *scene) {
	s.Cut(1_000_000, 1)
	if got := s.put(t, "short", "short"); got != http.StatusOK {
		t.Errorf("put of what is short: %d", got)
	}
	s.puts(t, []int{0, 200}, "b", "short")
	s.Cut(1_000_000, objectserver.Always)
	s.puts(t, []int{0, 0}, "b", "short")
}

func halt(t *testing.T, s *scene) {
	reached, resume := s.Halt(1_000_000)
	done := make(chan int)
	go func() { done <- s.put(t, "a", long) }()
	<-reached
	select {
	case status := <-done:
		t.Errorf("what was halted is answered: %d", status)
	default:
	}
	resume()
	if status := <-done; status != http.StatusOK {
		t.Errorf("when it goes on: %d", status)
	}
	s.puts(t, nil, "a")
}

// throttle takes a second and a half, or more where the machine is busy.
func throttle(t *testing.T, s *scene) {
	began := time.Now()
	s.Throttle(1_000_000)
	s.puts(t, []int{200}, "a")
	if took := time.Since(began); took < time.Second {
		t.Errorf("%d bytes took %v at 1 MB/s", len(long), took)
	}
}

func lose(t *testing.T, s *scene) {
	s.Lose(2)
	s.puts(t, []int{200, 0, 200}, "a", "b", "c")
	if n := s.Changes(); n != 3 {
		t.Errorf("%d changes were answered, want 3", n)
	}
}

func rewrite(t *testing.T, s *scene) {
	s.Rewrite(func(r *http.Response) error {
		r.StatusCode = http.StatusForbidden
		return nil
	})
	s.puts(t, []int{403}, "a")
}

// TestLies has what stores tell of an object compared with the truth, which is told
// again when the lie is over.
func TestLies(t *testing.T) {
	for name, start := range map[string]func(t *testing.T) (*objectserver.Server, client){"gcs": startGCS, "s3": startS3} {
		server, c := start(t)
		s := &scene{Fault: objectserver.NewFault(t, server), server: server, client: c, bucket: server.Bucket(t)}
		s.puts(t, []int{200}, "a")
		truth := c.told(t, s.URL, s.bucket, "a")
		if truth.size != int64(len(long)) || truth.checksum == "" {
			t.Fatalf("%s tells %+v of %d bytes", name, truth, len(long))
		}
		s.Lie(objectserver.LieChecksum)
		if lie := c.told(t, s.URL, s.bucket, "a"); lie.size != truth.size || lie.checksum == truth.checksum || len(lie.checksum) != len(truth.checksum) {
			t.Errorf("%s, lying about checksums, tells %+v instead of %+v", name, lie, truth)
		}
		s.Lie(objectserver.LieSize)
		if lie := c.told(t, s.URL, s.bucket, "a"); lie.size == truth.size || lie.checksum != truth.checksum {
			t.Errorf("%s, lying about sizes, tells %+v instead of %+v", name, lie, truth)
		}
		s.Calm()
		if again := c.told(t, s.URL, s.bucket, "a"); again != truth {
			t.Errorf("%s tells %+v when the lie is over, want %+v", name, again, truth)
		}
	}
}

// TestResumedUploads sends each chunk of an upload twice, as clients do whose answer
// was lost. Google has the right object then.
func TestResumedUploads(t *testing.T) {
	server, c := startGCS(t)
	s := &scene{Fault: objectserver.NewFault(t, server), server: server, client: c, bucket: server.Bucket(t)}
	const chunk = 256 << 10
	content := long[:2*chunk+1000]
	session := beginUpload(t, s)
	for _, send := range []struct{ from, to int }{{0, chunk}, {0, chunk}, {chunk, 2 * chunk}, {chunk, 2 * chunk}, {2 * chunk, len(content)}, {2 * chunk, len(content)}} {
		total := "*"
		if send.to == len(content) {
			total = strconv.Itoa(len(content))
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, session, strings.NewReader(content[send.from:send.to]))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%s", send.from, send.to-1, total))
		r.Header.Set("X-Guploader-No-308", "yes")
		status, header := do(t, r)
		more := header.Get("X-Http-Status-Code-Override") == "308"
		if status != http.StatusOK || more != (total == "*") {
			t.Errorf("bytes %d to %d: %d, more wanted: %v", send.from, send.to, status, more)
		}
	}
	if got := c.get(t, s.URL, s.bucket, "key"); got != content {
		t.Errorf("the object has %d bytes, want %d", len(got), len(content))
	}
}

// beginUpload returns the address that chunks are sent to, which is the proxy's.
func beginUpload(t *testing.T, s *scene) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/upload/storage/v1/b/"+s.bucket+"/o?uploadType=resumable&name=key", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	_, header := do(t, r)
	location := header.Get("Location")
	if !strings.HasPrefix(location, s.URL) {
		t.Fatalf("chunks are to go to %q, want the proxy", location)
	}
	return location
}

// do returns an answer, whose body is not asked for.
func do(t *testing.T, r *http.Request) (status int, header http.Header) {
	t.Helper()
	r.Close = true
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, response.Body)
	_ = response.Body.Close()
	return response.StatusCode, response.Header
}
