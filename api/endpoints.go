package api

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"rostrum/app"
	"rostrum/domain"
)

// protocol is what WHIP and WHEP have each of its own. The operations of both are
// declared from it, here for the endpoints and in sessions.go for the sessions.
type protocol struct {
	name     string // also the tag in the contract
	verb     string // in the ids of operations
	endpoint string // where sessions begin: the path, with the room in it
	sessions string // the path of a session, up to its id
	action   domain.Action
	role     domain.Role
	security []map[string][]string
	links    func(sessions string, id domain.SessionID) string // to extensions of a session; nil: none
	begin    func(ctx context.Context, by domain.Caller, room domain.RoomName, sdp string) (app.Answer, error)
	example  string // of an offer, in the contract
}

// roomInput names a room.
type roomInput struct {
	Room string `path:"room"`
}

// offerInput is an offer for a room.
type offerInput struct {
	Room    string `path:"room"`
	RawBody []byte `contentType:"application/sdp"`
}

// answerOutput is an accepted offer. Its length is given, since FFmpeg reads no
// chunked answer.
type answerOutput struct {
	ContentType   string   `header:"Content-Type" hidden:"true"`
	ContentLength int      `header:"Content-Length" hidden:"true"`
	Location      string   `header:"Location" hidden:"true"`
	ETag          string   `header:"ETag" hidden:"true"`
	AcceptPatch   string   `header:"Accept-Patch" hidden:"true"`
	Link          []string `header:"Link" hidden:"true"`
	Body          []byte
}

// registerEndpoint declares the POST that begins a session, with the words of op,
// and what else there is at its path.
func (s *service) registerEndpoint(api huma.API, p protocol, op huma.Operation) {
	op.Method, op.Path, op.Tags, op.Security = http.MethodPost, p.endpoint, []string{p.name}, p.security
	op.DefaultStatus = http.StatusCreated
	op.Parameters = []*huma.Param{roomParameter()}
	op.MaxBodyBytes = maxOffer + 1 // huma refuses what reaches the bound
	op.BodyReadTimeout = bodyTimeout
	op.SkipValidateParams = true // the room's name is looked at before the body is
	op.Middlewares = huma.Middlewares{
		s.limited(api, s.toBegin(p.action)), s.authorized(api, p.action),
		s.bounded(api, maxOffer, errMediaType, mediaTypeSDP),
	}
	huma.Register(api, op, s.beginSession(p))
	body := api.OpenAPI().Paths[op.Path].Post.RequestBody // huma takes a raw body for a binary one
	body.Description, body.Content = "The SDP offer.", sdpContent(p.example)

	s.registerEndpointProbe(api, p)
	s.registerEndpointOptions(api, p)
}

func (s *service) beginSession(p protocol) func(context.Context, *offerInput) (*answerOutput, error) {
	return func(ctx context.Context, in *offerInput) (*answerOutput, error) {
		if quoted(in.RawBody) {
			return nil, s.refused(ctx, errOfferQuoted)
		}
		answer, err := p.begin(ctx, callerOf(ctx), domain.RoomName(in.Room), string(in.RawBody))
		if err != nil {
			return nil, s.refused(ctx, err)
		}
		return &answerOutput{
			ContentType:   mediaTypeSDP,
			ContentLength: len(answer.SDP),
			Location:      p.sessions + string(answer.Session),
			ETag:          entityTag(answer.Tag),
			AcceptPatch:   mediaTypeFragment,
			Link:          s.linksOf(p, answer.Session),
			Body:          []byte(answer.SDP),
		}, nil
	}
}

// linksOf returns the Link fields of a 201: the ICE servers, and the extensions.
func (s *service) linksOf(p protocol, id domain.SessionID) []string {
	links := iceLinks(s.servers, string(id), time.Now())
	if p.links != nil {
		links = append(links, p.links(p.sessions, id))
	}
	return links
}

// registerEndpointProbe declares the GET of an endpoint: nothing, and nothing about
// the room, so that it needs no token.
func (s *service) registerEndpointProbe(api huma.API, p protocol) {
	op := huma.Operation{
		OperationID: "probe" + p.verb + "Endpoint",
		Method:      http.MethodGet,
		Path:        p.endpoint,
		Security:    anybody,
		Summary:     "See that there is a " + p.name + " endpoint",
		Description: "Answers without content, and tells nothing of the room. POST an offer here to begin a session.",
		Tags:        []string{p.name},
		Parameters:  []*huma.Param{roomParameter()},
		Responses:   refusals("room_name_invalid"),

		SkipValidateParams: true,
	}
	op.Responses["204"] = &huma.Response{Description: "There is an endpoint here."}
	huma.Register(api, op, s.probeEndpoint)
}

func (s *service) probeEndpoint(ctx context.Context, in *roomInput) (*struct{}, error) {
	if _, err := domain.ParseRoomName(in.Room); err != nil {
		return nil, s.refused(ctx, err)
	}
	return nil, nil //nolint:nilnil // an answer without content
}

// optionsOutput tells what may be done at a path.
type optionsOutput struct {
	Allow        string   `header:"Allow" hidden:"true"`
	AllowMethods string   `header:"Access-Control-Allow-Methods" hidden:"true"`
	AcceptPost   string   `header:"Accept-Post" hidden:"true"`
	AcceptPatch  string   `header:"Accept-Patch" hidden:"true"`
	Link         []string `header:"Link" hidden:"true"`
}

// registerEndpointOptions declares the OPTIONS of an endpoint. It names the methods
// of endpoints and sessions together, as in a preflight: a client that may not see
// PATCH there does not trickle.
func (s *service) registerEndpointOptions(api huma.API, p protocol) {
	op := optionsOperation(p.verb+"Endpoint", p.endpoint, p.name,
		"Who may "+strings.ToLower(p.verb)+" here and says so by a token is told of the ICE servers as well (RFC 9725 §4.6).")
	op.Parameters = []*huma.Param{roomParameter()}
	op.Security = slices.Concat(anybody, bearer)
	op.Middlewares = huma.Middlewares{s.tellServers(p.action)}
	op.Responses["204"].Headers["Accept-Post"] = header("What to POST.", mediaTypeSDP)
	op.Responses["204"].Headers["Link"] = linkHeader()
	huma.Register(api, op, func(context.Context, *struct{}) (*optionsOutput, error) {
		return &optionsOutput{
			Allow: endpointMethods, AllowMethods: strings.Join(corsMethods, ", "), AcceptPost: mediaTypeSDP,
		}, nil
	})
}

const endpointMethods = "GET, HEAD, OPTIONS, POST"

// tellServers adds the ICE servers to the answer to who may do the action in the
// room of the path. A preflight, which carries no token, is told of none, however
// much anybody may do; nor is who asks too often, as tokens could be tried here.
func (s *service) tellServers(action domain.Action) middleware {
	return func(ctx huma.Context, next func(huma.Context)) {
		if r, _ := humago.Unwrap(ctx); len(s.servers) > 0 && !preflight(r) && s.mayKnowServers(ctx, action) {
			for _, line := range iceLinks(s.servers, ctx.Param("room"), time.Now()) {
				ctx.AppendHeader("Link", line)
			}
		}
		next(ctx)
	}
}

func (s *service) mayKnowServers(ctx huma.Context, action domain.Action) bool {
	if _, err := s.toSessions(ctx.Context(), s.clientAddress(ctx)); err != nil {
		return false
	}
	token := bearerToken(ctx.Header("Authorization"))
	_, err := s.app.Authorize(ctx.Context(), token, action, ctx.Param("room"))
	if err != nil && token != "" { // tokens can be tried here as well
		s.tellAudit(ctx.Context(), s.problem(ctx.Context(), err))
	}
	return err == nil
}
