package objectserver

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// gcs is Google's JSON API as fake-gcs-server serves it.
var gcs = protocol{
	tool:   "github.com/fsouza/fake-gcs-server",
	health: "/_internal/healthcheck",
	command: func(s *Server, host, port string) (args, env []string) {
		// Without a port the public host is that of proxies as well.
		return []string{"-scheme", "http", "-host", host, "-port", port, "-public-host", host,
			"-backend", "filesystem", "-filesystem-root", filepath.Join(s.dir, "buckets"), "-log-level", "warn"}, environment()
	},
	make: func(t testing.TB, s *Server, bucket string) {
		request(t, http.MethodPost, s.URL+"/storage/v1/b?project=test", fmt.Sprintf(`{"name":%q}`, bucket))
	},
	keys:    gcsKeys,
	refusal: gcsRefusal,
	lie:     gcsLie,
	resumes: true,
}

func gcsKeys(t testing.TB, s *Server, bucket string) []string {
	t.Helper()
	var page struct {
		Items []struct{ Name string }
	}
	if err := json.Unmarshal(request(t, http.MethodGet, s.URL+"/storage/v1/b/"+bucket+"/o", ""), &page); err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, item := range page.Items {
		keys = append(keys, item.Name)
	}
	slices.Sort(keys)
	return keys
}

// request fails unless it is answered with 200.
func request(t testing.TB, method, url, body string) []byte {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := (&http.Client{Timeout: startWait, Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %s %s (%v)", method, url, response.Status, answer, err)
	}
	return answer
}
