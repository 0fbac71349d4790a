package domain

import "time"

// SessionRecord is what is kept of a session: who it was, what it came for, how it
// went and why it ended.
type SessionRecord struct {
	ID        SessionID
	Room      RoomName
	Role      Role
	Subject   Subject
	Address   string // of the client, as much of it as the operator keeps
	UserAgent string // of the client, as it says
	Node      string // the server that it was at
	Codecs    []Codec
	Started   time.Time
	Ended     time.Time // zero while it is live
	Reason    EndReason // "" while it is live
	Report    SessionReport
}

// Live reports whether the session has not ended.
func (r SessionRecord) Live() bool { return r.Ended.IsZero() }

// SessionReport holds what explains how a session went, or goes. Times are from its offer
// on; 0: it has not happened.
type SessionReport struct {
	RemoteCandidates    int           // that the peer has told, since ICE began or was restarted
	MDNSCandidates      int           // of them, names that nobody outside the peer's own network resolves (.local)
	FirstCandidateAfter time.Duration // until the peer told the first
	Pair                string        // the selected candidate pair, "" if there never was one
	PairedAfter         time.Duration // until ICE selected one
	DTLS                string        // how far DTLS came
	ConnectedAfter      time.Duration // until DTLS was up
	RoundTrip           time.Duration // as ICE measured it last, 0: never

	FirstMediaAfter    time.Duration // until the first packet of media: that came of a publisher, that left to a subscriber
	FirstKeyframeAfter time.Duration // until the first key frame began to come, or to leave
	FirstPictureAfter  time.Duration // until a key frame had gone whole: of a publisher to any subscriber, of a subscriber to itself
	Fed                MediaKind     // what a subscriber is fed now by who publishes, or was last where it has ended: video, with or without sound, sound alone, or "" nothing

	Packets, Bytes uint64 // of payload, received from a publisher, sent to a subscriber; without those sent again
	Bitrate        uint64 // bit/s of them, the mean of the last two seconds; 0 of one that has ended
	Keyframes      uint64
	Resent         uint64 // packets that a subscriber asked for again and got
	Dropped        uint64 // packets lost on our side: a publisher's for want of room, a subscriber's that could not be sent
	Lost           uint64 // packets that never came, neither late nor again: of a publisher after ten requests, of a subscriber as it reports
	Estimate       uint64 // bit/s that a subscriber thinks its way carries, 0 if it never said
	Restarts       int    // of ICE

	Refusal       string        // why the offer was refused, for people; "" if it was not
	Recording     RecordingID   // the first that was made of a publisher, "" if none was
	RecordedAfter time.Duration // until media of it was in that recording
}
