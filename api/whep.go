package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"rostrum/domain"
)

// registerWHEP declares playing (draft-ietf-wish-whep).
func (s *service) registerWHEP(api huma.API) {
	whep := protocol{
		name: "WHEP", verb: "Play",
		endpoint: "/api/whep/play/{room}", sessions: "/api/whep/sessions/",
		action: domain.ActionPlay, role: domain.RoleSubscriber,
		security: slices.Concat(anybody, bearer), // as the operator lets anybody watch, or not
		begin:    s.app.Play,
		example:  exampleOffer("recvonly"),
		links:    eventsLink,
	}
	play := huma.Operation{
		OperationID: "playStream",
		Summary:     "Watch the stream of a room",
		Description: "Takes a WHEP player's SDP offer (draft-ietf-wish-whep §4.3) to receive audio, video or both, recvonly or sendrecv. " +
			"The codec that is being published comes first in the answer; nothing is transcoded. " +
			"Where nobody publishes yet, the picture begins when somebody does.",
	}
	play.Responses = refusals("room_name_invalid", "offer_invalid", "token_missing", "token_invalid", "forbidden", "room_unknown",
		"request_invalid", "body_timeout", "body_too_large", "media_type_unsupported", "content_coding_unsupported",
		"no_common_codec", "offer_unsupported", "rate_limited", "room_full", "server_full", "too_many_rooms", "shutting_down", "unavailable", "internal")
	play.Responses["201"] = &huma.Response{
		Description: "The session has begun. Media flows when ICE and DTLS have connected and somebody publishes.",
		Content:     sdpContent(exampleAnswer("sendonly", exampleStreams)),
		Headers:     answerHeaders(whep.sessions),
	}
	s.registerEndpoint(api, whep, play)
	s.registerDiscovery(api, whep)
	s.registerSessions(api, whep, "trickleIcePlaySession", huma.Operation{
		OperationID: "endPlaySession",
		Summary:     "Stop watching",
		Description: "Ends a subscriber's session; nobody else in the room notices. Only the subject that began it may, or an administrator.",
	})
	s.registerEvents(api, whep)
}

// registerDiscovery declares the HEAD by which players find out that a URL is a
// WHEP endpoint (draft-ietf-wish-whep §4.2). Where there is none, as for WHIP,
// HEAD is answered as GET.
func (s *service) registerDiscovery(api huma.API, p protocol) {
	op := huma.Operation{
		OperationID: "discoverPlayEndpoint",
		Method:      http.MethodHead,
		Path:        p.endpoint,
		Security:    anybody,
		Summary:     "Find out that this is a WHEP endpoint",
		Description: "The Content-Type tells a player what is talked here. Nothing is told of the room.",
		Tags:        []string{p.name},
		Parameters:  []*huma.Param{roomParameter()},
		Responses:   refusals("room_name_invalid"),

		SkipValidateParams: true,
	}
	op.Responses["200"] = &huma.Response{
		Description: "There is a WHEP endpoint here.",
		Content:     map[string]*huma.MediaType{mediaTypeSDP: {}},
	}
	huma.Register(api, op, s.discoverEndpoint)
}

type discoveryOutput struct {
	ContentType string `header:"Content-Type" hidden:"true"`
}

func (s *service) discoverEndpoint(ctx context.Context, in *roomInput) (*discoveryOutput, error) {
	if _, err := s.probeEndpoint(ctx, in); err != nil {
		return nil, err
	}
	return &discoveryOutput{ContentType: mediaTypeSDP}, nil
}
