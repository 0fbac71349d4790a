package api_test

import (
	"bytes"
	"os"
	"testing"

	"rostrum/api"
)

// TestOpenAPIIsCommitted compares the contract with what the code makes of it.
// "make api" rewrites it.
func TestOpenAPIIsCommitted(t *testing.T) {
	committed, err := os.ReadFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	generated, err := api.WriteOpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(committed, generated) {
		t.Error("api/openapi.yaml is not what the code says: run make api, look at the difference, and commit it")
	}
}
