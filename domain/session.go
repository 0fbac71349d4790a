package domain

import (
	"maps"
	"slices"
)

// Session is one WHIP or WHEP connection: who holds it, and how far it has come.
type Session struct {
	ID        SessionID
	Subject   Subject
	Token     TokenID // of the room's own by which it came; "": by none
	Connected bool    // DTLS is up: media may flow
}

// Role is which side of a room a session is on.
type Role string

// The roles.
const (
	RolePublisher  Role = "publisher"  // sends into the room, by WHIP
	RoleSubscriber Role = "subscriber" // receives from it, by WHEP
)

// Publisher is the session that sends into a room, and what it sends.
type Publisher struct {
	Session
	Tracks []Track
}

// Subscriber is a session that receives from a room: a viewer, a recorder or a
// relay. Codecs are what it takes; it has a place for media of their kinds. They
// are nil while its offer is being answered.
type Subscriber struct {
	Session
	Codecs []Codec
}

// takes reports whether the subscriber can receive the track.
func (s Subscriber) takes(t Track) bool { return slices.Contains(s.Codecs, t.Codec) }

// cannotTake reports whether one of the tracks is of a kind that the subscriber has
// a place for, but in a codec that it does not take.
func (s Subscriber) cannotTake(tracks []Track) bool {
	return slices.ContainsFunc(tracks, func(t Track) bool {
		place := slices.ContainsFunc(s.Codecs, func(c Codec) bool { return c.Kind() == t.Kind() })
		return place && !s.takes(t)
	})
}

// EndReason says why a session ended, for programs: it stays the same when the words change.
type EndReason string

// The reasons.
const (
	EndedByClient    EndReason = "client"      // DELETE
	EndedByPeer      EndReason = "peer_closed" // DTLS close_notify
	EndedBySilence   EndReason = "silence"     // consent expired (RFC 7675)
	EndedUnconnected EndReason = "never_connected"
	EndedByPublisher EndReason = "publisher_left"
	EndedByGrace     EndReason = "publisher_lost"
	EndedByCodec     EndReason = "codec"
	EndedByTakeover  EndReason = "takeover"
	EndedByFailure   EndReason = "offer_failed"
	EndedByShutdown  EndReason = "shutdown"
	EndedByExpiry    EndReason = "token_expired"
	EndedByRevoking  EndReason = "token_revoked"
	EndedByRemoval   EndReason = "room_deleted"
	EndedByOperator  EndReason = "operator"
	EndedByCrash     EndReason = "crash"
)

var endWords = map[EndReason]string{
	EndedByClient:    "ended by its client",
	EndedByPeer:      "closed by its peer",
	EndedBySilence:   "lost: the peer fell silent",
	EndedUnconnected: "never connected",
	EndedByPublisher: "the publisher left",
	EndedByGrace:     "the publisher was lost and did not come back",
	EndedByCodec:     "it cannot decode what is published now",
	EndedByTakeover:  "its subject published anew",
	EndedByFailure:   "its offer came to nothing",
	EndedByShutdown:  "the server shut down",
	EndedByExpiry:    "its token expired",
	EndedByRevoking:  "its token was revoked",
	EndedByRemoval:   "its room was deleted",
	EndedByOperator:  "ended by an administrator",
	EndedByCrash:     "the server stopped without a word",
}

// EndReasons returns all reasons, in the order of their text.
func EndReasons() []EndReason { return slices.Sorted(maps.Keys(endWords)) }

// Words says the reason for people, "" of none.
func (r EndReason) Words() string { return endWords[r] }
