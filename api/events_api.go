package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"rostrum/domain"
)

// maxEventNames bounds the body that asks for events, in bytes.
const maxEventNames = 1 << 10

type eventsInput struct {
	Session string `path:"session"`
	RawBody []byte `contentType:"application/json"`
}

type streamInput struct {
	Session string `path:"session"`
	Stream  string `path:"stream"`
}

type streamOutput struct {
	Location string `header:"Location" hidden:"true"`
}

// registerEvents declares the server-sent events of subscribers (WHEP core
// extensions): a stream is asked for, read, and ended.
func (s *service) registerEvents(api huma.API, p protocol) {
	ask := s.sessionOperation(api, p, "request_invalid", "body_timeout", "body_too_large", "content_coding_unsupported")
	ask.OperationID, ask.Method, ask.Path = "openEventStream", http.MethodPost, p.sessions+"{session}/events"
	ask.Summary = "Ask for events of the room"
	ask.Description = "Takes a JSON array of the names of events (active, inactive, viewercount, reconnect) and makes a stream of them, to be read by server-sent events at its Location."
	ask.MaxBodyBytes, ask.BodyReadTimeout, ask.DefaultStatus = maxEventNames+1, bodyTimeout, http.StatusCreated
	ask.SkipValidateBody = true // huma would hold JSON against the schema of a raw body
	ask.Middlewares = append(ask.Middlewares, s.present(api, p.role), s.bounded(api, maxEventNames, errEventsType, mediaTypeJSON))
	for _, problem := range []*Problem{errEvents, errEventStreams, errEventsType} {
		document(ask.Responses, problem)
	}
	ask.Responses["201"] = &huma.Response{
		Description: "The stream can be read.",
		Headers:     map[string]*huma.Param{"Location": header("The stream's URL. Whoever knows it can read the stream, no token needed.", p.sessions+"5VJTE4J6W3KQCZ2LXSOMRH7YAG/events/HQ3DMV6BZT4PSJ7KXWNRL2YAFE")},
	}
	huma.Register(api, ask, func(ctx context.Context, in *eventsInput) (*streamOutput, error) {
		location, err := s.openEvents(p, domain.SessionID(in.Session), in.RawBody)
		if err != nil {
			return nil, s.refused(ctx, err)
		}
		return &streamOutput{Location: location}, nil
	})
	declared := api.OpenAPI().Paths[ask.Path].Post.RequestBody
	declared.Description, declared.Content = "The names of the events.", map[string]*huma.MediaType{mediaTypeJSON: {
		Schema:  &huma.Schema{Type: huma.TypeArray, MinItems: ptr(1), Items: &huma.Schema{Type: huma.TypeString, Enum: []any{"active", "inactive", "viewercount", "reconnect"}}},
		Example: eventNames,
	}}
	s.registerStream(api, p)
}

func (s *service) openEvents(p protocol, session domain.SessionID, body []byte) (string, error) {
	names, err := parseEventNames(body)
	if err != nil {
		return "", err
	}
	id := s.events.open(session, names, s.app.Alive)
	if id == "" {
		return "", errEventStreams
	}
	return p.sessions + string(session) + "/events/" + id, nil
}

// registerStream declares the reading and the ending of a stream. Neither takes a
// token: the URL cannot be guessed, and EventSource sends none.
func (s *service) registerStream(api huma.API, p protocol) {
	stream := huma.Operation{
		Security:    anybody,
		OperationID: "readEventStream", Method: http.MethodGet, Path: p.sessions + "{session}/events/{stream}",
		Summary:     "Read events of the room",
		Description: "Server-sent events, until the stream or its session ends. viewercount has the number in its data.",
		Tags:        []string{p.name},
		Parameters:  []*huma.Param{sessionParameter(p.sessions), streamParameter()},
		Middlewares: huma.Middlewares{s.limited(api, s.toSessions)},
		Responses:   refusals("session_unknown", "rate_limited", "internal"),

		SkipValidateParams: true,
	}
	end := stream
	stream.Responses["200"] = &huma.Response{
		Description: "The events, as they happen.",
		Content: map[string]*huma.MediaType{"text/event-stream": {
			Schema: &huma.Schema{Type: huma.TypeString}, Example: "event: viewercount\ndata: {\"viewercount\":3}\n\n",
		}},
	}
	huma.Register(api, stream, s.readEvents)

	end.OperationID, end.Method = "endEventStream", http.MethodDelete
	end.Summary, end.Description, end.DefaultStatus = "End a stream of events", "The session goes on.", http.StatusOK
	end.Responses = refusals("session_unknown", "rate_limited", "internal")
	end.Responses["200"] = &huma.Response{Description: "The stream has ended."}
	huma.Register(api, end, func(ctx context.Context, in *streamInput) (*struct{}, error) {
		if !s.events.end(domain.SessionID(in.Session), in.Stream) {
			return nil, s.refused(ctx, domain.ErrSessionUnknown)
		}
		return nil, nil //nolint:nilnil // an answer without content
	})
}

func (s *service) readEvents(ctx context.Context, in *streamInput) (*huma.StreamResponse, error) {
	session := domain.SessionID(in.Session)
	stream, ok := s.events.find(session, in.Stream)
	if !ok {
		return nil, s.refused(ctx, domain.ErrSessionUnknown)
	}
	updates, stop, err := s.app.Watch(session)
	if err != nil {
		return nil, s.refused(ctx, err)
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		defer stop()
		ctx.SetHeader("Content-Type", "text/event-stream")
		ctx.SetHeader("Cache-Control", "no-store")
		r, w := humago.Unwrap(ctx)
		serveEvents(w, r, stream, updates)
	}}, nil
}

func streamParameter() *huma.Param {
	return &huma.Param{
		Name: "stream", In: "path", Required: true, Description: "The stream's id, as its Location has it.",
		Schema: &huma.Schema{Type: huma.TypeString, MinLength: ptr(1), MaxLength: ptr(64)}, Example: "HQ3DMV6BZT4PSJ7KXWNRL2YAFE",
	}
}
