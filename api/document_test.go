package api

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// TestDocumentsAreServed reads the contract from the server, in both versions and forms.
func TestDocumentsAreServed(t *testing.T) {
	e := newEdge(t)
	for version, path := range map[string]string{"3.1": "/openapi", "3.0": "/openapi-3.0"} {
		text, err := WriteOpenAPI(version)
		if err != nil {
			t.Fatal(err)
		}
		var want, got any
		if err := yaml.Unmarshal(text, &want); err != nil {
			t.Fatal(err)
		}
		w := e.do(http.MethodGet, path+".yaml", "")
		if h := w.Header().Get("Content-Type"); w.Body.String() != string(text) || h != "application/openapi+yaml" {
			t.Errorf("%s.yaml: %d %s, and another text than is written", path, w.Code, h)
		}
		w = e.do(http.MethodGet, path+".json", "")
		if err := yaml.Unmarshal(w.Body.Bytes(), &got); err != nil { // JSON is YAML
			t.Fatal(err)
		}
		if h := w.Header().Get("Content-Type"); h != "application/openapi+json" {
			t.Errorf("%s.json: %s", path, h)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s.json says otherwise: %s", path, d)
		}
	}
}
