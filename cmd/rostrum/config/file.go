package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"strings"

	koanfyaml "github.com/knadh/koanf/parsers/yaml"
	"go.yaml.in/yaml/v3"
)

// source is koanf's YAML parser, and remembers where in the file each key stands.
type source struct {
	*koanfyaml.YAML
	file     string
	lines    map[string]int // by path, list elements as path[0]
	problems []error        // what is wrong with the keys; values are looked at later
}

func newSource(file string) *source {
	return &source{YAML: koanfyaml.Parser(), file: file, lines: make(map[string]int)}
}

// at names a line of the file, as editors and terminals understand it.
func (s *source) at(line int) string { return fmt.Sprintf("%s:%d", s.file, line) }

// where names the place of the value at the path: for a part of a list element that
// is missing, the element; for what the file does not have, only the path.
func (s *source) where(path string) string {
	for at := path; ; at = at[:strings.LastIndexAny(at, "[.")] {
		if line, ok := s.lines[at]; ok {
			return s.at(line) + ": " + path
		}
		if !strings.Contains(at, "[") {
			return path
		}
	}
}

// Unmarshal returns the file's values. The error is what makes all of it unusable;
// keys that do not exist are noted in problems instead.
func (s *source) Unmarshal(text []byte) (map[string]any, error) {
	var node yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	switch err := decoder.Decode(&node); {
	case errors.Is(err, io.EOF):
		return nil, nil // comments alone
	case err != nil:
		return nil, s.malformed(err)
	}
	root := node.Content[0]
	if root.Kind != yaml.MappingNode && root.Tag != "!!null" {
		return nil, problem{s.at(root.Line), "must be a mapping with the keys " + names(reflect.TypeFor[Config]())}
	}
	values, err := s.YAML.Unmarshal(text)
	if err != nil {
		return nil, s.malformed(err)
	}
	if second := decoder.Decode(new(yaml.Node)); !errors.Is(second, io.EOF) {
		return nil, problem{s.file, "must hold one YAML document; remove what begins at the second \"---\""}
	}
	s.walk(root, reflect.TypeFor[Config](), "")
	maps.DeleteFunc(values, func(key string, _ any) bool { return strings.Contains(key, ".") }) // koanf takes it for a path
	return values, nil
}

// malformed puts the lines that the YAML library names where ours stand.
func (s *source) malformed(err error) error {
	texts := []string{strings.TrimPrefix(err.Error(), "yaml: ")}
	if typed := new(yaml.TypeError); errors.As(err, &typed) {
		texts = typed.Errors
	}
	var all []error
	for _, text := range texts {
		where, line := s.file, 0
		if n, _ := fmt.Sscanf(text, "line %d:", &line); n == 1 {
			where = s.at(line)
			_, text, _ = strings.Cut(text, ": ")
		}
		all = append(all, problem{where, "not valid YAML: " + text})
	}
	return errors.Join(all...)
}

// walk notes the line of every key in and below the node, which stands at path and
// is to become a t. It goes no deeper than t does.
func (s *source) walk(node *yaml.Node, t reflect.Type, path string) {
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	switch {
	case isSection(t) && node.Kind == yaml.MappingNode:
		for i := 0; i < len(node.Content); i += 2 {
			s.walkKey(node.Content[i], node.Content[i+1], t, path)
		}
	case isSection(t) && (node.Tag != "!!null" || strings.HasSuffix(path, "]")):
		s.problems = append(s.problems, problem{s.at(node.Line), path + ": must be a mapping with the keys " + names(t)})
	case t.Kind() == reflect.Slice && node.Kind == yaml.SequenceNode:
		for i, element := range node.Content {
			at := fmt.Sprintf("%s[%d]", path, i)
			s.lines[at] = element.Line
			s.walk(element, t.Elem(), at)
		}
	}
}

func (s *source) walkKey(key, value *yaml.Node, t reflect.Type, path string) {
	at := below(path, key.Value)
	for i := range t.NumField() {
		if keyOf(t.Field(i)) == key.Value {
			s.lines[at] = key.Line
			s.walk(value, t.Field(i).Type, at)
			return
		}
	}
	s.problems = append(s.problems, problem{s.at(key.Line), at + ": " + s.unknown(at, t, path)})
}

// unknown says what to write instead of the key that t, which stands at path, lacks.
func (s *source) unknown(at string, t reflect.Type, path string) string {
	var candidates []string
	for i := range t.NumField() {
		candidates = append(candidates, below(path, keyOf(t.Field(i))))
	}
	for _, f := range fields(new(Config), "") {
		candidates = append(candidates, f.path)
	}
	switch near := Nearest(at, candidates); near {
	case "":
		return "unknown key; the keys here are " + names(t)
	case at:
		section, name, _ := strings.Cut(at, ".")
		return fmt.Sprintf("unknown key; write %s: below %s:", name, section)
	default:
		return "unknown key; did you mean " + near + "?"
	}
}

// names lists the keys of a struct.
func names(t reflect.Type) string {
	var list []string
	for i := range t.NumField() {
		list = append(list, keyOf(t.Field(i)))
	}
	return strings.Join(list, ", ")
}
