package api

import (
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"rostrum/api/openapi"
)

// WriteOpenAPI returns the contract as YAML in a version of OpenAPI, "3.1" or "3.0":
// byte for byte the same for the same code.
func WriteOpenAPI(version string) ([]byte, error) { return openapi.Write(described(), version) }

// described returns the contract as the operations declare it.
func described() *huma.OpenAPI {
	return register(nil, nil, http.NewServeMux(), newRefusalCounts(), Options{}).OpenAPI()
}

// registerDocuments answers with the contract, in both versions and as YAML and JSON.
// It is written when it is asked for first.
func registerDocuments(mux *http.ServeMux) {
	for version, path := range map[string]string{openapi.V31: "/openapi", openapi.V30: "/openapi-3.0"} {
		written := sync.OnceValues(func() ([]byte, error) { return WriteOpenAPI(version) })
		mux.Handle("GET "+path+".yaml", rendering{"application/openapi+yaml", written})
		mux.Handle("GET "+path+".json", rendering{"application/openapi+json", sync.OnceValues(func() ([]byte, error) {
			text, err := written()
			if err != nil {
				return nil, err
			}
			return openapi.JSON(text)
		})})
	}
}

// rendering is the contract in one form.
type rendering struct {
	mediaType string
	text      func() ([]byte, error)
}

func (r rendering) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	text, err := r.text()
	if err != nil {
		writeProblem(w, errInternal)
		return
	}
	w.Header().Set("Content-Type", r.mediaType)
	_, _ = w.Write(text) // the client has gone away
}
