package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"rostrum/domain"
)

const whipSessions = "/api/whip/sessions/"

// registerWHIP declares publishing (RFC 9725).
func (s *service) registerWHIP(api huma.API) {
	publish := huma.Operation{
		OperationID: "publishStream",
		Path:        "/api/whip/publish/{room}",
		Summary:     "Publish a stream into a room",
		Description: "Takes a WHIP client's SDP offer (RFC 9725 §4.2) of one audio track, one video track, or one of each, sendonly or sendrecv. " +
			"VP8, VP9, H264, H265 and AV1 are served, and Opus. The answer is complete: all candidates are in it. " +
			"A room has one publisher; while it has, others are refused with 409 and nothing changes for the one that is there.",
		Tags:     []string{"WHIP"},
		Security: bearer,
	}
	publish.Responses = refusals(true, "room_name_invalid", "offer_invalid", "token_missing", "token_invalid", "forbidden", "room_unknown",
		"body_timeout", "room_busy", "body_too_large", "media_type_unsupported", "no_common_codec", "offer_unsupported", "rate_limited",
		"too_many_rooms", "shutting_down", "unavailable", "internal")
	publish.Responses["201"] = &huma.Response{
		Description: "The stream is being published. Media flows when ICE and DTLS have connected.",
		Content:     sdpContent(exampleAnswer),
		Headers:     answerHeaders(whipSessions),
	}
	s.registerOffer(api, domain.ActionPublish, publish, s.publish)

	huma.Register(api, s.endOperation(api, "endPublishSession", whipSessions, "WHIP",
		"End a publication", "Ends the publisher's session: its connection and its subscribers' are closed, and the room is free at once (RFC 9725 §4.2). Only the subject that began it may, or an administrator."),
		s.endPublishing)
}

func (s *service) publish(ctx context.Context, in *offerInput) (*answerOutput, error) {
	answer, err := s.app.Publish(ctx, grantOf(ctx), domain.RoomName(in.Room), string(in.RawBody))
	if err != nil {
		return nil, s.refused(ctx, err)
	}
	return answered(answer, whipSessions), nil
}

func (s *service) endPublishing(ctx context.Context, in *sessionInput) (*struct{}, error) {
	return nil, s.end(ctx, domain.RolePublisher, in)
}

// end ends a session of that role.
func (s *service) end(ctx context.Context, role domain.Role, in *sessionInput) error {
	if err := s.app.End(grantOf(ctx), role, domain.SessionID(in.Session)); err != nil {
		return s.refused(ctx, err)
	}
	return nil
}

// endOperation declares the DELETE of a session. It answers 200, since OBS and
// others take 204 for a failure.
func (s *service) endOperation(api huma.API, id, sessions, tag, summary, description string) huma.Operation {
	op := huma.Operation{
		OperationID:   id,
		Method:        http.MethodDelete,
		Path:          sessions + "{session}",
		Summary:       summary,
		Description:   description,
		Tags:          []string{tag},
		Security:      bearer,
		DefaultStatus: http.StatusOK,
		Middlewares:   huma.Middlewares{s.identified(api)},
		Responses:     refusals(false, "token_missing", "token_invalid", "forbidden", "session_unknown", "internal"),
	}
	op.SkipValidateParams = true // any text is a session id that may not be there
	op.Responses["200"] = &huma.Response{Description: "The session has ended."}
	return op
}

// answerHeaders documents the headers of a 201.
func answerHeaders(sessions string) map[string]*huma.Param {
	headers := rateLimitHeaders()
	headers["Location"] = header("The session's URL: DELETE it to end the session.", sessions+"5VJTE4J6W3KQCZ2LXSOMRH7YAG")
	return headers
}
