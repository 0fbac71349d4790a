package api

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

// tree30 returns the contract as OpenAPI 3.0.3 has it. The two versions differ in their
// schemas alone, as far as this contract goes: 3.1 takes those of JSON Schema, 3.0 has a
// language of its own. What a schema says and 3.0 cannot is an error, and never left out.
func tree30() (*yaml.Node, error) {
	root, err := tree()
	if err != nil {
		return nil, err
	}
	child(root, "openapi").SetString("3.0.3")
	var failed error
	eachSchema(root, func(s *yaml.Node) {
		if err := downgrade(s); err != nil && failed == nil {
			failed = err
		}
	})
	return root, failed
}

// eachSchema calls do for every schema, those within first.
func eachSchema(root *yaml.Node, do func(s *yaml.Node)) {
	eachMember(child(child(root, "components"), "schemas"), func(_ string, s *yaml.Node) { within(s, do) })
	eachMember(child(child(root, "components"), "headers"), func(_ string, h *yaml.Node) { within(child(h, "schema"), do) })
	eachOperation(root, func(op *yaml.Node) {
		if parameters := child(op, "parameters"); parameters != nil {
			for _, p := range parameters.Content {
				within(child(p, "schema"), do)
			}
		}
		ofContent(child(op, "requestBody"), do)
		eachMember(child(op, "responses"), func(_ string, r *yaml.Node) {
			ofContent(r, do)
			eachMember(child(r, "headers"), func(_ string, h *yaml.Node) { within(child(h, "schema"), do) })
		})
	})
}

// ofContent calls do for the schemas of a body.
func ofContent(body *yaml.Node, do func(s *yaml.Node)) {
	eachMember(child(body, "content"), func(_ string, media *yaml.Node) { within(child(media, "schema"), do) })
}

// within calls do for the schemas in a schema, and then for itself. There may be none.
func within(s *yaml.Node, do func(s *yaml.Node)) {
	if s == nil || s.Kind != yaml.MappingNode {
		return
	}
	eachMember(child(s, "properties"), func(_ string, p *yaml.Node) { within(p, do) })
	within(child(s, "items"), do)
	within(child(s, "additionalProperties"), do)
	do(s)
}

// the same in both versions, in schemas.
var same = []string{
	"additionalProperties", "default", "deprecated", "description", "enum", "format", "items", "maxItems", "maxLength",
	"maxProperties", "maximum", "minItems", "minLength", "minProperties", "minimum", "multipleOf", "pattern", "properties",
	"readOnly", "required", "title", "uniqueItems", "writeOnly", extensibleEnum,
}

// downgrade rewrites a schema from 3.1 to 3.0.
func downgrade(s *yaml.Node) (err error) {
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
				err = fmt.Errorf("a schema says %s, which OpenAPI 3.0 cannot: teach api/contract_3_0.go how to say it there", name)
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
