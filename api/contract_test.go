package api

import (
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"rostrum/api/openapi"
)

func TestOperationsAreNamed(t *testing.T) {
	document := described()
	camel, seen := regexp.MustCompile(`^[a-z][a-z0-9]*([A-Z][a-z0-9]*)*$`), map[string]bool{}
	described, used := map[string]bool{}, map[string]bool{}
	for _, tag := range document.Tags {
		described[tag.Name] = tag.Description != ""
	}
	for op := range operationsOf(document) {
		if id := op.OperationID; !camel.MatchString(id) || seen[id] {
			t.Errorf("%s %s has the id %q", op.Method, op.Path, id)
		}
		seen[op.OperationID] = true
		if op.Summary == "" || op.Description == "" || strings.HasSuffix(op.Summary, ".") || !strings.HasSuffix(op.Description, ".") {
			t.Errorf("%s: summary %q, description %q", op.OperationID, op.Summary, op.Description)
		}
		if len(op.Tags) != 1 || !described[op.Tags[0]] {
			t.Errorf("%s has the tags %v", op.OperationID, op.Tags)
		}
		used[op.Tags[0]] = true
		for status, r := range op.Responses {
			if r.Description == "" {
				t.Errorf("%s %s has no description", op.OperationID, status)
			}
		}
	}
	if !maps.Equal(described, used) {
		t.Errorf("tags that are described: %v, and used: %v", described, used)
	}
}

// TestStableNames holds the names that clients are written against.
func TestStableNames(t *testing.T) {
	document, paths := described(), map[string]string{}
	for op := range operationsOf(document) {
		paths[op.OperationID] = op.Method + " " + op.Path
	}
	for id, path := range map[string]string{
		"publishStream": "POST /api/whip/publish/{room}", "trickleIce": "PATCH /api/whip/sessions/{session}", "endSession": "DELETE /api/whip/sessions/{session}",
		"playStream": "POST /api/whep/play/{room}", "trickleIcePlaySession": "PATCH /api/whep/sessions/{session}", "endPlaySession": "DELETE /api/whep/sessions/{session}",
		"listRooms": "GET /api/rooms", "getSession": "GET /api/sessions/{session}", "listSessions": "GET /api/sessions", "listRoomSessions": "GET /api/rooms/{room}/sessions",
		"listRecordings": "GET /api/recordings", "getRecordingMedia": "GET /api/recordings/{recording}/media",
		"getHealth": "GET /healthz", "getReadiness": "GET /readyz", "getMetrics": "GET /metrics",
	} {
		if paths[id] != path {
			t.Errorf("%s is %q, want %q", id, paths[id], path)
		}
	}
}

// TestEverythingHasAnExample holds parameters, bodies and headers; that the examples fit
// is seen by a validator in tools/openapi.
func TestEverythingHasAnExample(t *testing.T) {
	for op := range operationsOf(described()) {
		for _, p := range op.Parameters {
			if p.Description == "" || p.Example == nil && len(p.Schema.Examples) == 0 {
				t.Errorf("%s: the parameter %s has no description or no example", op.OperationID, p.Name)
			}
		}
		if op.RequestBody != nil {
			wantExamples(t, op.OperationID+" request", op.RequestBody.Content)
		}
		for status, r := range op.Responses {
			if op.Method != http.MethodHead {
				wantExamples(t, op.OperationID+" "+status, r.Content)
			}
			for name, h := range r.Headers {
				if h.Ref == "" && (h.Description == "" || len(h.Schema.Examples) == 0) {
					t.Errorf("%s %s: the header %s has no description or no example", op.OperationID, status, name)
				}
			}
		}
	}
}

func wantExamples(t *testing.T, where string, content map[string]*huma.MediaType) {
	t.Helper()
	for name, body := range content {
		if binary := body.Schema != nil && body.Schema.Format == "binary"; !binary && body.Example == nil && len(body.Examples) == 0 {
			t.Errorf("%s: %s has no example", where, name)
		}
	}
}

// ofNoOperation are the codes that no operation documents.
var ofNoOperation = map[string]string{
	"not_found":          "is answered where there is no operation",
	"method_not_allowed": "is answered where the path has another operation",
}

func TestEveryCodeIsDocumented(t *testing.T) {
	document, seen := described(), map[string]bool{}
	for op := range operationsOf(document) {
		refuses := false
		for status, r := range op.Responses {
			body := r.Content[mediaTypeProblem]
			if body == nil {
				continue
			}
			refuses = refuses || status[0] == '4'
			for code := range body.Examples {
				seen[code] = true
				if p := problemOf(code); status != strconv.Itoa(p.Status) {
					t.Errorf("%s: %s is documented as a %s", op.OperationID, code, status)
				}
			}
		}
		if !refuses && !slices.Contains(op.Tags, tagOperations) {
			t.Errorf("%s refuses nothing", op.OperationID)
		}
	}
	for _, p := range problems() {
		if why := ofNoOperation[p.Code]; seen[p.Code] == (why != "") {
			t.Errorf("%s is documented: %t; it %s", p.Code, seen[p.Code], why)
		}
		if !strings.Contains(document.Info.Description, "`"+p.Code+"` (") {
			t.Errorf("the introduction does not list %s", p.Code)
		}
		if !slices.Contains(document.Components.Schemas.Map()["Problem"].Properties["code"].Extensions[extensibleEnum].([]any), any(p.Code)) {
			t.Errorf("the schema of a problem does not list %s", p.Code)
		}
	}
}

// TestAnswersAreOpen holds that clients may be told more than is documented, and that
// requests may not.
func TestAnswersAreOpen(t *testing.T) {
	requests := []string{"RoomChange", "RoomOrder", "RoomTokenOrder", "RoomTokenRotation"}
	for name, s := range described().Components.Schemas.Map() {
		if closed := s.AdditionalProperties == false; closed != slices.Contains(requests, name) {
			t.Errorf("%s is closed: %t", name, closed)
		}
	}
}

// TestEveryOperationIsRouted asks for each with the examples of its parameters.
func TestEveryOperationIsRouted(t *testing.T) {
	e := newEdge(t)
	for op := range operationsOf(described()) {
		path := op.Path
		for _, p := range op.Parameters {
			if p.In != "path" {
				continue
			}
			example := p.Example
			if example == nil {
				example = p.Schema.Examples[0]
			}
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(example.(string)))
		}
		w := e.do(op.Method, path, "")
		if body := w.Body.String(); w.Code == http.StatusMethodNotAllowed || strings.Contains(body, errNotFound.Code) || w.Header().Get("Location") != "" {
			t.Errorf("%s: %s %s: %d %s", op.OperationID, op.Method, path, w.Code, body)
		}
	}
}

// TestBothVersionsSayTheSame compares all that is no schema.
func TestBothVersionsSayTheSame(t *testing.T) {
	var documents [2]map[string]any
	for i, version := range []string{openapi.V31, openapi.V30} {
		text, err := WriteOpenAPI(version)
		if err != nil {
			t.Fatal(err)
		}
		if err := yaml.Unmarshal(text, &documents[i]); err != nil {
			t.Fatal(err)
		}
		if got := documents[i]["openapi"]; got != map[string]string{openapi.V31: "3.1.0", openapi.V30: "3.0.3"}[version] {
			t.Errorf("%s is %v", version, got)
		}
	}
	for _, part := range []string{"info", "servers", "tags", "paths"} {
		want, got := bare(documents[0][part]), bare(documents[1][part])
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", part, d)
		}
	}
	for name := range documents[0]["components"].(map[string]any)["schemas"].(map[string]any) {
		if documents[1]["components"].(map[string]any)["schemas"].(map[string]any)[name] == nil {
			t.Errorf("3.0 has no schema %s", name)
		}
	}
}

// bare returns what of a document is no schema.
func bare(value any) any {
	switch value := value.(type) {
	case map[string]any:
		kept := map[string]any{}
		for name, v := range value {
			if name != "schema" {
				kept[name] = bare(v)
			}
		}
		return kept
	case []any:
		var kept []any
		for _, v := range value {
			kept = append(kept, bare(v))
		}
		return kept
	default:
		return value
	}
}
