package config

import (
	"bytes"
	"fmt"
	"io"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Print writes the configuration as YAML, keys in the order of the manual. Secrets
// are masked, so the result is fit to be shown; with a secret in it, [Load] refuses
// it, as no mask is a valid token.
func Print(w io.Writer, cfg *Config) error { return write(w, cfg) }

const exampleHead = `# Rostrum's configuration: every key with its default.
#
# Start with it by "rostrum --config rostrum.yaml". A key may be left out. A flag goes
# before the environment and both before this file: http.addr is --http.addr=:8080 and
# ROSTRUM_HTTP_ADDR=:8080. Lists are separated by commas there. Paths are relative to
# the directory that Rostrum is started in.

`

// Example returns a commented file of the defaults, made from the comments of the
// structs. It is what rostrum.example.yaml holds.
func Example() []byte {
	var node yaml.Node
	cfg := Default()
	err := node.Encode(&cfg)
	annotate(&node, reflect.TypeFor[Config]())
	out := bytes.NewBufferString(exampleHead)
	if err == nil {
		err = write(out, &node)
	}
	if err != nil {
		panic("config: example: " + err.Error()) // the defaults are ours: they marshal
	}
	return bytes.ReplaceAll(out.Bytes(), []byte("\n  \n"), []byte("\n\n")) // empty lines come indented
}

func write(w io.Writer, document any) error {
	encoder := yaml.NewEncoder(w)
	encoder.SetIndent(2)
	if err := encoder.Encode(document); err != nil {
		return err
	}
	return encoder.Close()
}

// annotate puts the manual above each key of the mapping, which t was encoded to,
// with an empty line before each but the first.
func annotate(mapping *yaml.Node, t reflect.Type) {
	for i := range t.NumField() {
		sf := t.Field(i)
		key, value := mapping.Content[2*i], mapping.Content[2*i+1]
		doc := comments()[t.Name()+"."+sf.Name]
		if isSection(sf.Type) {
			annotate(value, sf.Type)
		} else if sf.Type.Kind() == reflect.Slice && isSection(sf.Type.Elem()) {
			doc += elementKeys(sf.Type.Elem())
		}
		key.HeadComment = asComment(doc)
		if i > 0 {
			key.HeadComment = "\n" + key.HeadComment
		}
	}
}

func elementKeys(t reflect.Type) string {
	var keys strings.Builder
	for i := range t.NumField() {
		sf := t.Field(i)
		fmt.Fprintf(&keys, "\n\t%s: %s", keyOf(sf), comments()[t.Name()+"."+sf.Name])
	}
	return keys.String()
}

// asComment makes a Go comment YAML's, which knows no tabs and ends at an empty line.
func asComment(doc string) string {
	lines := strings.Split(strings.ReplaceAll(doc, "\t", "  "), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight("# "+lines[i], " ")
	}
	return strings.Join(lines, "\n")
}
