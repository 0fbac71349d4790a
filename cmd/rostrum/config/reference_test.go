package config

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const referenceHead = `# Configuration

<!-- Made from the structs of cmd/rostrum/config by "UPDATE=1 go test -run TestReference ./cmd/rostrum/config": change those. -->

Every key, made from the source that reads them. Nothing has to be configured: ` + "`rostrum`" + ` starts with the defaults.

A flag goes before the environment, the environment before the file that ` + "`--config`" + ` or ` + "`ROSTRUM_CONFIG`" + ` names, and that before the defaults.
[rostrum.example.yaml](../rostrum.example.yaml) is a whole file with every default; ` + "`rostrum config`" + ` prints what is in force, secrets masked.
A key that does not exist, or a value that is not allowed, ends the start with exit code 2 and names the key, the line of the file, and what the value must be.
The server reads its configuration when it starts, and not again.

| type | written |
|---|---|
| text | as it is; in YAML in quotes where YAML would read it as something else |
| secret | text that is shown as ` + "`***`" + ` wherever it is printed. Better by the environment or the file than by a flag: the list of processes shows flags to everybody on the machine |
| duration | as ` + "`10s`, `1m30s`, `720h`" + `; ` + "`0s`" + ` or more |
| size | as ` + "`20GiB`, `500MB`" + `; or ` + "`off`" + ` |
| rate | COUNT/DURATION, as ` + "`10/1m`" + `; or ` + "`off`" + ` |
| list | in YAML a list, elsewhere separated by commas |
| mappings | in the file only |

`

// reference returns docs/configuration.md: a table of all keys, then each with its comment, its names and what it may be.
func reference() []byte {
	var table, keys strings.Builder
	table.WriteString("| key | default | what |\n|---|---|---|\n")
	for _, s := range sections(reflect.TypeFor[Config](), "") {
		fmt.Fprintf(&keys, "\n## %s\n\n%s\n", s.path, plain(s.doc))
		for _, f := range s.fields {
			fmt.Fprintf(&table, "| [%s](#%s) | %s | %s |\n", f.path, strings.ReplaceAll(f.path, ".", ""), code(f.shown()), plain(synopsis(f.doc)))
			keys.WriteString(entry(f))
		}
	}
	return []byte(referenceHead + table.String() + keys.String())
}

// section is the keys that stand under one path, without those of sections below it.
type section struct {
	path, doc string
	fields    []field
}

func sections(t reflect.Type, path string) []section {
	defaults := Default()
	all := fields(&defaults, "")
	var list []section
	for i := range t.NumField() {
		sf := t.Field(i)
		if !isSection(sf.Type) {
			continue
		}
		s := section{path: below(path, keyOf(sf)), doc: comments()[t.Name()+"."+sf.Name]}
		for _, f := range all {
			if f.path == s.path+"."+f.name {
				s.fields = append(s.fields, f)
			}
		}
		list = append(append(list, s), sections(sf.Type, s.path)...)
	}
	return list
}

// entry is all there is to say about one key.
func entry(f field) string {
	var out strings.Builder
	doc, example := f.words()
	fmt.Fprintf(&out, "\n### %s\n\n%s\n\n", f.path, plain(doc))
	if f.isTokens() {
		out.WriteString("- given in the file only\n")
	} else {
		fmt.Fprintf(&out, "- flag `--%s`, environment `%s`\n", f.path, f.env())
	}
	fmt.Fprintf(&out, "- type %s, default %s\n", f.kind(), code(f.shown()))
	if must := bounds(f.path); must != "" {
		fmt.Fprintf(&out, "- must %s\n", plain(must))
	}
	out.WriteString(example)
	if f.isTokens() {
		out.WriteString(elements(f))
	}
	return out.String()
}

// elements is the table of the keys that each mapping of a list has.
func elements(f field) string {
	var out strings.Builder
	out.WriteString("\n| key of each | type | what | must |\n|---|---|---|---|\n")
	for _, key := range fields(reflect.New(f.value.Type().Elem()).Interface(), f.path+"[0]") {
		fmt.Fprintf(&out, "| `%s` | %s | %s | %s |\n", key.name, key.kind(), plain(key.doc), plain(bounds(key.path)))
	}
	return out.String()
}

// words returns the comment without its examples, and those as a line or a block.
func (f field) words() (doc, example string) {
	text, block, _ := strings.Cut(f.doc, "\n\n\t")
	text = strings.ReplaceAll(text, "\n", " ")
	if block != "" {
		block, _, _ = strings.Cut(block, "\n\n")
		block = strings.ReplaceAll(block, "\n\t", "\n")
		return strings.TrimSuffix(text, " Example:"), "- example:\n\n```yaml\n" + f.name + ":\n" + indented(block) + "```\n"
	}
	for _, word := range []string{"Examples", "Example"} {
		if before, after, found := strings.Cut(text, " "+word+": "); found {
			return before, "- " + strings.ToLower(word) + ": " + quoted(strings.TrimSuffix(after, ".")) + "\n"
		}
	}
	return text, ""
}

func indented(block string) string {
	return "  " + strings.ReplaceAll(strings.TrimRight(block, "\n"), "\n", "\n  ") + "\n"
}

// quoted makes code of values, not of words that say where one comes from.
func quoted(example string) string {
	if rest, is := strings.CutPrefix(example, "the output of"); is {
		if command, is := strings.CutPrefix(rest, ": "); is {
			return "the output of " + code(command)
		}
		return "the output of " + code(strings.Trim(rest, ` "`))
	}
	if strings.HasPrefix(example, "[") {
		return code(example)
	}
	values := strings.Split(example, ", ")
	for i := range values {
		values[i] = code(values[i])
	}
	return strings.Join(values, ", ")
}

func (f field) kind() string {
	switch kind := f.value.Kind(); {
	case f.isTokens():
		return "list of mappings"
	case kind == reflect.Slice:
		return "list of texts"
	case kind == reflect.Bool:
		return "`true` or `false`"
	case kind == reflect.Int:
		return "whole number"
	case f.isSecret():
		return "secret"
	case f.value.Type() == reflect.TypeFor[Duration](), f.value.Type() == reflect.TypeFor[Size](), f.value.Type() == reflect.TypeFor[Rate]():
		return strings.ToLower(f.value.Type().Name())
	default:
		return "text"
	}
}

// shown is the default as YAML has it.
func (f field) shown() string {
	switch f.value.Kind() {
	case reflect.Slice:
		return "[]"
	case reflect.String:
		if f.value.Len() == 0 {
			return `""`
		}
	}
	return fmt.Sprint(f.value.Interface())
}

func code(text string) string { return "`" + text + "`" }

// plain keeps Markdown from reading signs into prose.
func plain(text string) string {
	return strings.NewReplacer("\n", " ", "*", `\*`, "<", `\<`, "~", `\~`, "|", `\|`).Replace(text)
}

// UPDATE=1 writes the page anew.
func TestReferenceIsCommitted(t *testing.T) {
	page := filepath.Join("..", "..", "..", "docs", "configuration.md")
	if os.Getenv("UPDATE") == "1" {
		if err := os.WriteFile(page, reference(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	committed, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(reference()), string(committed)); d != "" {
		t.Errorf("run the tests with UPDATE=1 to write docs/configuration.md anew:\n%s", d)
	}
}
