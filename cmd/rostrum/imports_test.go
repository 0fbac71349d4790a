package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// layers is the import table: what the packages of each folder may import of this
// module. The first entry whose folder holds a package is the package's own. A
// folder may always import what is below itself.
var layers = []struct {
	folder string
	may    []string
}{
	{"domain", nil},
	{"ports/porttest", []string{"ports", "domain"}},
	{"ports", []string{"domain"}},
	{"app", []string{"ports", "domain"}},
	{"api/client", nil}, // what others import has nothing of ours in it
	{"api", []string{"app", "ports", "domain"}},
	{"adapters", []string{"app", "ports", "domain", "migrations"}},
	{"migrations", nil},
	{"cmd", []string{"api", "adapters", "app", "ports", "domain"}},
}

// confined are libraries that only one place may import: a file, or a folder.
var confined = map[string]string{
	"go.uber.org/fx":  "cmd/rostrum/wiring.go",
	"go.uber.org/dig": "cmd/rostrum/wiring.go",
}

// TestImports holds the hexagon: every file of the product imports what its layer
// may, and nothing else.
func TestImports(t *testing.T) {
	seen := map[string]bool{}
	for file, imports := range productImports(t) {
		layer := layerOf(path.Dir(file))
		if layer < 0 {
			t.Errorf("%s stands in no layer of the table", file)
			continue
		}
		seen[layers[layer].folder] = true
		for _, imported := range imports {
			if why := forbidden(file, layer, imported); why != "" {
				t.Errorf("%s imports %s: %s", file, imported, why)
			}
		}
	}
	for _, l := range layers {
		if !seen[l.folder] {
			t.Errorf("the table has a layer %s, the product has none", l.folder)
		}
	}
}

// forbidden says why a file may not import a package, "" if it may.
func forbidden(file string, layer int, imported string) string {
	for library, place := range confined {
		if within(imported, library) && file != place {
			return "only " + place + " may"
		}
	}
	folder := layers[layer].folder
	inside, own := strings.CutPrefix(imported, "rostrum/")
	switch {
	case !own && folder == "domain" && strings.Contains(strings.Split(imported, "/")[0], "."):
		return "the domain is standard library alone"
	case !own || within(inside, folder) && folder != "adapters":
		return ""
	case folder == "adapters" && within(inside, adapterOf(path.Dir(file))):
		return ""
	case within(inside, "ports/porttest"):
		return "contract suites are for tests"
	case !slices.ContainsFunc(layers[layer].may, func(m string) bool { return within(inside, m) }):
		return folder + " may import " + strings.Join(layers[layer].may, ", ")
	default:
		return ""
	}
}

// productImports returns the imports of every Go file of the module that is no
// test, by the file's path from the module's root.
func productImports(t *testing.T) map[string][]string {
	t.Helper()
	const root = "../.."
	found := map[string][]string{}
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && name != root && foreign(name) {
			return filepath.SkipDir
		}
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		file := filepath.ToSlash(relative)
		found[file] = []string{}
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			found[file] = append(found[file], imported)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// foreign reports whether a folder is of another module, or has what npm installed.
func foreign(folder string) bool {
	_, err := os.Stat(filepath.Join(folder, "go.mod"))
	return err == nil || filepath.Base(folder) == "node_modules"
}

func layerOf(folder string) int {
	for i, l := range layers {
		if within(folder, l.folder) {
			return i
		}
	}
	return -1
}

// adapterOf returns the adapter that a folder belongs to: adapters/pion/fanout is
// part of adapters/pion.
func adapterOf(folder string) string {
	parts := strings.SplitN(folder, "/", 3)
	return path.Join(parts[:min(len(parts), 2)]...)
}

func within(folder, parent string) bool {
	return folder == parent || strings.HasPrefix(folder, parent+"/")
}
