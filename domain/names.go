package domain

import "regexp"

// RoomName names a room: 1 to 64 of A-Z a-z 0-9 _ -, and names differ by case.
// Only [ParseRoomName] makes one from foreign text.
type RoomName string

var roomName = regexp.MustCompile(`\A[A-Za-z0-9_-]{1,64}\z`)

// ParseRoomName returns s as a RoomName, or [ErrRoomName].
func ParseRoomName(s string) (RoomName, error) {
	if !roomName.MatchString(s) {
		return "", ErrRoomName
	}
	return RoomName(s), nil
}

// SessionID identifies one WHIP or WHEP session. It comes from a cryptographic
// random source, because whoever knows it can address the session (RFC 9725 §5).
type SessionID string

// Subject is who a bearer is: the same subject may end the sessions it began.
type Subject string

// TrackID identifies a track within its publication.
type TrackID string

// LayerID is the RTP stream id (RFC 8852) of a simulcast encoding, empty for a
// track that has only one.
type LayerID string
