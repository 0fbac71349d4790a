package openapi

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// TestWhat30CannotSay holds that nothing is left out in silence.
func TestWhat30CannotSay(t *testing.T) {
	var schema yaml.Node
	if err := yaml.Unmarshal([]byte(`{type: [string, "null"], const: a}`), &schema); err != nil {
		t.Fatal(err)
	}
	if err := downgradeSchema(schema.Content[0]); err == nil {
		t.Error("const was taken for something that 3.0 knows")
	}
}

func TestSchemasIn30(t *testing.T) {
	for in, want := range map[string]string{
		`{type: [string, "null"], examples: [a, b]}`:            `{type: string, nullable: true, example: a}`,
		`{type: number, exclusiveMinimum: 0}`:                   `{type: number, minimum: 0, exclusiveMinimum: true}`,
		`{type: number, exclusiveMaximum: 9}`:                   `{type: number, maximum: 9, exclusiveMaximum: true}`,
		`{$ref: "#/a"}`:                                         `{$ref: "#/a"}`,
		`{$ref: "#/a", description: b}`:                         `{allOf: [{$ref: "#/a"}], description: b}`,
		`{type: string, format: binary, contentMediaType: a/b}`: `{type: string, format: binary}`,
	} {
		var schema yaml.Node
		if err := yaml.Unmarshal([]byte(in), &schema); err != nil {
			t.Fatal(err)
		}
		if err := downgradeSchema(schema.Content[0]); err != nil {
			t.Errorf("%s: %v", in, err)
		}
		var got, expected any
		if err := schema.Decode(&got); err != nil {
			t.Fatal(err)
		}
		if err := yaml.Unmarshal([]byte(want), &expected); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(expected, got); d != "" {
			t.Errorf("%s: %s", in, d)
		}
	}
}
