package openapi_test

import (
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"rostrum/api/openapi"
)

// TestReadersOfYAML11 holds that a text is a text to them too: on is a boolean to them where
// it stands without quotes, and 12:30 a number.
func TestReadersOfYAML11(t *testing.T) {
	for _, word := range []string{"on", "Off", "yes", "NO", "y", "N", "12:30"} {
		document := &huma.OpenAPI{
			OpenAPI: "3.1.0", Info: &huma.Info{Title: word}, Tags: []*huma.Tag{{Name: word}},
			Extensions: map[string]any{"x-example": map[string]any{word: []any{word}}},
		}
		for _, version := range []string{openapi.V31, openapi.V30} {
			text, err := openapi.Write(document, version)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Count(string(text), `"`+word+`"`); got != 4 {
				t.Errorf("%s in %s: %d of 4 stand in quotes:\n%s", word, version, got, text)
			}
		}
	}
}
