package api

import (
	"slices"

	"github.com/danielgtaylor/huma/v2"
)

// sharedEnums are the closed sets of values that several schemas and parameters have.
var sharedEnums = map[string]huma.Schema{
	"MediaKind":       {Description: "Sound or picture.", Enum: []any{"audio", "video"}},
	"RecordingState":  {Description: "How far a recording has come.", Enum: []any{"started", "finalized", "uploading", "stored", "failed"}},
	"RoomTokenAction": {Description: "What a token of a room allows there.", Enum: []any{"publish", "play"}},
	"SessionRole":     {Description: "Whether a session sends or receives.", Enum: []any{"publisher", "subscriber"}},
}

// shareEnums gives each shared enum a name in the document, and refers to it wherever its
// values stand. A generator makes one type of a name, and of values that stand in two
// places two types that do not fit each other.
func shareEnums(document *huma.OpenAPI) {
	schemas := document.Components.Schemas.Map()
	for _, schema := range schemas {
		shareWithin(schema)
	}
	for op := range operationsOf(document) {
		for _, p := range op.Parameters {
			shareWithin(p.Schema)
		}
	}
	for name, enum := range sharedEnums {
		enum.Type = huma.TypeString
		enum.PrecomputeMessages() // requests are checked by it
		schemas[name] = &enum
	}
}

// shareWithin makes references of the shared enums that a schema is or holds, and leaves
// what is said of them there.
func shareWithin(s *huma.Schema) {
	if s == nil {
		return
	}
	for name, enum := range sharedEnums {
		if slices.Equal(s.Enum, enum.Enum) {
			*s = huma.Schema{Ref: "#/components/schemas/" + name, Description: s.Description, Examples: s.Examples}
			return
		}
	}
	for _, property := range s.Properties {
		shareWithin(property)
	}
	shareWithin(s.Items)
}
