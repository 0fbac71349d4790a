package api_test

import (
	"bytes"
	"os"
	"testing"

	"rostrum/api"
)

// TestOpenAPIIsCommitted compares the contract, in both versions of OpenAPI, with what
// the code makes of it. With UPDATE set, as "make api" does, it writes it.
func TestOpenAPIIsCommitted(t *testing.T) {
	for version, file := range map[string]string{"3.1": "openapi.yaml", "3.0": "openapi-3.0.yaml"} {
		generated, err := api.WriteOpenAPI(version)
		if err != nil {
			t.Fatal(err)
		}
		if os.Getenv("UPDATE") != "" {
			if err := os.WriteFile(file, generated, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		committed, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(committed, generated) {
			t.Errorf("api/%s is not what the code says: run make api, look at the difference, and commit it", file)
		}
	}
}

func TestWriteOpenAPIRefusesOtherVersions(t *testing.T) {
	for _, version := range []string{"", "2.0", "3", "3.0.3"} {
		if text, err := api.WriteOpenAPI(version); err == nil || text != nil {
			t.Errorf("%q: %d bytes, %v", version, len(text), err)
		}
	}
}
