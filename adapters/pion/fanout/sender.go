package fanout

// Stream is how packets look to one subscriber: the identity that its session
// negotiated, and the numbering.
type Stream struct {
	SSRC        uint32
	PayloadType uint8
	Rewrite     Rewrite
	Epoch       uint32 // of the source: how often it has begun anew
}

// Lane is a worker's way out. It belongs to that one worker.
type Lane interface {
	// Flush sends what senders have queued in the lane. It must not block on a slow
	// or gone subscriber.
	Flush()
}

// Sender carries a leg's packets to its subscriber, through the lane of the worker
// that calls: one worker after the other, never two at once. Implementations must
// not block on a slow or gone subscriber. What they are given may be read until the
// lane is flushed, and not retained any longer.
type Sender interface {
	// Send sends the packets of burst in order, as stream says.
	Send(lane Lane, stream Stream, burst []*Packet)

	// Resend sends one packet again: as an RTX packet (RFC 4588) under the
	// retransmission stream if one was negotiated, else as it was.
	Resend(lane Lane, stream Stream, p *Packet)

	// Report sends an RTCP sender report (RFC 3550 §6.4.1).
	Report(lane Lane, report SenderReport)
}

// SenderReport aligns a stream with the publisher's clock: NTPTime and RTPTime are
// the same instant. Packets and Octets are what has been sent so far, each packet
// once.
type SenderReport struct {
	SSRC            uint32
	NTPTime         uint64
	RTPTime         uint32
	Packets, Octets uint32
}
