package api

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"go.yaml.in/yaml/v3"
)

// The versions of OpenAPI that the contract is written in.
const (
	openAPI31 = "3.1"
	openAPI30 = "3.0" // for generators and gateways that read no other
)

// WriteOpenAPI returns the contract as YAML in a version of OpenAPI, "3.1" or "3.0":
// byte for byte the same for the same code.
func WriteOpenAPI(version string) ([]byte, error) {
	var root *yaml.Node
	var err error
	switch version {
	case openAPI31:
		root, err = tree()
	case openAPI30:
		root, err = tree30()
	default:
		err = fmt.Errorf("there is no contract in OpenAPI %q: ask for %s or %s", version, openAPI31, openAPI30)
	}
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(root); err != nil {
		return nil, err
	}
	return out.Bytes(), encoder.Close()
}

// registerDocuments answers with the contract, in both versions and as YAML and JSON.
// It is written when it is asked for first.
func registerDocuments(mux *http.ServeMux) {
	for version, path := range map[string]string{openAPI31: "/openapi", openAPI30: "/openapi-3.0"} {
		written := sync.OnceValues(func() ([]byte, error) { return WriteOpenAPI(version) })
		mux.Handle("GET "+path+".yaml", rendering{"application/openapi+yaml", written})
		mux.Handle("GET "+path+".json", rendering{"application/openapi+json", sync.OnceValues(func() ([]byte, error) {
			text, err := written()
			if err != nil {
				return nil, err
			}
			return toJSON(text)
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

// toJSON returns YAML as JSON, on one line.
func toJSON(text []byte) ([]byte, error) {
	var value any
	if err := yaml.Unmarshal(text, &value); err != nil {
		return nil, err
	}
	return json.Marshal(value)
}

// described returns the contract as the operations declare it.
func described() *huma.OpenAPI {
	return register(nil, nil, http.NewServeMux(), newRefusalCounts(), Options{}).OpenAPI()
}

// tree returns the contract as the nodes of a YAML document: what a reader looks for
// first stands first.
func tree() (*yaml.Node, error) {
	text, err := json.Marshal(described())
	if err != nil {
		return nil, err
	}
	var document yaml.Node // JSON is YAML
	if err := yaml.Unmarshal(text, &document); err != nil {
		return nil, err
	}
	root := document.Content[0]
	unstyle(root)
	arrange(root, "openapi", "info", "servers", "tags", "paths", "components")
	arrange(child(root, "info"), "title", "version")
	for _, tag := range child(root, "tags").Content {
		arrange(tag, "name")
	}
	eachOperation(root, func(op *yaml.Node) {
		arrange(op, "operationId", "tags", "summary", "description", "security", "parameters", "requestBody", "responses")
	})
	return root, nil
}

// unstyle takes the marks of JSON off the nodes, so that they are written as YAML.
func unstyle(n *yaml.Node) {
	n.Style = 0
	for _, c := range n.Content {
		unstyle(c)
	}
}

// arrange puts the members of a mapping that are named into that order, before others.
func arrange(n *yaml.Node, names ...string) {
	rank := func(pair []*yaml.Node) int {
		if i := slices.Index(names, pair[0].Value); i >= 0 {
			return i
		}
		return len(names)
	}
	pairs := slices.Collect(slices.Chunk(n.Content, 2))
	slices.SortStableFunc(pairs, func(a, b []*yaml.Node) int { return cmp.Compare(rank(a), rank(b)) })
	n.Content = slices.Concat(pairs...)
}

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
