package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
)

const (
	mediaTypeJSON       = "application/json"
	mediaTypeMergePatch = "application/merge-patch+json" // RFC 7396

	maxJSON  = 32 << 10 // bytes; a room with all the labels that it may have fits
	maxDepth = 2        // of objects in a body
)

// errJSONType is errMediaType where JSON is wanted, and errPatchType where a patch is.
var (
	errJSONType  = jsonTypeProblem("Accept-Post", mediaTypeJSON)
	errPatchType = jsonTypeProblem("Accept-Patch", mediaTypeMergePatch+", "+mediaTypeJSON)
)

func jsonTypeProblem(accept, mediaTypes string) *Problem {
	p := newProblem(http.StatusUnsupportedMediaType, errMediaType.Code, "The body must be JSON. Send it with \"Content-Type: "+mediaTypeJSON+"\".")
	p.headers = http.Header{accept: {mediaTypes}}
	return p
}

// jsonBody has an operation take a body of JSON: what comes last of its middlewares.
func (s *service) jsonBody(api huma.API, op *huma.Operation, wrong *Problem, mediaTypes ...string) {
	op.MaxBodyBytes, op.BodyReadTimeout = maxJSON+1, bodyTimeout // huma refuses what reaches the bound
	op.SkipValidateBody = true                                   // parseJSON says more exactly what is wrong, in our words
	op.Middlewares = append(op.Middlewares, s.bounded(api, maxJSON, wrong, mediaTypes...))
	for _, code := range []string{"request_invalid", "body_timeout", "body_too_large", "content_coding_unsupported"} {
		document(op.Responses, problemOf(code))
	}
	document(op.Responses, wrong)
}

// documentJSON documents a body that is read as a T.
func documentJSON[T any](api huma.API, declared *huma.Operation, description string, example any, mediaTypes ...string) {
	schema := api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[T](), true, "")
	content := map[string]*huma.MediaType{}
	for _, mediaType := range mediaTypes {
		content[mediaType] = &huma.MediaType{Schema: schema, Example: example}
	}
	declared.RequestBody.Description, declared.RequestBody.Content = description, content
}

// parseJSON reads a body that must be one JSON object, with members of T alone, spelt as
// they are there and each given once. It refuses with errRequest, which names the member
// that is wrong and repeats nothing else of what was sent.
func parseJSON[T any](body []byte) (v T, err error) {
	if !utf8.Valid(body) || !json.Valid(body) {
		return v, errRequest.because("The body is not valid JSON in UTF-8.")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	if first, _ := d.Token(); first != json.Delim('{') {
		return v, errRequest.because("The body must be one JSON object, {...}.")
	}
	members := membersOf(reflect.TypeFor[T]())
	if err := checkMembers(d, 1, namesOf(members)); err != nil {
		return v, err
	}
	if err := json.Unmarshal(body, &v); err != nil {
		var zero T
		return zero, wrongType(err, members)
	}
	return v, nil
}

// checkMembers reads the rest of an object of valid JSON, whose brace has been read. It
// refuses a member that is given twice, as programs differ in which of both they take,
// one that is not known, where known is not nil, and values that no member can have.
func checkMembers(d *json.Decoder, depth int, known []string) error {
	seen := map[string]bool{}
	for d.More() {
		token, err := d.Token()
		name, _ := token.(string)
		switch {
		case err != nil: // which cannot be
			return errRequest
		case seen[name]:
			return errRequest.because("The body has the member " + shown(name) + " twice.")
		case known != nil && !slices.Contains(known, name):
			return errRequest.because("The body has a member " + shown(name) + ", which is unknown here. There are " + strings.Join(known, ", ") + ".")
		}
		seen[name] = true
		switch value, _ := d.Token(); value {
		case json.Delim('['):
			return errRequest.because("The member " + shown(name) + " must not be an array.")
		case json.Delim('{'):
			if depth == maxDepth {
				return errRequest.because("The member " + shown(name) + " must not be an object.")
			}
			if err := checkMembers(d, depth+1, nil); err != nil {
				return err
			}
		}
	}
	if _, err := d.Token(); err != nil && !errors.Is(err, io.EOF) {
		return errRequest
	}
	return nil
}

// member is a member of the JSON of a struct.
type member struct {
	name string
	kind reflect.Kind // of its value
}

func membersOf(t reflect.Type) (all []member) {
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" {
			continue
		}
		of := f.Type
		if value, ok := wantedValue(of); ok {
			of = value
		}
		if of.Kind() == reflect.Pointer {
			of = of.Elem()
		}
		all = append(all, member{name, of.Kind()})
	}
	return all
}

func namesOf(all []member) (names []string) {
	for _, m := range all {
		names = append(names, m.name)
	}
	return names
}

// wrongType says which member has a value of another type than it must have.
func wrongType(err error, members []member) error {
	wrong := (*json.UnmarshalTypeError)(nil)
	if !errors.As(err, &wrong) {
		return errRequest
	}
	path := strings.Split(wrong.Field, ".") // with the structs in it that the member's is made of
	for _, m := range members {
		if slices.Contains(path, m.name) {
			return errRequest.because("The member " + m.name + " must be " + m.must() + ".")
		}
	}
	return errRequest
}

func (m member) must() string {
	switch m.kind {
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "true or false"
	case reflect.Int32:
		return fmt.Sprintf("a whole number, at most %d", math.MaxInt32)
	case reflect.Map:
		return "an object of texts"
	default:
		return "a number"
	}
}

// shown returns a name that was sent as it can be told: quoted, and no longer than needed.
func shown(name string) string {
	const most = 64
	if len(name) > most {
		name = strings.ToValidUTF8(name[:most], "") + "..."
	}
	return `"` + strings.Map(func(r rune) rune {
		if unicode.IsGraphic(r) {
			return r
		}
		return '?'
	}, name) + `"`
}
