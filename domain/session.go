package domain

import "slices"

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

// EndReason says why a session ended.
type EndReason string

// The reasons.
const (
	EndedByClient    EndReason = "ended by its client"        // DELETE
	EndedByPeer      EndReason = "closed by its peer"         // DTLS close_notify
	EndedBySilence   EndReason = "lost: the peer fell silent" // consent expired (RFC 7675)
	EndedUnconnected EndReason = "never connected"
	EndedByPublisher EndReason = "the publisher left"
	EndedByGrace     EndReason = "the publisher was lost and did not come back"
	EndedByCodec     EndReason = "it cannot decode what is published now"
	EndedByTakeover  EndReason = "its subject published anew"
	EndedByFailure   EndReason = "its offer came to nothing"
	EndedByShutdown  EndReason = "the server shut down"
	EndedByExpiry    EndReason = "its token expired"
	EndedByRevoking  EndReason = "its token was revoked"
	EndedByRemoval   EndReason = "its room was deleted"
	EndedByOperator  EndReason = "ended by an administrator"
	EndedByCrash     EndReason = "the server stopped without a word"
)
