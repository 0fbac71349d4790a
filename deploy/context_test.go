package deploy_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// repository is where the build's context is.
const repository = ".."

// ignored is a pattern of .dockerignore. Later ones go before earlier ones.
type ignored struct {
	pattern string // a name at the top, or with anywhere a name wherever it stands
	kept    bool   // it begins with !
	any     bool   // it begins with **/
}

// readIgnored reads .dockerignore, of which this understands names and globs of names.
func readIgnored(t *testing.T) []ignored {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(repository, ".dockerignore"))
	if err != nil {
		t.Fatal(err)
	}
	var all []ignored
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		var one ignored
		line, one.kept = strings.CutPrefix(line, "!")
		one.pattern, one.any = strings.CutPrefix(line, "**/")
		if _, err := path.Match(one.pattern, "x"); err != nil || strings.Contains(one.pattern, "/") {
			t.Fatalf("this test does not understand %q", line)
		}
		all = append(all, one)
	}
	return all
}

// leaves reports whether the patterns leave a path out of the context.
func leaves(all []ignored, name string) (out bool) {
	elements := strings.Split(filepath.ToSlash(name), "/")
	for _, one := range all {
		within := elements[:1]
		if one.any {
			within = elements
		}
		if slices.ContainsFunc(within, func(e string) bool { ok, _ := path.Match(one.pattern, e); return ok }) {
			out = !one.kept
		}
	}
	return out
}

// copyContext copies what .dockerignore leaves in into a directory.
func copyContext(t *testing.T, to string) {
	t.Helper()
	patterns := readIgnored(t)
	err := filepath.WalkDir(repository, func(name string, entry fs.DirEntry, err error) error {
		relative, _ := filepath.Rel(repository, name) // it is below it
		switch {
		case err != nil || relative == ".":
			return err
		case leaves(patterns, relative) && entry.IsDir():
			return fs.SkipDir
		case leaves(patterns, relative):
			return nil
		case entry.IsDir():
			return os.MkdirAll(filepath.Join(to, relative), 0o755)
		}
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, relative), content, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Secrets, data and what only tests need never get into a build.
func TestContext(t *testing.T) {
	patterns := readIgnored(t)
	for name, out := range map[string]bool{
		"go.mod": false, "cmd/rostrum/main.go": false, "api/pages/html/index.html": false, "cmd/rostrum/clip/demo.webm": false,
		"cmd/rostrum/main_test.go": true, "adapters/jwt/testdata/provider/provider.mjs": true, "api/typescript/node_modules/x/y.js": true,
		".git/config": true, "data/token": true, "deploy/secrets/pgpass": true, "rostrum.yaml": true, ".env": true, "bin/rostrum": true,
	} {
		if leaves(patterns, name) != out {
			t.Errorf("%s is left out: %v, want %v", name, !out, out)
		}
	}
}
