package fanout

// Stream is how packets look to one subscriber: the identity that its session
// negotiated, and the numbering.
type Stream struct {
	SSRC        uint32
	PayloadType uint8
	Rewrite     Rewrite
}

// Sender carries a leg's packets to its subscriber. Implementations must not
// block on a slow or gone subscriber and must not retain what they are given.
// Send is called by one goroutine at a time, Resend and Report by others beside it.
type Sender interface {
	// Send sends the packets of burst in order, as stream says.
	Send(stream Stream, burst []*Packet)

	// Resend sends one packet again: as an RTX packet (RFC 4588) under the
	// retransmission stream if one was negotiated, else as it was.
	Resend(stream Stream, p *Packet)

	// Report sends an RTCP sender report (RFC 3550 §6.4.1).
	Report(report SenderReport)
}

// SenderReport aligns a stream with the publisher's clock: NTPTime and RTPTime are
// the same instant. Packets and Octets are what has been sent so far.
type SenderReport struct {
	SSRC            uint32
	NTPTime         uint64
	RTPTime         uint32
	Packets, Octets uint32
}
