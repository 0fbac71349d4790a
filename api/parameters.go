package api

import (
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// roomParameter documents the room in a path.
func roomParameter() *huma.Param {
	return &huma.Param{
		Name: "room", In: "path", Required: true,
		Description: "The room's name: 1 to 64 of A-Z a-z 0-9 _ -, and names differ by case.",
		Schema: &huma.Schema{
			Type: huma.TypeString, MinLength: ptr(1), MaxLength: ptr(64), Pattern: "^[A-Za-z0-9_-]{1,64}$", Examples: []any{"demo"},
		},
	}
}

const exampleSession = "5VJTE4J6W3KQCZ2LXSOMRH7YAG"

// sessionParameter documents the session in a path that begins so.
func sessionParameter(sessions string) *huma.Param {
	return &huma.Param{
		Name: "session", In: "path", Required: true,
		Description: "The session's id, as the Location of its 201 has it: what stands behind " + sessions + ".",
		Schema:      &huma.Schema{Type: huma.TypeString, MinLength: ptr(1), MaxLength: ptr(64), Examples: []any{exampleSession}},
	}
}

// ifMatchParameter documents the condition of a PATCH.
func ifMatchParameter() *huma.Param {
	return &huma.Param{
		Name: "If-Match", In: "header", Required: true,
		Description: "The ETag of the ICE session that the fragment is for, a list of such, or * for whichever it is (RFC 9110 §13.1.1). Weak tags fit nothing.",
		Schema:      &huma.Schema{Type: huma.TypeString, Examples: []any{`"J6W3KQ"`}},
	}
}

// header documents a response header of text.
func header(description, example string) *huma.Param {
	return &huma.Param{Description: description, Schema: &huma.Schema{Type: huma.TypeString, Examples: []any{example}}}
}

func linkHeader() *huma.Param {
	return header("A STUN or TURN server that the operator names, a line for each URL (RFC 9725 §4.6).",
		`<turn:turn.example.net?transport=udp>; rel="ice-server"; username="user"; credential="myPassword"; credential-type="password"`)
}

// answerHeaders documents the headers of a 201.
func answerHeaders(sessions string) map[string]*huma.Param {
	headers := rateLimitHeaders()
	headers["Location"] = header("The session's URL: PATCH it to trickle ICE candidates, DELETE it to end the session.", sessions+exampleSession)
	headers["ETag"] = header("The tag of the ICE session, for the If-Match of a PATCH.", `"J6W3KQ"`)
	headers["Accept-Patch"] = header("What to PATCH the session's URL with.", mediaTypeFragment)
	headers["Link"] = linkHeader()
	return headers
}

// optionsOperation is what the OPTIONS of endpoints and of sessions have in common.
func optionsOperation(of, path, tag, more string) huma.Operation {
	op := huma.Operation{
		OperationID: "options" + of,
		Method:      http.MethodOptions,
		Path:        path,
		Security:    anybody,
		Summary:     "Ask what may be done here",
		Description: "Needs no token, and neither does a CORS preflight. " + more,
		Tags:        []string{tag},
		Responses:   refusals("path_invalid"),

		SkipValidateParams: true,
	}
	op.Responses["204"] = &huma.Response{
		Description: "What may be done.",
		Headers: map[string]*huma.Param{
			"Allow":                        header("The methods of this path.", "GET, HEAD, OPTIONS"),
			"Access-Control-Allow-Methods": header("The methods of all paths together.", strings.Join(corsMethods, ", ")),
		},
	}
	return op
}

func ptr[T any](v T) *T { return &v }
