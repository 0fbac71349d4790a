// Package openapi writes an OpenAPI document as people and programs read it: in the order in
// which a reader looks for things, in version 3.1, and in 3.0.3 for generators and gateways
// that read no other. huma's own rendering in 3.0 leaves in what 3.0 does not have.
package openapi

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"go.yaml.in/yaml/v3"
)

// The versions of OpenAPI that a document is written in.
const (
	V31 = "3.1"
	V30 = "3.0"
)

// Write returns a document, which declares 3.1, as YAML in a version. What it says and that
// version cannot is an error.
func Write(document *huma.OpenAPI, version string) ([]byte, error) {
	if version != V31 && version != V30 {
		return nil, fmt.Errorf("there is no contract in OpenAPI %q: ask for %s or %s", version, V31, V30)
	}
	root, err := tree(document)
	if err == nil && version == V30 {
		err = downgrade(root)
	}
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(root); err != nil {
		return nil, err
	}
	return out.Bytes(), encoder.Close()
}

// JSON returns YAML as JSON, on one line.
func JSON(text []byte) ([]byte, error) {
	var value any
	if err := yaml.Unmarshal(text, &value); err != nil {
		return nil, err
	}
	return json.Marshal(value)
}

// tree returns a document as the nodes of YAML: what a reader looks for first stands first.
func tree(of *huma.OpenAPI) (*yaml.Node, error) {
	text, err := json.Marshal(of)
	if err != nil {
		return nil, err
	}
	var document yaml.Node // JSON is YAML
	if err := yaml.Unmarshal(text, &document); err != nil {
		return nil, err
	}
	root := document.Content[0]
	if err := unstyle(root); err != nil {
		return nil, err
	}
	arrange(root, "openapi", "info", "servers", "tags", "paths", "components")
	arrange(child(root, "info"), "title", "version")
	for _, tag := range child(root, "tags").Content {
		arrange(tag, "name")
	}
	eachOperation(root, func(op *yaml.Node) {
		arrange(op, "operationId", "tags", "summary", "description", "security", "parameters", "requestBody", "responses")
	})
	return root, nil
}

// unstyle takes the marks of JSON off the nodes, so that they are written as YAML. A text
// that an older reader takes for something else is quoted: to those of YAML 1.1, and most
// generators that are not written in Go or JavaScript read by one, on is a boolean.
func unstyle(n *yaml.Node) error {
	n.Style = 0
	if n.Kind == yaml.ScalarNode && n.Tag == "!!str" {
		return n.Encode(n.Value) // as a string of Go it gets the quotes, as a node it would not
	}
	for _, c := range n.Content {
		if err := unstyle(c); err != nil {
			return err
		}
	}
	return nil
}

// arrange puts the members of a mapping that are named into that order, before others.
func arrange(n *yaml.Node, names ...string) {
	rank := func(pair []*yaml.Node) int {
		if i := slices.Index(names, pair[0].Value); i >= 0 {
			return i
		}
		return len(names)
	}
	pairs := slices.Collect(slices.Chunk(n.Content, 2))
	slices.SortStableFunc(pairs, func(a, b []*yaml.Node) int { return cmp.Compare(rank(a), rank(b)) })
	n.Content = slices.Concat(pairs...)
}
