package api

import (
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// complete adds to the document what follows from all of its operations together.
func complete(document *huma.OpenAPI) {
	schemas, answered := document.Components.Schemas, map[string]bool{}
	open(schemas, document)
	for op := range operationsOf(document) {
		tellLimits(op)
		for _, r := range op.Responses {
			if body := r.Content[mediaTypeJSON]; body != nil && body.Example == nil && len(body.Examples) == 0 {
				body.Example = exampleOf(schemas, body.Schema)
			}
			if body := r.Content[mediaTypeProblem]; body != nil {
				maps.Insert(answered, maps.All(codesOf(body)))
			}
		}
	}
	maps.DeleteFunc(document.Components.Examples, func(code string, _ *huma.Example) bool { return !answered[code] })
	shareEnums(document)
}

// codesOf returns the codes of the problems in a body.
func codesOf(problems *huma.MediaType) map[string]bool {
	codes := map[string]bool{}
	for code := range problems.Examples {
		codes[code] = true
	}
	return codes
}

// operationsOf goes through all operations, by their paths.
func operationsOf(document *huma.OpenAPI) iter.Seq[*huma.Operation] {
	return func(yield func(*huma.Operation) bool) {
		for _, path := range slices.Sorted(maps.Keys(document.Paths)) {
			p := document.Paths[path]
			for _, op := range []*huma.Operation{p.Get, p.Head, p.Post, p.Put, p.Patch, p.Delete, p.Options} {
				if op != nil && !yield(op) {
					return
				}
			}
		}
	}
}

// open lets answers have members that are not documented, so that a client which checks
// them survives a newer server. What requests are made of stays closed, as members that
// are not known are refused.
func open(schemas huma.Registry, document *huma.OpenAPI) {
	asked := map[string]bool{}
	for op := range operationsOf(document) {
		if op.RequestBody == nil {
			continue
		}
		for _, body := range op.RequestBody.Content {
			asked[nameOf(body.Schema)] = true
		}
	}
	for name, schema := range schemas.Map() {
		if !asked[name] {
			schema.AdditionalProperties = nil
		}
	}
}

// nameOf returns the name of a schema that is referred to, "" of another one.
func nameOf(s *huma.Schema) string {
	_, name, _ := strings.Cut(s.Ref, "#/components/schemas/")
	return name
}

// elsewhere are the members of a schema that its example leaves out: they go with
// another state than the rest of it shows.
var elsewhere = map[string][]string{
	"DatabaseReadiness": {"since"},
	"Recording":         {"failure", "live"},
	"RecordingDetail":   {"failure", "live"},
	"RoomRecording":     {"trouble", "refused"},
	"SessionRecord":     {"diagnosis"},
	"SessionReport":     {"recorded_after_ms", "recording", "refusal"},
}

// exampleOf makes an example of what a schema describes from those of its members.
func exampleOf(schemas huma.Registry, s *huma.Schema) any {
	left := elsewhere[nameOf(s)]
	if s.Ref != "" {
		s = schemas.SchemaFromRef(s.Ref)
	}
	switch {
	case len(s.Examples) > 0:
		return s.Examples[0]
	case s.Type == huma.TypeArray:
		return []any{exampleOf(schemas, s.Items)}
	}
	example := map[string]any{}
	for name, member := range s.Properties {
		if !slices.Contains(left, name) {
			example[name] = exampleOf(schemas, member)
		}
	}
	return example
}
