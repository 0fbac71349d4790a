package conformance

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// requirements is how many lines there are.
const requirements = 191

// TestDocument holds docs/conformance.md to the tests: every line stands in it once,
// with a test of this package, or with words that say why not.
func TestDocument(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../docs/conformance.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[int]string{}
	for _, row := range regexp.MustCompile(`(?m)^\| (\d+) \|.*\| ([^|]+) \|$`).FindAllStringSubmatch(string(text), -1) {
		n, err := strconv.Atoi(row[1])
		if err != nil || rows[n] != "" || n < 1 || n > requirements {
			t.Errorf("line %s stands in the table twice, or is none", row[1])
		}
		rows[n] = row[2]
	}
	tests := linesOfTests(t)
	for n := 1; n <= requirements; n++ {
		var named []string
		for _, m := range regexp.MustCompile("`(Test[A-Za-z]+)`").FindAllStringSubmatch(rows[n], -1) {
			named = append(named, m[1])
		}
		switch {
		case rows[n] == "":
			t.Errorf("line %d is missing", n)
		case !slices.Equal(named, tests[n]):
			t.Errorf("line %d names %v, its tests are in %v", n, named, tests[n])
		case len(named) == 0 && len(rows[n]) < 20:
			t.Errorf("line %d has no test and does not say why: %q", n, rows[n])
		}
	}
}

// linesOfTests finds in this package's sources which test functions have subtests of
// which line.
func linesOfTests(t *testing.T) map[int][]string {
	t.Helper()
	found := map[int][]string{}
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || !strings.HasPrefix(f.Name.Name, "Test") {
				continue
			}
			for _, n := range linesIn(f) {
				if !slices.Contains(found[n], f.Name.Name) {
					found[n] = append(found[n], f.Name.Name)
				}
			}
		}
	}
	return found
}

// linesIn are the lines that the names in a function begin with.
func linesIn(f *ast.FuncDecl) []int {
	var lines []int
	ast.Inspect(f, func(n ast.Node) bool {
		literal, ok := n.(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			return true
		}
		for word := range strings.FieldsSeq(strings.Trim(literal.Value, `"`)) {
			line, ok := strings.CutPrefix(word, "WHIP-")
			number, err := strconv.Atoi(line)
			if !ok || err != nil {
				break // what follows is the name in words
			}
			lines = append(lines, number)
		}
		return true
	})
	return lines
}
