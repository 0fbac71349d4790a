package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"rostrum/domain"
)

const (
	roomsPath = "/api/rooms"
	roomPath  = roomsPath + "/{room}"
	tagRooms  = "Rooms"
)

// roomOperation is what the operations on a room have in common, for who may do the
// action there.
func (s *service) roomOperation(api huma.API, method, path string, action domain.Action, codes ...string) huma.Operation {
	return huma.Operation{
		Method: method, Path: path, Tags: []string{tagRooms}, Security: bearer,
		DefaultStatus: http.StatusOK,
		Parameters:    []*huma.Param{roomParameter()},
		Middlewares:   huma.Middlewares{s.limited(api, s.toSessions), s.authorized(api, action)},
		Responses: refusals(append([]string{
			"room_name_invalid", "token_missing", "token_invalid", "forbidden", "rate_limited", "unavailable", "internal",
		}, codes...)...),

		SkipValidateParams: true,
	}
}

// registerAct declares an operation that answers without content.
func registerAct[In any](s *service, api huma.API, op huma.Operation, done string, act func(ctx context.Context, in *In) error) {
	op.DefaultStatus = http.StatusNoContent
	op.Responses["204"] = &huma.Response{Description: done}
	huma.Register(api, op, func(ctx context.Context, in *In) (*struct{}, error) {
		if err := act(ctx, in); err != nil {
			return nil, s.refused(ctx, err)
		}
		return nil, nil //nolint:nilnil // an answer without content
	})
}

// registerAnswer declares an operation that answers with an Out.
func registerAnswer[In, Out any](s *service, api huma.API, op huma.Operation, answer func(ctx context.Context, in *In) (*Out, error)) {
	huma.Register(api, op, func(ctx context.Context, in *In) (*Out, error) {
		out, err := answer(ctx, in)
		if err != nil {
			return nil, s.refused(ctx, err)
		}
		return out, nil
	})
}

// versionParameter documents the condition of a change.
func versionParameter(required bool) *huma.Param {
	return &huma.Param{
		Name: "If-Match", In: "header", Required: required,
		Description: "The ETag of the version of the room that this is meant for, a list of such, or * for whichever it is (RFC 9110 §13.1.1). Weak tags fit nothing.",
		Schema:      &huma.Schema{Type: huma.TypeString, Examples: []any{`"3-k2v9x0a1bc"`}},
	}
}

// queryParameter documents a parameter of a list.
func queryParameter(name, description string, schema *huma.Schema) *huma.Param {
	if schema.Type == "" {
		schema.Type = huma.TypeString
	}
	return &huma.Param{Name: name, In: "query", Description: description, Schema: schema}
}

// limitParameter and cursorParameter document the paging of lists.
func limitParameter(of string) *huma.Param {
	return queryParameter("limit", "How many "+of+" are told of at once.",
		&huma.Schema{Type: huma.TypeInteger, Minimum: ptr(1.0), Maximum: ptr(float64(maxListed)), Default: defaultListed, Examples: []any{defaultListed}})
}

func cursorParameter(example string) *huma.Param {
	return queryParameter("cursor", "The next_cursor of the page before.", &huma.Schema{MaxLength: ptr(128), Examples: []any{example}})
}
