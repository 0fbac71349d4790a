package objectserver

import (
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// s3 is the API of Amazon S3 as versitygw serves it, from a directory whose
// directories are buckets and whose files are objects.
var s3 = protocol{
	tool:   "github.com/versity/versitygw/cmd/versitygw",
	health: "/health",
	command: func(s *Server, host, port string) (args, env []string) {
		return []string{"--port", net.JoinHostPort(host, port), "--health", "/health", "--region", s.Region, "--keep-alive",
				"posix", "--sidecar", filepath.Join(s.dir, "attributes"), filepath.Join(s.dir, "buckets")},
			append(environment(), "ROOT_ACCESS_KEY_ID="+s.AccessKey, "ROOT_SECRET_ACCESS_KEY="+s.SecretKey)
	},
	make: func(t testing.TB, s *Server, bucket string) {
		if err := os.Mkdir(filepath.Join(s.dir, "buckets", bucket), 0o700); err != nil {
			t.Fatal(err)
		}
	},
	keys:    s3Keys,
	refusal: s3Refusal,
	lie:     s3Lie,
}

func s3Keys(t testing.TB, s *Server, bucket string) []string {
	t.Helper()
	var keys []string
	root := filepath.Join(s.dir, "buckets", bucket)
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && strings.HasPrefix(entry.Name(), ".sgwtmp") {
			return fs.SkipDir // uploads that are not done
		}
		if !entry.IsDir() {
			keys = append(keys, filepath.ToSlash(strings.TrimPrefix(name, root+string(filepath.Separator))))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(keys)
	return keys
}
