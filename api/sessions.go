package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"rostrum/domain"
	"rostrum/ports"
)

// sessionInput names a session.
type sessionInput struct {
	Session string `path:"session"`
}

// fragmentInput is a trickle ICE SDP fragment for a session.
type fragmentInput struct {
	Session string `path:"session"`
	RawBody []byte `contentType:"application/trickle-ice-sdpfrag"`
}

// fragmentOutput is what a fragment came to: nothing to say, or the server's side
// of a new ICE session.
type fragmentOutput struct {
	Status        int
	ContentType   string `header:"Content-Type" hidden:"true"`
	ContentLength string `header:"Content-Length" hidden:"true"` // "" where there is no body
	ETag          string `header:"ETag" hidden:"true"`
	Body          []byte
}

// registerSessions declares what there is at the URL of a session: end is its
// DELETE, with its words; trickle is the id of its PATCH.
func (s *service) registerSessions(api huma.API, p protocol, trickle string, end huma.Operation) {
	s.registerPatch(api, p, trickle)
	s.registerEnd(api, p, end)
	s.registerSessionProbe(api, p)
	registerSessionOptions(api, p)
}

// sessionOperation is what the operations on a session have in common. Any text is
// a session's id that may not be there.
func (s *service) sessionOperation(api huma.API, p protocol, codes ...string) huma.Operation {
	return huma.Operation{
		Path:        p.sessions + "{session}",
		Tags:        []string{p.name},
		Security:    p.security,
		Parameters:  []*huma.Param{sessionParameter(p.sessions)},
		Middlewares: huma.Middlewares{s.limited(api, s.toSessions), s.identified(api)},
		Responses: refusals(append([]string{
			"token_missing", "token_invalid", "forbidden", "session_unknown", "rate_limited", "internal",
		}, codes...)...),
		SkipValidateParams: true,
	}
}

// registerPatch declares trickle ICE and ICE restarts (RFC 9725 §4.3). Everything
// but the tag is looked at before the body is asked for.
func (s *service) registerPatch(api huma.API, p protocol, id string) {
	op := s.sessionOperation(api, p, "fragment_invalid", "request_invalid", "body_timeout", "if_match_failed", "body_too_large",
		"content_coding_unsupported", "if_match_missing", "shutting_down", "unavailable")
	op.OperationID, op.Method = id, http.MethodPatch
	op.Summary = "Trickle ICE candidates, or restart ICE"
	op.Description = "Takes a trickle ICE SDP fragment (RFC 8840). With the ICE credentials that the client has it adds candidates; " +
		"with new ones it restarts ICE (RFC 9725 §4.3), while everything else goes on. Nothing else can be negotiated anew. " +
		"If-Match says which ICE session the fragment is for: when that is over, nothing is changed."
	op.Parameters = append(op.Parameters, ifMatchParameter())
	op.MaxBodyBytes = maxFragment + 1
	op.BodyReadTimeout = bodyTimeout
	op.Middlewares = append(op.Middlewares, s.present(api, p.role),
		s.bounded(api, maxFragment, errFragmentType, mediaTypeFragment), s.conditional(api, domain.ErrTagMissing))
	document(op.Responses, errFragmentType)
	op.DefaultStatus = http.StatusNoContent
	op.Responses["204"] = &huma.Response{Description: "The candidates have been taken."}
	op.Responses["200"] = &huma.Response{
		Description: "ICE has been restarted. The body has the server's new credentials and all its candidates.",
		Content:     fragmentContent(exampleRestart),
		Headers:     map[string]*huma.Param{"ETag": header("The tag of the new ICE session.", `"K3F7Q2"`)},
	}
	huma.Register(api, op, s.patchSession(p))
	declared := api.OpenAPI().Paths[op.Path].Patch
	declared.RequestBody.Description, declared.RequestBody.Content = "The fragment.", fragmentContent(exampleFragment)
	declared.Responses["204"].Content = nil // huma gives it the body of the other
}

func (s *service) patchSession(p protocol) func(context.Context, *fragmentInput) (*fragmentOutput, error) {
	return func(ctx context.Context, in *fragmentInput) (*fragmentOutput, error) {
		if quoted(in.RawBody) {
			return nil, s.refused(ctx, errFragmentQuoted)
		}
		update, err := s.app.Patch(ctx, grantOf(ctx), p.role, domain.SessionID(in.Session),
			ports.ICEPatch{Match: conditionOf(ctx).fits, Fragment: string(in.RawBody)})
		if err != nil {
			return nil, s.refused(ctx, err)
		}
		if update.Fragment == "" {
			return &fragmentOutput{Status: http.StatusNoContent}, nil
		}
		return &fragmentOutput{
			Status:        http.StatusOK,
			ContentType:   mediaTypeFragment,
			ContentLength: strconv.Itoa(len(update.Fragment)),
			ETag:          entityTag(update.Tag),
			Body:          []byte(update.Fragment),
		}, nil
	}
}

// registerEnd declares the DELETE of a session. It answers 200, since OBS and
// others take 204 for a failure, and looks at no If-Match (RFC 9725 §4.3.1).
func (s *service) registerEnd(api huma.API, p protocol, words huma.Operation) {
	op := s.sessionOperation(api, p)
	op.OperationID, op.Summary, op.Description = words.OperationID, words.Summary, words.Description
	op.Method, op.DefaultStatus = http.MethodDelete, http.StatusOK
	op.Responses["200"] = &huma.Response{Description: "The session has ended."}
	huma.Register(api, op, func(ctx context.Context, in *sessionInput) (*struct{}, error) {
		if err := s.app.End(callerOf(ctx), p.role, domain.SessionID(in.Session)); err != nil {
			return nil, s.refused(ctx, err)
		}
		return nil, nil //nolint:nilnil // an answer without content
	})
}

// registerSessionProbe declares the GET of a session: whether it lives.
func (s *service) registerSessionProbe(api huma.API, p protocol) {
	op := s.sessionOperation(api, p)
	op.OperationID, op.Method = "probe"+p.verb+"Session", http.MethodGet
	op.Summary = "See whether a session lives"
	op.Description = "Answers without content while the session lives."
	op.Middlewares = append(op.Middlewares, s.present(api, p.role))
	op.Responses["204"] = &huma.Response{Description: "The session lives."}
	huma.Register(api, op, func(context.Context, *sessionInput) (*struct{}, error) {
		return nil, nil //nolint:nilnil // an answer without content
	})
}

// registerSessionOptions declares the OPTIONS of a session's URL. It says the same
// of every session, living or not.
func registerSessionOptions(api huma.API, p protocol) {
	op := optionsOperation(p.verb+"Session", p.sessions+"{session}", p.name, "Says nothing of the session itself.")
	op.Parameters = []*huma.Param{sessionParameter(p.sessions)}
	op.Responses["204"].Headers["Accept-Patch"] = header("What to PATCH with.", mediaTypeFragment)
	huma.Register(api, op, func(context.Context, *struct{}) (*optionsOutput, error) {
		return &optionsOutput{
			Allow: sessionMethods, AllowMethods: strings.Join(corsMethods, ", "), AcceptPatch: mediaTypeFragment,
		}, nil
	})
}

const sessionMethods = "DELETE, GET, HEAD, OPTIONS, PATCH"

// present lets a request pass that is for a living session which its bearer may
// act on.
func (s *service) present(api huma.API, role domain.Role) middleware {
	return func(ctx huma.Context, next func(huma.Context)) {
		if err := s.app.Present(grantOf(ctx.Context()), role, domain.SessionID(ctx.Param("session"))); err != nil {
			s.refuse(api, ctx, err)
			return
		}
		next(ctx)
	}
}

type conditionKey struct{}

// conditionOf returns the condition that a request was let in with.
func conditionOf(ctx context.Context) ifMatch {
	condition, _ := ctx.Value(conditionKey{}).(ifMatch)
	return condition
}

// conditional lets a request pass that says by If-Match what it is for, and refuses with
// missing one that does not. Where missing is nil such a request is for whatever there is.
func (s *service) conditional(api huma.API, missing *domain.Refusal) middleware {
	return func(ctx huma.Context, next func(huma.Context)) {
		r, _ := humago.Unwrap(ctx) // huma gives the first field line alone
		condition, given := parseIfMatch(r.Header.Values("If-Match"))
		if !given && missing != nil {
			s.refuse(api, ctx, missing)
			return
		}
		condition.any = condition.any || !given
		next(huma.WithValue(ctx, conditionKey{}, condition))
	}
}
