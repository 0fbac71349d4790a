package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"rostrum/domain"
)

const whepSessions = "/api/whep/sessions/"

// registerWHEP declares playing (draft-ietf-wish-whep).
func (s *service) registerWHEP(api huma.API) {
	play := huma.Operation{
		OperationID: "playStream",
		Path:        "/api/whep/play/{room}",
		Summary:     "Watch the stream of a room",
		Description: "Takes a WHEP player's SDP offer (draft-ietf-wish-whep §4.3) to receive audio, video or both, recvonly or sendrecv. " +
			"The codec that is being published comes first in the answer; nothing is transcoded. " +
			"Where nobody publishes yet, 409 with Retry-After says so.",
		Tags:     []string{"WHEP"},
		Security: append([]map[string][]string{{}}, bearer...), // where the operator lets anybody watch
	}
	play.Responses = refusals(true, "room_name_invalid", "offer_invalid", "token_missing", "token_invalid", "forbidden",
		"body_timeout", "no_publisher", "body_too_large", "media_type_unsupported", "no_common_codec", "offer_unsupported", "rate_limited",
		"room_full", "shutting_down", "unavailable", "internal")
	play.Responses["201"] = &huma.Response{
		Description: "The stream is being played. Media flows when ICE and DTLS have connected.",
		Content:     sdpContent(exampleAnswer),
		Headers:     answerHeaders(whepSessions),
	}
	s.registerOffer(api, domain.ActionPlay, play, s.play)

	huma.Register(api, s.endOperation(api, "endPlaySession", whepSessions, "WHEP",
		"Stop watching", "Ends a subscriber's session; nobody else in the room notices. Only the subject that began it may, or an administrator."),
		s.endPlaying)
}

func (s *service) play(ctx context.Context, in *offerInput) (*answerOutput, error) {
	answer, err := s.app.Play(ctx, grantOf(ctx), domain.RoomName(in.Room), string(in.RawBody))
	if err != nil {
		return nil, s.refused(ctx, err)
	}
	return answered(answer, whepSessions), nil
}

func (s *service) endPlaying(ctx context.Context, in *sessionInput) (*struct{}, error) {
	return nil, s.end(ctx, domain.RoleSubscriber, in)
}
