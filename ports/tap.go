package ports

import "rostrum/domain"

// Tap lets somebody receive from a room who is no peer: what records, or relays. It is
// a subscriber like any other, served as the FanOut says.
type Tap interface {
	// Attach makes a subscriber whose media goes to sink, in every codec that is
	// served. It exists until Media.End; when that has returned, sink is not called
	// any more. It does not block.
	Attach(id domain.SessionID, sink MediaSink)

	// RequestKeyframe asks the publisher for a key frame that the subscriber needs,
	// within what a publisher can be asked. It does not block; unknown subscribers,
	// and those that receive nothing, are passed over.
	RequestKeyframe(id domain.SessionID)
}

// MediaSink takes what a subscriber receives. Calls for one track come one after
// another, those for two may come at once. It must not block, and whatever it is given
// is valid during the call alone.
type MediaSink interface {
	// Receive takes packets of one stream, in the order in which they came: one that
	// was lost and repaired comes late. A stream of pictures begins with a key frame,
	// unless that was sent more than two seconds before the sink was attached.
	Receive(stream Stream, packets []Packet)

	// Report takes note of one instant on the publisher's wall clock and on the clock
	// of a stream's timestamps, as a sender report pairs them (RFC 3550 §6.4.1).
	Report(stream Stream, clock Clock)
}

// Stream is what packets are of. One that differs in anything from the one before it
// on its track has nothing to do with that: its numbers and timestamps are others.
type Stream struct {
	Publisher domain.SessionID
	Track     domain.TrackID
	Codec     domain.Codec
	Epoch     uint32 // how often the publisher has begun the track anew (another SSRC)
}

// Packet is the payload of an RTP packet, and what its header says of it.
type Packet struct {
	Sequence  uint64 // RTP's, extended so that it never wraps: each one more than the one before
	Timestamp uint32
	Marker    bool // the last of its picture
	Keyframe  bool // the first of a key frame
	Payload   []byte
}

// Clock is one instant on two clocks.
type Clock struct {
	NTPTime uint64 // seconds since 1900 as 32.32 bit fixed point
	RTPTime uint32
}
