package s3_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"rostrum/adapters/s3"
	"rostrum/domain"
	"rostrum/ports"
	"rostrum/ports/porttest/objectserver"
)

// products are stores that know less than others, each with how often it is asked to
// give a new object back: not at all where it tells a checksum.
var products = map[string]struct {
	make func(s *store)
	back int
}{
	"that knows everything": {make: func(*store) {}},
	"that does not implement If-None-Match": {make: func(s *store) {
		s.refuse = unless("NotImplemented", "If-None-Match")
	}, back: 1}, // of two, the small one: it was asked for more at once
	"that takes new headers for invalid": {make: func(s *store) {
		s.refuse = unless("InvalidArgument", "If-None-Match", "X-Amz-Checksum-Crc32c", "X-Amz-Checksum-Type", "X-Amz-Checksum-Algorithm")
		s.change = tellNothing
	}, back: 2},
	"that tells no checksums": {make: func(s *store) { s.change = tellNothing }, back: 2},
	"that tells the checksum of the parts' checksums": {make: func(s *store) {
		s.change = tellComposite()
	}},
	"that lets nobody list uploads": {make: func(s *store) {
		s.refuse = func(r *http.Request) string {
			return map[string]string{"GET uploads": "AccessDenied"}[operation(r)]
		}
	}},
	"that has HEAD of what is absent forbidden": {make: func(s *store) {
		s.change = func(r *http.Response) {
			if r.Request.Method == http.MethodHead && r.StatusCode == http.StatusNotFound {
				r.StatusCode = http.StatusForbidden
			}
		}
	}},
}

func TestPutInAStore(t *testing.T) {
	server := objectserver.S3(t)
	for name, product := range products {
		t.Run(name, func(t *testing.T) {
			s := before(t, server)
			product.make(s)
			objects := open(t, server, s3.Config{URL: address(s.url, server.Bucket(t), "")})
			for _, size := range []int{1000, large} {
				key := domain.ObjectKey(fmt.Sprintf("%d-bytes", size))
				if err := objects.Put(t.Context(), key, contentOf(media(size)), func(int64) {}); err != nil {
					t.Fatal(err)
				}
			}
			if n := s.count("GET"); n != product.back {
				t.Errorf("%d objects were read back, want %d", n, product.back)
			}
			for _, size := range []int{1000, large} {
				putAgain(t, s, objects, size)
			}
		})
	}
}

// putAgain puts the content that is there, and other content, and sees that it stays.
func putAgain(t *testing.T, s *store, objects *s3.Objects, size int) {
	t.Helper()
	key := domain.ObjectKey(fmt.Sprintf("%d-bytes", size))
	sent := s.count("PUT") + s.count("PUT part")
	if err := objects.Put(t.Context(), key, contentOf(media(size)), func(int64) {}); err != nil {
		t.Errorf("Put again: %v", err)
	}
	other := bytes.Clone(media(size))
	other[size-1]++
	if err := objects.Put(t.Context(), key, contentOf(other), func(int64) {}); !errors.Is(err, ports.ErrObjectDiffers) {
		t.Errorf("Put of other content: %v, want ErrObjectDiffers", err)
	}
	stands(t, objects, key, media(size))
	if n := s.count("PUT") + s.count("PUT part"); n != sent {
		t.Errorf("%d more requests with content for an object that was there", n-sent)
	}
}

// unless refuses requests with any of the headers.
func unless(code string, headers ...string) func(*http.Request) string {
	return func(r *http.Request) string {
		for _, h := range headers {
			if r.Header.Get(h) != "" {
				return code
			}
		}
		return ""
	}
}

func tellNothing(r *http.Response) {
	for name := range r.Header {
		if strings.HasPrefix(name, "X-Amz-Checksum-") {
			r.Header.Del(name)
		}
	}
}

// tellComposite tells of large objects what the store would if it had never heard of
// checksums of whole ones: that of their parts' checksums.
func tellComposite() func(*http.Response) {
	var sums []byte
	for rest := media(large); len(rest) > 0; {
		n := min(len(rest), 8<<20)
		sums = binary.BigEndian.AppendUint32(sums, crc32.Checksum(rest[:n], crc32.MakeTable(crc32.Castagnoli)))
		rest = rest[n:]
	}
	whole := binary.BigEndian.AppendUint32(nil, crc32.Checksum(sums, crc32.MakeTable(crc32.Castagnoli)))
	told := base64.StdEncoding.EncodeToString(whole) + "-2"
	return func(r *http.Response) {
		switch operation(r.Request) {
		case "POST uploads":
			r.Header.Del("X-Amz-Checksum-Type")
		case http.MethodHead:
			if r.ContentLength == large {
				r.Header.Set("X-Amz-Checksum-Crc32c", told)
			}
		}
	}
}

// TestStoreThatGivesBackOtherBytes has one that tells no checksums, so that nothing
// else shows it.
func TestStoreThatGivesBackOtherBytes(t *testing.T) {
	server := objectserver.S3(t)
	bucket := server.Bucket(t)
	s := before(t, server)
	s.change = func(r *http.Response) {
		tellNothing(r)
		if r.Request.Method == http.MethodGet && r.StatusCode == http.StatusOK && !r.Request.URL.Query().Has("uploads") {
			body, _ := io.ReadAll(r.Body)
			body[len(body)/2]++
			r.Body = io.NopCloser(bytes.NewReader(body))
		}
	}
	objects := open(t, server, s3.Config{URL: address(s.url, bucket, "")})
	for _, size := range []int{1000, large} {
		if err := objects.Put(t.Context(), "key", contentOf(media(size)), func(int64) {}); !errors.Is(err, ports.ErrChecksum) {
			t.Errorf("Put of %d bytes: %v, want ErrChecksum", size, err)
		}
		if keys := server.Keys(t, bucket); len(keys) != 0 {
			t.Errorf("objects that are left: %v", keys)
		}
	}
}

// TestRequestsAskForWhatIsPromised sees what the store is asked for, which it would
// not show otherwise.
func TestRequestsAskForWhatIsPromised(t *testing.T) {
	server := objectserver.S3(t)
	s := before(t, server)
	asked := map[string]http.Header{}
	s.refuse = func(r *http.Request) string {
		asked[operation(r)] = r.Header.Clone()
		return ""
	}
	objects := open(t, server, s3.Config{URL: address(s.url, server.Bucket(t), "")})
	for _, size := range []int{1000, large} {
		put(t, objects, domain.ObjectKey(strconv.Itoa(size)), media(size))
	}
	for operation, headers := range map[string][]string{
		"PUT":          {"If-None-Match: *", "X-Amz-Checksum-Crc32c: ", "Content-Type: video/webm"},
		"POST uploads": {"X-Amz-Checksum-Algorithm: CRC32C", "X-Amz-Checksum-Type: FULL_OBJECT", "Content-Type: video/webm"},
		"PUT part":     {"X-Amz-Checksum-Crc32c: "},
		"POST upload":  {"If-None-Match: *", "X-Amz-Checksum-Crc32c: ", "X-Amz-Checksum-Type: FULL_OBJECT", "X-Amz-Mp-Object-Size: 9437185"},
	} {
		for _, header := range headers {
			name, value, _ := strings.Cut(header, ": ")
			if got := asked[operation].Get(name); got == "" || value != "" && got != value {
				t.Errorf("%s has %s: %q, want %q", operation, name, got, value)
			}
		}
		if sha := asked[operation].Get("X-Amz-Content-Sha256"); len(sha) != 64 {
			t.Errorf("%s is signed for a payload %q, want its checksum", operation, sha)
		}
	}
}
