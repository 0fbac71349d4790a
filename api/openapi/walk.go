package openapi

import (
	"slices"

	"go.yaml.in/yaml/v3"
)

// eachOperation calls do for every operation.
func eachOperation(root *yaml.Node, do func(op *yaml.Node)) {
	eachMember(child(root, "paths"), func(_ string, path *yaml.Node) {
		eachMember(path, func(_ string, op *yaml.Node) { do(op) })
	})
}

// eachMember calls do for every member of a mapping; a node that is none, or nil, has none.
func eachMember(n *yaml.Node, do func(name string, value *yaml.Node)) {
	if n == nil || n.Kind != yaml.MappingNode {
		return
	}
	for pair := range slices.Chunk(n.Content, 2) {
		do(pair[0].Value, pair[1])
	}
}

// child returns a member of a mapping, nil where there is none.
func child(n *yaml.Node, name string) (value *yaml.Node) {
	eachMember(n, func(have string, v *yaml.Node) {
		if have == name {
			value = v
		}
	})
	return value
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
