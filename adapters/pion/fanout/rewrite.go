package fanout

// squeeze is how many times faster than it was the past is played to a subscriber
// that catches up.
const squeeze = 32

// Rewrite maps a source's numbering to one subscriber's, so that a subscriber
// sees one stream whatever it is made of. The zero value changes nothing.
type Rewrite struct {
	Sequence  uint64 // added to a source's extended number, modulo 2^64
	Timestamp uint32 // added to a source's timestamp, modulo 2^32

	// Packets below Live are of the past that a late joiner catches up with, which
	// began at the source's time Joined for it: their distance to that is squeezed.
	Live   uint64
	Joined uint32
}

// IndexOf returns the extended sequence number under which p leaves. Its low 16
// bits are RTP's own, those above are the roll-over counter of SRTP (RFC 3711
// §3.3.1).
func (r Rewrite) IndexOf(p *Packet) uint64 { return p.Sequence + r.Sequence }

// TimestampOf returns the timestamp under which p leaves: the same for all packets
// of a frame, and never going back where the source's does not.
func (r Rewrite) TimestampOf(p *Packet) uint32 {
	if p.Sequence >= r.Live {
		return p.Timestamp + r.Timestamp
	}
	ago := int32(r.Joined-p.Timestamp) / squeeze //nolint:gosec // RTP arithmetic is modulo 2^32, and ahead is less than 0
	return r.Joined - uint32(ago) + r.Timestamp
}

// aligned returns the rewrite under which packet p leaves with that index and
// timestamp, its past as before.
func (r Rewrite) aligned(p *Packet, index uint64, timestamp uint32) Rewrite {
	r.Sequence = index - p.Sequence
	r.Timestamp += timestamp - r.TimestampOf(p)
	return r
}
