package api

import (
	"maps"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

// extensibleEnum marks the values that a text has today and that others may join:
// clients must take a value that they do not know.
const extensibleEnum = "x-extensible-enum"

// TransformSchema lists the codes. They are no enum: a client that refused an answer for
// a new one would take a refusal for a broken server.
func (*Problem) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	s.Properties["code"].Extensions = map[string]any{extensibleEnum: codes()}
	return s
}

// extensible makes an enum of a schema's property one that may gain values.
func extensible(s *huma.Schema, property string) *huma.Schema {
	p := s.Properties[property]
	p.Extensions, p.Enum = map[string]any{extensibleEnum: p.Enum}, nil
	return s
}

// TransformSchema lists the reasons for which sessions end, which others may join.
func (SessionRecord) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return extensible(s, "reason")
}

// TransformSchema lists the reasons for which media is missing, which others may join.
func (RecordingGap) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return extensible(s, "reason")
}

// TransformSchema lists the codes, which are those of problems.
func (RecordingRefusal) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	s.Properties["code"].Extensions = map[string]any{extensibleEnum: codes()}
	return s
}

// codeExamples is an example of each problem, which operations refer to.
func codeExamples() map[string]*huma.Example {
	examples := map[string]*huma.Example{}
	for _, p := range problems() {
		examples[p.Code] = &huma.Example{Summary: p.Detail, Value: p}
	}
	return examples
}

// refusals documents the answers to refused requests, each with an example of its
// problem.
func refusals(codes ...string) map[string]*huma.Response {
	responses := map[string]*huma.Response{}
	for _, code := range codes {
		document(responses, problemOf(code))
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
			Headers: refusalHeaders(p.Status),
		}
		responses[status] = r
	}
	r.Content[mediaTypeProblem].Examples[p.Code] = exampleOfProblem(p)
	for name := range p.headers {
		r.Headers[name] = header("What is taken here.", p.headers.Get(name))
	}
}

// exampleOfProblem refers to the example of the code, unless this problem has words of
// its own.
func exampleOfProblem(p *Problem) *huma.Example {
	if p.Detail == problemOf(p.Code).Detail {
		return &huma.Example{Ref: "#/components/examples/" + p.Code}
	}
	return &huma.Example{Summary: p.Detail, Value: p}
}

// refusalHeaders documents the headers of every refusal with that status.
func refusalHeaders(status int) map[string]*huma.Param {
	headers := map[string]*huma.Param{}
	switch status {
	case http.StatusUnauthorized:
		headers["WWW-Authenticate"] = sharedHeader("WWW-Authenticate")
	case http.StatusConflict, http.StatusTooManyRequests, http.StatusServiceUnavailable:
		headers["Retry-After"] = sharedHeader("Retry-After")
	}
	return headers
}

// sharedHeaders documents the headers that many answers have.
func sharedHeaders() map[string]*huma.Param {
	number := func(description string, example int) *huma.Param {
		return &huma.Param{Description: description, Schema: &huma.Schema{Type: huma.TypeInteger, Minimum: ptr(0.0), Examples: []any{example}}}
	}
	return map[string]*huma.Param{
		"RateLimit-Limit":     number("Requests that an address may make in each interval; missing where there is no limit.", 10),
		"RateLimit-Remaining": number("Requests that are left of them.", 9),
		"RateLimit-Reset":     number("Seconds until the interval is over.", 60),
		"Retry-After":         number("Seconds after which trying again can help; missing where it cannot.", 2),
		"WWW-Authenticate":    header("How to authenticate (RFC 6750 §3).", "Bearer"),
	}
}

func sharedHeader(name string) *huma.Param { return &huma.Param{Ref: "#/components/headers/" + name} }

func rateLimitHeaders() map[string]*huma.Param {
	headers := map[string]*huma.Param{}
	for _, name := range []string{"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"} {
		headers[name] = sharedHeader(name)
	}
	return headers
}

// tellLimits documents the rate limit of an operation that has one: in what it answers
// when all is well, and where it is the limit that refuses. Other refusals tell it too, as
// the introduction says.
func tellLimits(op *huma.Operation) {
	if op.Responses["429"] == nil {
		return
	}
	for status, r := range op.Responses {
		if status < "400" || status == "429" {
			if r.Headers == nil {
				r.Headers = map[string]*huma.Param{}
			}
			maps.Copy(r.Headers, rateLimitHeaders())
		}
	}
}
