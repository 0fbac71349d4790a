package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/danielgtaylor/huma/v2"
)

// agreement is the contract, and which of its operations the tests have seen succeed. It
// belongs to the whole run: every edge holds each of its answers against it.
var agreement = sync.OnceValue(func() *contracted { return &contracted{document: described(), seen: map[string]bool{}} })

type contracted struct {
	document *huma.OpenAPI

	mu   sync.Mutex
	seen map[string]bool // by the ids of operations
}

// TestMain fails a run of all tests in which an operation was never seen to succeed.
func TestMain(m *testing.M) {
	code := m.Run()
	if code == 0 && everything() {
		for op := range operationsOf(agreement().document) {
			if !agreement().seen[op.OperationID] {
				fmt.Fprintf(os.Stderr, "no test has seen %s succeed: its answers are held against the contract by none\n", op.OperationID)
				code = 1
			}
		}
	}
	os.Exit(code)
}

// everything reports whether no flag leaves tests out.
func everything() bool {
	return !slices.ContainsFunc([]string{"run", "skip", "list", "fuzz", "bench"}, func(name string) bool {
		return flag.Lookup("test."+name).Value.String() != ""
	})
}

// conforming answers as the handler does, and fails the test by an answer that is not the
// contract's.
func conforming(t *testing.T, handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		op := agreement().find(r.Method, r.URL.Path)
		if op == nil {
			handler.ServeHTTP(w, r)
			return
		}
		a := &answer{ResponseWriter: w, status: http.StatusOK}
		handler.ServeHTTP(a, r)
		if err := agreement().hold(op, r.Method, a); err != nil {
			t.Errorf("%s, %s %s: %v\n%d %s", op.OperationID, r.Method, r.URL.Path, err, a.status, a.body.Bytes())
		}
	})
}

// find returns the operation of a path, nil where the contract has none. A HEAD that it
// does not have is answered as GET.
func (c *contracted) find(method, path string) (found *huma.Operation) {
	if !clean(path) {
		return nil
	}
	for op := range operationsOf(c.document) {
		if fits(op.Path, path) && (op.Method == method || op.Method == http.MethodGet && method == http.MethodHead && found == nil) {
			found = op
		}
	}
	return found
}

// fits reports whether a path is of a template.
func fits(template, path string) bool {
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	return len(want) == len(got) && !slices.ContainsFunc(slices.Collect(zip(want, got)), func(pair [2]string) bool {
		return pair[0] != pair[1] && !strings.HasPrefix(pair[0], "{") || pair[1] == "" && pair[0] != ""
	})
}

func zip(a, b []string) func(yield func([2]string) bool) {
	return func(yield func([2]string) bool) {
		for i := range a {
			if !yield([2]string{a[i], b[i]}) {
				return
			}
		}
	}
}

// hold returns what of an answer is not the contract's.
func (c *contracted) hold(op *huma.Operation, method string, a *answer) error {
	documented := op.Responses[strconv.Itoa(a.status)]
	if documented == nil {
		return fmt.Errorf("the contract has no %d", a.status)
	}
	if err := holdHeaders(documented, a); err != nil {
		return err
	}
	if a.status < http.StatusBadRequest {
		c.mu.Lock()
		c.seen[op.OperationID] = true
		c.mu.Unlock()
	}
	if a.body.Len() == 0 {
		if (documented.Content[mediaTypeJSON] != nil || documented.Content[mediaTypeProblem] != nil) && method != http.MethodHead {
			return errors.New("there is no body")
		}
		return nil
	}
	return c.holdBody(documented, a)
}

// told are the headers that are documented wherever they are answered.
var told = []string{
	"Accept-Encoding", "Accept-Patch", "Accept-Post", "Accept-Ranges", "Allow", "Content-Disposition", "Content-Range", "Etag", "Link", "Location",
	"Ratelimit-Limit", "Ratelimit-Remaining", "Ratelimit-Reset", "Retry-After", "Www-Authenticate",
}

func holdHeaders(documented *huma.Response, a *answer) error {
	names := map[string]bool{}
	if a.status >= http.StatusBadRequest { // the introduction has it for all of these
		names = map[string]bool{"Ratelimit-Limit": true, "Ratelimit-Remaining": true, "Ratelimit-Reset": true}
	}
	for name := range documented.Headers {
		names[http.CanonicalHeaderKey(name)] = true
	}
	for _, name := range slices.Sorted(maps.Keys(a.Header())) {
		if slices.Contains(told, name) && !names[name] {
			return fmt.Errorf("the contract has no header %s here", name)
		}
	}
	return nil
}

func (c *contracted) holdBody(documented *huma.Response, a *answer) error {
	mediaType, _, err := mime.ParseMediaType(a.Header().Get("Content-Type"))
	content := documented.Content[mediaType]
	if err != nil || content == nil {
		return fmt.Errorf("the contract has no body of %q here", a.Header().Get("Content-Type"))
	}
	switch mediaType {
	case mediaTypeJSON, mediaTypeProblem:
		if err := c.holdJSON(content.Schema, a.body.Bytes()); err != nil {
			return err
		}
	case mediaTypeJSONLines:
		for line := range bytes.Lines(a.body.Bytes()) {
			if err := c.holdJSON(content.Schema, line); err != nil && a.whole() {
				return err
			}
		}
	}
	if mediaType != mediaTypeProblem {
		return nil
	}
	var p Problem
	if err := json.Unmarshal(a.body.Bytes(), &p); err != nil || content.Examples[p.Code] == nil || p.Status != a.status {
		return fmt.Errorf("the contract has no %d %s here", p.Status, p.Code)
	}
	return nil
}

// holdJSON returns what of a text is not as the schema says, or is said nowhere in it.
func (c *contracted) holdJSON(schema *huma.Schema, text []byte) error {
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		return err
	}
	schemas, result := c.document.Components.Schemas, huma.ValidateResult{}
	huma.Validate(schemas, schema, huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, value, &result)
	if len(result.Errors) > 0 {
		return fmt.Errorf("not as the schema says: %v", result.Errors)
	}
	return undocumented(schemas, schema, value)
}

// undocumented returns an error where a value has a member that its schema does not have.
func undocumented(schemas huma.Registry, s *huma.Schema, value any) error {
	if s.Ref != "" {
		s = schemas.SchemaFromRef(s.Ref)
	}
	switch value := value.(type) {
	case []any:
		for _, v := range value {
			if err := undocumented(schemas, s.Items, v); err != nil {
				return err
			}
		}
	case map[string]any:
		for name, v := range value {
			member, ok := s.Properties[name]
			if !ok && s.Properties != nil {
				return fmt.Errorf("the schema has no member %s", name)
			}
			if ok {
				if err := undocumented(schemas, member, v); err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
			}
		}
	}
	return nil
}

// answer remembers what is answered, as much of it as one is held by.
type answer struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
	sent   int
}

const rememberedOfAnswer = 1 << 20

func (a *answer) whole() bool { return a.sent == a.body.Len() }

func (a *answer) WriteHeader(status int) {
	if status >= 200 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(b []byte) (int, error) {
	a.body.Write(b[:min(len(b), rememberedOfAnswer-a.body.Len())])
	a.sent += len(b)
	return a.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach what this one does not have.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
