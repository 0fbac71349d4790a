package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"rostrum/cmd/rostrum/config"
)

// TestBrowserExample puts the README's page on a site of its own, with the server's address
// filled in and nothing else changed, and watches what it publishes.
func TestBrowserExample(t *testing.T) {
	page := ""
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, page)
	}))
	t.Cleanup(site.Close)
	server := startServer(t, func(cfg *config.Config) { cfg.HTTP.CORSOrigins = []string{site.URL} })
	page = strings.ReplaceAll(browserExample(t), "http://localhost:8080", server)

	chromium := browser(t)
	open(chromium, t, site.URL+"/page.html#"+testToken)
	viewer := open(chromium, t, server+"/watch/demo#token="+testToken)
	viewer.eventually(state("live")+` && document.getElementById("video").videoWidth > 0`, "the viewer sees a picture")
}

// browserExample returns the page that the README shows; docs/publish.md shows the same.
func browserExample(t *testing.T) string {
	t.Helper()
	shown := blocks(document(t, "README.md"), "html")
	if len(shown) != 1 {
		t.Fatalf("the README shows %d pages, want one", len(shown))
	}
	if !strings.Contains(document(t, "docs/publish.md"), shown[0]) {
		t.Error("docs/publish.md shows another page than the README")
	}
	return shown[0]
}

// TestGoExample builds the program that docs/watch.md shows, and has it count what is
// published.
func TestGoExample(t *testing.T) {
	shown := blocks(document(t, "docs/watch.md"), "go")
	if len(shown) != 1 {
		t.Fatalf("docs/watch.md shows %d programs, want one", len(shown))
	}
	server := startServer(t)
	publishDemo(t, server, "demo")

	folder := t.TempDir()
	source := filepath.Join(folder, "main.go")
	program := strings.NewReplacer("http://localhost:8080", server, "10*time.Second", "3*time.Second").Replace(shown[0])
	if err := os.WriteFile(source, []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(folder, "watch")
	if out, err := exec.Command("go", "build", "-o", binary, source).CombinedOutput(); err != nil {
		t.Fatalf("it does not build: %v\n%s", err, out)
	}
	watch := exec.Command(binary)
	watch.Env = append(os.Environ(), "ROSTRUM_TOKEN="+testToken)
	out, err := watch.CombinedOutput()
	if err != nil {
		t.Fatalf("it fails: %v\n%s", err, out)
	}
	for _, track := range []string{"video/VP8 ", "audio/opus "} {
		if _, counted, _ := strings.Cut(string(out), track); counted == "" || strings.HasPrefix(counted, "0 ") {
			t.Errorf("it tells of no packets of %s:\n%s", track, out)
		}
	}
}
