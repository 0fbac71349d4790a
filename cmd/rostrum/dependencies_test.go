package main

import (
	"encoding/json"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestDependenciesAreExplained compares docs/dependencies.md with what is depended on: the
// modules that the code imports, the tools that the tools modules name, the npm packages.
func TestDependenciesAreExplained(t *testing.T) {
	used := map[string]bool{}
	addModules(t, used)
	addTools(t, used, "tools/go.mod", "tools/openapi/go.mod")
	addPackages(t, used)

	explained := map[string]bool{}
	for _, line := range strings.Split(document(t, "docs/dependencies.md"), "\n") {
		if cells := strings.Split(line, "|"); len(cells) > 2 {
			for _, name := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cells[1], -1) {
				explained[name[1]] = true
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(used)) {
		if !explained[name] {
			t.Errorf("docs/dependencies.md does not say what %s is for", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(explained)) {
		if !used[name] {
			t.Errorf("docs/dependencies.md explains %s, which nothing depends on", name)
		}
	}
}

// addModules adds the module of each import of this module, tests and other systems included.
func addModules(t *testing.T, used map[string]bool) {
	modules := requirements(t, "go.mod")
	for _, file := range sources(t, ".go") {
		parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, file), nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range parsed.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			if module := moduleOf(imported, modules); module != "" {
				used[module] = true
			}
		}
	}
}

// moduleOf returns the longest of the modules that the package can be in, "" for none.
func moduleOf(imported string, modules []string) (best string) {
	for _, module := range modules {
		if within(imported, module) && len(module) > len(best) {
			best = module
		}
	}
	return best
}

var requirement = regexp.MustCompile(`(?m)^(?:require )?\t?(\S+\.\S+) v\S+`)

// requirements lists the modules that a go.mod requires, directly or not.
func requirements(t *testing.T, file string) []string {
	var modules []string
	for _, found := range requirement.FindAllStringSubmatch(document(t, file), -1) {
		modules = append(modules, found[1])
	}
	return modules
}

// addTools adds the modules of the tools that a go.mod names, and those that it requires
// directly.
func addTools(t *testing.T, used map[string]bool, files ...string) {
	for _, file := range files {
		text, modules := document(t, file), requirements(t, file)
		for _, line := range strings.Split(text, "\n") {
			fields := strings.Fields(strings.TrimPrefix(line, "tool "))
			switch {
			case len(fields) == 1 && moduleOf(fields[0], modules) != "":
				used[moduleOf(fields[0], modules)] = true
			case len(fields) == 2 && strings.HasPrefix(fields[1], "v") && slices.Contains(modules, fields[0]):
				used[fields[0]] = true
			}
		}
	}
}

// addPackages adds what every package.json asks for.
func addPackages(t *testing.T, used map[string]bool) {
	for _, file := range sources(t, "package.json") {
		var wanted struct{ Dependencies, DevDependencies map[string]string }
		if err := json.Unmarshal([]byte(document(t, file)), &wanted); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, names := range []map[string]string{wanted.Dependencies, wanted.DevDependencies} {
			for name := range names {
				used[name] = true
			}
		}
	}
}

// root is where the repository is, from this folder.
const root = "../.."

// document returns a file of the repository.
func document(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// sources lists the files of this module whose names end so: not those of modules below it,
// nor what npm has installed.
func sources(t *testing.T, ending string) []string {
	t.Helper()
	var files []string
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (slices.Contains([]string{".git", "node_modules", "data", "bin"}, entry.Name())):
			return fs.SkipDir
		case entry.IsDir() && ending == ".go" && name != "." && exists(path.Join(name, "go.mod")):
			return fs.SkipDir
		case !entry.IsDir() && strings.HasSuffix(name, ending):
			files = append(files, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// exists reports whether the repository has a file or folder.
func exists(name string) bool {
	_, err := os.Stat(filepath.Join(root, filepath.FromSlash(name)))
	return err == nil
}
