package domain

// Session is one WHIP or WHEP connection: who holds it, and how far it has come.
type Session struct {
	ID        SessionID
	Subject   Subject
	Connected bool // DTLS is up: media may flow
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
// relay. Kinds are the media that its offer has a place for.
type Subscriber struct {
	Session
	Kinds []MediaKind
}

// wants reports whether the subscriber has a place for the track.
func (s Subscriber) wants(t Track) bool {
	for _, k := range s.Kinds {
		if k == t.Kind() {
			return true
		}
	}
	return false
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
	EndedByFailure   EndReason = "its negotiation failed"
	EndedByShutdown  EndReason = "the server shut down"
	EndedByAdmin     EndReason = "ended by an administrator"
)
