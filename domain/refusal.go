package domain

// Kind sorts refusals by what the caller can do about them. The HTTP edge maps
// each kind to one status.
type Kind string

// The kinds of refusal.
const (
	Invalid         Kind = "invalid"         // the request is malformed
	Unauthenticated Kind = "unauthenticated" // who asks is not known
	Forbidden       Kind = "forbidden"       // who asks is known and may not
	Missing         Kind = "missing"         // what is asked for is not there
	Conflict        Kind = "conflict"        // the room's state stands against it
	Stale           Kind = "stale"           // it was meant for a state that is over
	Unconditional   Kind = "unconditional"   // it must say which state it is meant for
	Unprocessable   Kind = "unprocessable"   // well-formed, but nothing here serves it
	TooMany         Kind = "too many"        // asked too often
	Unavailable     Kind = "unavailable"     // no capacity, or a part of the house is away
)

// Refusal is a typed no. It is an error whose words may be shown to whoever
// asked: they say what to do next and hold no secret.
//
// Refusals compare by Code: errors.Is(err, ErrRoomBusy) holds for every refusal
// made from ErrRoomBusy by [Refusal.Because].
type Refusal struct {
	Kind      Kind
	Code      string // stable, for programs: room_busy
	Reason    string // for people
	Retryable bool   // the same request may succeed later
}

// Error gives the reason.
func (r *Refusal) Error() string { return r.Reason }

// Is reports whether target is a refusal with the same code.
func (r *Refusal) Is(target error) bool {
	t, ok := target.(*Refusal)
	return ok && t.Code == r.Code
}

// Because returns a copy of r that gives its reason more exactly.
func (r *Refusal) Because(reason string) *Refusal {
	c := *r
	c.Reason = reason
	return &c
}

// Every no that the house says. Compare with errors.Is.
var (
	ErrRoomName = &Refusal{Invalid, "room_name_invalid",
		"A room name is 1 to 64 letters, digits, underscores or hyphens (A-Z a-z 0-9 _ -). Choose another name.", false}
	ErrOffer = &Refusal{Invalid, "offer_invalid",
		"The body is not a usable SDP offer.", false}
	ErrTokenMissing = &Refusal{Unauthenticated, "token_missing",
		"This needs a token. Send it as \"Authorization: Bearer TOKEN\".", false}
	ErrTokenInvalid = &Refusal{Unauthenticated, "token_invalid",
		"The token is not valid here. Check it, or ask the operator for a new one.", false}
	ErrForbidden = &Refusal{Forbidden, "forbidden",
		"The token does not allow this on this room. Ask the operator for one that does.", false}
	ErrRoomUnknown = &Refusal{Missing, "room_unknown",
		"There is no such room here. Create it first, or check its name.", false}
	ErrSessionUnknown = &Refusal{Missing, "session_unknown",
		"There is no such session, or it has ended.", false}
	ErrRoomBusy = &Refusal{Conflict, "room_busy",
		"The room has a publisher. Use another room name, or try again when it has left.", true}
	ErrRoomExists = &Refusal{Conflict, "room_exists",
		"The room exists already.", false}
	ErrFragment = &Refusal{Invalid, "fragment_invalid",
		"The body is not a usable trickle ICE SDP fragment (RFC 8840).", false}
	ErrTagMissing = &Refusal{Unconditional, "if_match_missing",
		"A PATCH must say which ICE session it is meant for. Send the ETag of the 201 as If-Match.", false}
	ErrTagStale = &Refusal{Stale, "if_match_failed",
		"The ICE session that If-Match names is over. Use the ETag of the last answer.", false}
	ErrOfferUnsupported = &Refusal{Unprocessable, "offer_unsupported",
		"The offer asks for something that is not served here.", false}
	ErrNoCommonCodec = &Refusal{Unprocessable, "no_common_codec",
		"The offer and the stream have no codec in common. Offer VP8, VP9, H264, H265 or AV1 for video and Opus for audio.", false}
	ErrRateLimited = &Refusal{TooMany, "rate_limited",
		"Too many requests from this address. Wait as long as Retry-After says.", true}
	ErrRoomFull = &Refusal{Unavailable, "room_full",
		"The room has as many subscribers as it may have. Try again later.", true}
	ErrRecordingUnknown = &Refusal{Missing, "recording_unknown",
		"There is no such recording, or it has been deleted.", false}
	ErrRecordingEmpty = &Refusal{Missing, "recording_empty",
		"Nothing was received that could be shown, so there is no recording.", false}
	ErrRecordingLive = &Refusal{Conflict, "recording_live",
		"The recording is still being made. Stop it first.", true}
	ErrRecordingState = &Refusal{Conflict, "recording_state",
		"The recording is not in a state in which this can be done.", true}
	ErrRecordingPending = &Refusal{Conflict, "recording_pending",
		"The recording has no media to show yet. Try again in a moment.", true}
	ErrRoomIdle = &Refusal{Conflict, "room_idle",
		"Nobody publishes in the room, so there is nothing to record. Start to publish first.", true}
	ErrSpoolFull = &Refusal{Unavailable, "spool_full",
		"The recording spool is full: recordings wait there for the store. See why uploads fail, or raise recording.spool_limit.", true}
	ErrCursor = &Refusal{Invalid, "cursor_invalid",
		"The cursor is not one that this server has given out. Begin with the first page.", false}
	ErrRoomSettings = &Refusal{Invalid, "room_settings_invalid",
		"The room cannot have these settings.", false}
	ErrRoomToken = &Refusal{Invalid, "room_token_invalid",
		"A room cannot have such a token.", false}
	ErrTokenUnknown = &Refusal{Missing, "token_unknown",
		"The room has no such token, or it has been revoked.", false}
	ErrTooManyTokens = &Refusal{Conflict, "too_many_tokens",
		"The room has as many tokens as it may. Revoke one first.", false}
	ErrVersionMissing = &Refusal{Unconditional, "version_missing",
		"A change must say which version of the room it is meant for. Send the ETag of the room as If-Match, or * for whichever it is.", false}
	ErrVersionStale = &Refusal{Stale, "version_stale",
		"The room has been changed since the version that If-Match names. Read it again.", false}
	ErrServerFull = &Refusal{Unavailable, "server_full",
		"This server sends as much as it can. Try again in a moment, or on another node.", true}
	ErrTooManyRooms = &Refusal{Unavailable, "too_many_rooms",
		"This server holds as many live rooms as it may. Try again later.", true}
	ErrShuttingDown = &Refusal{Unavailable, "shutting_down",
		"The server is shutting down. Try again in a moment, or on another node.", true}
	ErrUnavailable = &Refusal{Unavailable, "unavailable",
		"A part of the server that this needs is away. Try again in a moment.", true}
)
