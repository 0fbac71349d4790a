package fanout

// Rewrite maps a source's numbering to one subscriber's, so that a subscriber
// sees one stream whatever it is made of. Both members are added, modulo 2^16 and
// 2^32.
type Rewrite struct {
	Sequence  uint16
	Timestamp uint32
}

// aligned returns the rewrite under which packet p leaves with that sequence
// number and timestamp.
func aligned(p *Packet, sequence uint16, timestamp uint32) Rewrite {
	return Rewrite{
		Sequence:  sequence - uint16(p.Sequence), //nolint:gosec // the low 16 bits are RTP's own
		Timestamp: timestamp - p.Timestamp,
	}
}

// SequenceOf returns the sequence number under which p leaves.
func (r Rewrite) SequenceOf(p *Packet) uint16 {
	return uint16(p.Sequence) + r.Sequence //nolint:gosec // the low 16 bits are RTP's own
}

// TimestampOf returns the timestamp under which p leaves.
func (r Rewrite) TimestampOf(p *Packet) uint32 { return p.Timestamp + r.Timestamp }

// source returns the source's sequence number of what left as sequence.
func (r Rewrite) source(sequence uint16) uint16 { return sequence - r.Sequence }
