package s3_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"net/url"
	"os"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"rostrum/adapters/s3"
	"rostrum/domain"
	"rostrum/ports"
	"rostrum/ports/porttest/objectserver"
)

// childStore is set for a test binary that another one starts: see child.
const childStore = "ROSTRUM_TEST_S3_CHILD"

func TestMain(m *testing.M) {
	if store := os.Getenv(childStore); store != "" {
		if err := child(store); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

// open opens a store with the server's credentials, and none but those.
func open(t *testing.T, server *objectserver.Server, c s3.Config) *s3.Objects {
	t.Helper()
	credentials(t, server.AccessKey, server.SecretKey)
	t.Setenv("AWS_REGION", server.Region)
	if c.Patience == 0 {
		c.Patience = 10 * time.Second
	}
	return opened(t, c)
}

// opened opens a store with the credentials that there are.
func opened(t *testing.T, c s3.Config) *s3.Objects {
	t.Helper()
	objects, err := s3.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := objects.Close(); err != nil {
			t.Error(err)
		}
	})
	return objects
}

func address(endpoint, bucket, prefix string) string {
	return "s3://" + bucket + prefix + "?endpoint=" + url.QueryEscape(endpoint)
}

// credentials has the SDK find these, "" for none, and ask no other place.
func credentials(t *testing.T, access, secret string) {
	t.Helper()
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": access, "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": "", "AWS_PROFILE": "", "AWS_REGION": "", "AWS_DEFAULT_REGION": "",
		"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_ENDPOINT_URL": "", "AWS_ENDPOINT_URL_S3": "", "AWS_WEB_IDENTITY_TOKEN_FILE": "",
		"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "", "AWS_CONTAINER_CREDENTIALS_FULL_URI": "",
	} {
		t.Setenv(name, value)
	}
}

// large is the size of what goes in two parts.
const large = 9<<20 + 1

// media returns bytes without a pattern, of which there are as many as large ones
// have.
func media(size int) []byte { return noise()[:size:size] }

var noise = sync.OnceValue(func() []byte {
	b := make([]byte, large)
	_, _ = rand.NewChaCha8([32]byte{}).Read(b) // never fails
	return b
})

func contentOf(b []byte) ports.Content {
	sha := sha256.Sum256(b)
	return ports.Content{
		Type: "video/webm", Size: int64(len(b)),
		SHA256: hex.EncodeToString(sha[:]), CRC32C: crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)),
		Open: func() (ports.SpoolFile, error) { return file{bytes.NewReader(b)}, nil },
	}
}

type file struct{ *bytes.Reader }

func (file) Close() error { return nil }

func put(t *testing.T, objects *s3.Objects, key domain.ObjectKey, b []byte) {
	t.Helper()
	if err := objects.Put(t.Context(), key, contentOf(b), func(int64) {}); err != nil {
		t.Fatal(err)
	}
	stands(t, objects, key, b)
}

func stands(t *testing.T, objects *s3.Objects, key domain.ObjectKey, want []byte) {
	t.Helper()
	r, err := objects.Open(context.WithoutCancel(t.Context()), key, 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, want) {
		t.Errorf("the object under %s has %d bytes (%v), want those %d that were put", key, len(got), err, len(want))
	}
}
