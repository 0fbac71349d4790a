package openapi

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

// downgrade rewrites a document from 3.1 to 3.0.3. The two versions differ in their
// schemas alone, as far as is used here: 3.1 takes those of JSON Schema, 3.0 has a
// language of its own. What a schema says and 3.0 cannot is an error, and never left out.
func downgrade(root *yaml.Node) error {
	child(root, "openapi").SetString("3.0.3")
	var failed error
	eachSchema(root, func(s *yaml.Node) {
		if err := downgradeSchema(s); err != nil && failed == nil {
			failed = err
		}
	})
	return failed
}

// the same in both versions, in schemas.
var same = []string{
	"additionalProperties", "default", "deprecated", "description", "enum", "format", "items", "maxItems", "maxLength",
	"maxProperties", "maximum", "minItems", "minLength", "minProperties", "minimum", "multipleOf", "pattern", "properties",
	"readOnly", "required", "title", "uniqueItems", "writeOnly", "x-extensible-enum",
}

// downgradeSchema rewrites a schema from 3.1 to 3.0.
func downgradeSchema(s *yaml.Node) (err error) {
	pairs := slices.Collect(slices.Chunk(s.Content, 2))
	s.Content = nil
	alone := len(pairs) == 1
	add := func(name string, value *yaml.Node) {
		s.Content = append(s.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: name}, value)
	}
	yes := func(name string) { add(name, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: "true"}) }
	for _, pair := range pairs {
		switch name, value := pair[0].Value, pair[1]; name {
		case "type":
			kind, nullable := withoutNull(value)
			add("type", kind)
			if nullable {
				yes("nullable")
			}
		case "$ref":
			if alone {
				add(name, value)
			} else { // 3.0 reads nothing that stands beside a reference
				add("allOf", &yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{{Kind: yaml.MappingNode, Content: pair}}})
			}
		case "examples":
			add("example", value.Content[0])
		case "exclusiveMinimum":
			add("minimum", value)
			yes(name)
		case "exclusiveMaximum":
			add("maximum", value)
			yes(name)
		case "contentMediaType": // of a body; its own media type and the format binary say it too
		default:
			if !slices.Contains(same, name) {
				err = fmt.Errorf("a schema says %s, which OpenAPI 3.0 cannot: teach api/openapi/downgrade.go how to say it there", name)
			}
			add(name, value)
		}
	}
	return err
}

// withoutNull returns the one type that a schema's type names besides null, and whether
// it names null.
func withoutNull(kind *yaml.Node) (one *yaml.Node, nullable bool) {
	if kind.Kind != yaml.SequenceNode {
		return kind, false
	}
	for _, k := range kind.Content {
		if k.Value == "null" {
			nullable = true
		} else {
			one = k
		}
	}
	return one, nullable
}
