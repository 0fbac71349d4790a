package api

import (
	"github.com/danielgtaylor/huma/v2"

	"rostrum/domain"
)

// registerWHIP declares publishing (RFC 9725).
func (s *service) registerWHIP(api huma.API) {
	whip := protocol{
		name: "WHIP", verb: "Publish",
		endpoint: "/api/whip/publish/{room}", sessions: "/api/whip/sessions/",
		action: domain.ActionPublish, role: domain.RolePublisher,
		security: bearer, begin: s.app.Publish, example: exampleOffer("sendonly"),
	}
	publish := huma.Operation{
		OperationID: "publishStream",
		Summary:     "Publish a stream into a room",
		Description: "Takes a WHIP client's SDP offer (RFC 9725 §4.2) of one audio track, one video track, or one of each, sendonly or sendrecv. " +
			"VP8, VP9, H264, H265 and AV1 are served, and Opus. The answer is complete: all candidates are in it. " +
			"A room has one publisher; while it has, others are refused with 409 and nothing changes for the one that is there.",
	}
	publish.Responses = refusals("room_name_invalid", "offer_invalid", "token_missing", "token_invalid", "forbidden", "room_unknown",
		"request_invalid", "body_timeout", "room_busy", "body_too_large", "media_type_unsupported", "content_coding_unsupported",
		"no_common_codec", "offer_unsupported", "rate_limited", "too_many_rooms", "shutting_down", "unavailable", "internal")
	publish.Responses["201"] = &huma.Response{
		Description: "The stream is being published. Media flows when ICE and DTLS have connected.",
		Content:     sdpContent(exampleAnswer("recvonly", "")),
		Headers:     answerHeaders(whip.sessions),
	}
	s.registerEndpoint(api, whip, publish)
	s.registerSessions(api, whip, "trickleIce", huma.Operation{
		OperationID: "endSession",
		Summary:     "End a publication",
		Description: "Ends the publisher's session: its connection and its subscribers' are closed, and the room is free at once (RFC 9725 §4.2). " +
			"Only the subject that began it may, or an administrator.",
	})
}
