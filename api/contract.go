package api

import (
	"maps"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// version is the contract's own, by semantic versioning: it changes when the
// contract does.
const version = "1.0.0"

// contract returns the part of the OpenAPI document that belongs to no operation.
func contract() huma.Config {
	config := huma.DefaultConfig("Rostrum", version)
	config.CreateHooks = nil // no $schema links in bodies
	config.DocsPath = ""     // the page at /docs is ours and needs no other host
	config.SchemasPath = ""
	config.Info.Description = "Publish a WebRTC stream into a room by WHIP (RFC 9725), watch it by WHEP (draft-ietf-wish-whep), " +
		"and have it recorded. Rooms can be provisioned, with tokens of their own; who came and who did what is kept."
	config.Info.License = nil
	config.Servers = []*huma.Server{{URL: "/", Description: "This server"}}
	config.Tags = []*huma.Tag{
		{Name: "WHIP", Description: "Publishing into a room: one publisher at a time."},
		{Name: "WHEP", Description: "Watching a room: any number of subscribers."},
		{Name: tagRooms, Description: "Places to publish into and to watch. Those that are provisioned have settings and tokens of their own, and outlive who is in them."},
		{Name: tagSessions, Description: "Who came into which room, when, how it went and why it ended."},
		{Name: "Audit", Description: "Who did what, and who was not let in."},
		{Name: tagRecordings, Description: "What has been recorded: one publication of a room each, as media files. Who may watch a room may see its recordings."},
	}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"bearer": {Type: "http", Scheme: "bearer", Description: "A token that the operator gave out. It says who you are, and what you may do in which rooms."},
	}
	return config
}

// WriteOpenAPI returns the contract as YAML, byte for byte the same for the same
// code.
func WriteOpenAPI() ([]byte, error) {
	return register(nil, nil, http.NewServeMux(), Options{}).OpenAPI().YAML()
}

// Who may call: whoever has a token, or anybody.
var (
	bearer  = []map[string][]string{{"bearer": {}}}
	anybody = []map[string][]string{{}}
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

// refusals documents the answers to refused requests, each with an example of its
// problem.
func refusals(codes ...string) map[string]*huma.Response {
	responses := map[string]*huma.Response{}
	for _, code := range codes {
		document(responses, problemOf(code))
	}
	if r := responses["401"]; r != nil {
		r.Headers = map[string]*huma.Param{"WWW-Authenticate": header("How to authenticate (RFC 6750 §3).", "Bearer")}
	}
	for _, status := range []string{"409", "429", "503"} {
		if r := responses[status]; r != nil {
			r.Headers = map[string]*huma.Param{"Retry-After": header("Seconds after which trying again can help.", "2")}
		}
	}
	if r := responses["429"]; r != nil {
		maps.Copy(r.Headers, rateLimitHeaders())
	}
	return responses
}

// document adds an answer that refuses by the problem.
func document(responses map[string]*huma.Response, p *Problem) {
	status := strconv.Itoa(p.Status)
	r := responses[status]
	if r == nil {
		r = &huma.Response{
			Description: http.StatusText(p.Status),
			Content: map[string]*huma.MediaType{mediaTypeProblem: {
				Schema:   &huma.Schema{Ref: "#/components/schemas/Problem"},
				Examples: map[string]*huma.Example{},
			}},
		}
		responses[status] = r
	}
	r.Content[mediaTypeProblem].Examples[p.Code] = &huma.Example{Summary: p.Detail, Value: p}
	for name := range p.headers {
		if r.Headers == nil {
			r.Headers = map[string]*huma.Param{}
		}
		r.Headers[name] = header("What is taken here.", p.headers.Get(name))
	}
}

func ptr[T any](v T) *T { return &v }
