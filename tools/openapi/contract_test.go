// Package openapi has the tools of the contract, and what can be said of it only with them.
package openapi

import (
	"bytes"
	"os"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// TestContractIsValid asks a validator that is not the generator's: every schema, and
// every example against its schema.
func TestContractIsValid(t *testing.T) {
	for version, file := range map[string]string{"3.1.0": "openapi.yaml", "3.0.3": "openapi-3.0.yaml"} {
		document, err := openapi3.NewLoader().LoadFromFile("../../api/" + file)
		if err != nil {
			t.Fatal(err)
		}
		if document.OpenAPI != version {
			t.Errorf("%s is OpenAPI %s, want %s", file, document.OpenAPI, version)
		}
		if err := document.Validate(t.Context(), openapi3.EnableExamplesValidation()); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// TestContractIsNoOther30 holds the validator itself: what 3.1 says is not valid in 3.0.
func TestContractIsNoOther30(t *testing.T) {
	text, err := os.ReadFile("../../api/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	document, err := openapi3.NewLoader().LoadFromData(bytes.Replace(text, []byte("openapi: 3.1.0"), []byte("openapi: 3.0.3"), 1))
	if err == nil {
		err = document.Validate(t.Context())
	}
	if err == nil {
		t.Error("the contract in 3.1 was taken for one in 3.0")
	}
	t.Log(err)
}
