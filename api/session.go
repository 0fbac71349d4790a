package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rostrum/domain"
)

const sessionsPath = "/api/sessions"

type sessionLifeOutput struct {
	CacheControl string `header:"Cache-Control" hidden:"true"`
	Body         SessionLife
}

// registerSession declares what is told of one session.
func (s *service) registerSession(api huma.API) {
	op := huma.Operation{
		OperationID: "getSession", Method: http.MethodGet, Path: sessionsPath + "/{session}", Tags: []string{tagSessions}, Security: bearer,
		Summary: "See a session's life",
		Description: "Tells one session step by step, while it lives and after: when its offer, candidates, connection, media, first picture and recording came, " +
			"how it goes, why it ended, and what it lacks, in words to act on. A live one is told of also while the database is away. " +
			"Needs admin on its room; to others it is not there.",
		Parameters:  []*huma.Param{sessionParameter("/api/whip/sessions/ or /api/whep/sessions/")},
		Middlewares: huma.Middlewares{s.limited(api, s.toSessions), s.identified(api)},
		Responses:   refusals("token_missing", "token_invalid", "rate_limited", "unavailable", "internal"),

		SkipValidateParams: true,
	}
	document(op.Responses, problemOfRefusal(errNoSession))
	registerAnswer(s, api, op, func(ctx context.Context, in *sessionInput) (*sessionLifeOutput, error) {
		r, err := s.sessionFor(ctx, in.Session)
		if err != nil {
			return nil, err
		}
		return &sessionLifeOutput{CacheControl: noStore, Body: lifeOf(r, time.Now())}, nil
	})
	api.OpenAPI().Paths[op.Path].Get.Responses["200"].Content[mediaTypeJSON].Examples = lifeExamples()
}

// sessionFor returns a session whose room the bearer administers. Of all others it
// refuses with one domain.ErrSessionUnknown, so that nobody finds out by it which there
// are.
func (s *service) sessionFor(ctx context.Context, text string) (domain.SessionRecord, error) {
	if !anID.MatchString(text) {
		return domain.SessionRecord{}, errNoSession
	}
	administers := func(room domain.RoomName) bool {
		return grantOf(ctx).Permits(domain.ActionAdmin, room, time.Now()) == nil
	}
	r, err := s.app.Session(ctx, domain.SessionID(text), administers)
	if errors.Is(err, domain.ErrSessionUnknown) {
		return domain.SessionRecord{}, errNoSession
	}
	return r, err
}

// errNoSession is domain.ErrSessionUnknown where those that have ended are told of too.
var errNoSession = domain.ErrSessionUnknown.Because("No such session is known here, or the token does not allow admin on its room. See which there are at /api/sessions.")
