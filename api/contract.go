package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// version is the contract's own, by semantic versioning: it changes when the
// contract does.
const version = "0.1.0"

// contract returns the part of the OpenAPI document that belongs to no operation.
func contract() huma.Config {
	config := huma.DefaultConfig("Rostrum", version)
	config.CreateHooks = nil // no $schema links in bodies
	config.DocsPath = ""     // the page at /docs is ours and needs no other host
	config.SchemasPath = ""
	config.Info.Description = "Publish a WebRTC stream into a room by WHIP (RFC 9725), and watch it by WHEP (draft-ietf-wish-whep)."
	config.Info.License = nil
	config.Servers = []*huma.Server{{URL: "/", Description: "This server"}}
	config.Tags = []*huma.Tag{
		{Name: "WHIP", Description: "Publishing into a room: one publisher at a time."},
		{Name: "WHEP", Description: "Watching a room: any number of subscribers."},
	}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"bearer": {Type: "http", Scheme: "bearer", Description: "A token that the operator gave out. It says who you are, and what you may do in which rooms."},
	}
	return config
}

// WriteOpenAPI returns the contract as YAML, byte for byte the same for the same
// code.
func WriteOpenAPI() ([]byte, error) {
	return register(nil, http.NewServeMux(), Options{}).OpenAPI().YAML()
}

var bearer = []map[string][]string{{"bearer": {}}}

// sdpContent is a body of application/sdp: plain text, with an example.
func sdpContent(example string) map[string]*huma.MediaType {
	return map[string]*huma.MediaType{mediaTypeSDP: {
		Schema:  &huma.Schema{Type: huma.TypeString, Description: "A session description (RFC 8866).", MinLength: ptr(1), MaxLength: ptr(maxOffer)},
		Example: example,
	}}
}

// header documents a response header of text.
func header(description, example string) *huma.Param {
	return &huma.Param{Description: description, Schema: &huma.Schema{Type: huma.TypeString, Examples: []any{example}}}
}

// refusals documents the answers to refused requests, each with an example of its
// problem. limited adds those of a rate limit.
func refusals(limited bool, codes ...string) map[string]*huma.Response {
	responses := map[string]*huma.Response{}
	for _, code := range codes {
		p := problemOf(code)
		status := statusText(p.Status)
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
		r.Content[mediaTypeProblem].Examples[code] = &huma.Example{Summary: p.Detail, Value: p}
	}
	if r := responses["401"]; r != nil {
		r.Headers = map[string]*huma.Param{"WWW-Authenticate": header("How to authenticate (RFC 6750 §3).", "Bearer")}
	}
	for _, status := range []string{"409", "429", "503"} {
		if r := responses[status]; r != nil {
			r.Headers = map[string]*huma.Param{"Retry-After": header("Seconds after which trying again can help.", "2")}
		}
	}
	if limited {
		for name, h := range rateLimitHeaders() {
			responses["429"].Headers[name] = h
		}
	}
	return responses
}

func ptr[T any](v T) *T { return &v }
