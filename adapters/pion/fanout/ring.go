package fanout

import "rostrum/domain"

// ringSize is how many packets a ring remembers: some four seconds of video at
// 2.5 Mbit/s. A power of two, so that a sequence number finds its slot by a mask.
const ringSize = 1 << 10

// Packet is one RTP packet of a source, without what is the source's own business:
// its SSRC, payload type, header extensions, contributing sources and padding. It
// belongs to its ring and is overwritten when the ring has gone round.
type Packet struct {
	Sequence  uint64 // the 16 bits of RTP, extended: it never wraps
	Timestamp uint32
	Codec     domain.Codec
	Marker    bool
	Keyframe  bool // a key frame begins with this packet
	Payload   []byte

	queued bool // it waits to be flushed and must not be overwritten; the fan-out's own
}

// ring remembers the last packets of a source by their extended sequence number.
// The zero value is empty.
type ring struct {
	slots   [ringSize]Packet
	highest uint64 // 0: empty; the first packet gets a number above 1<<16

	strays uint8  // packets in a row that are too old but follow each other
	stray  uint16 // the last of them
}

// maxStrays is how many packets in a row, each following the last but all too
// old, prove that the source has begun to number anew (RFC 3550 §A.1).
const maxStrays = 4

// put stores a packet and returns it, or nil for one that is a duplicate or older
// than the ring reaches. The payload is copied. A source that numbers anew is
// followed after a few packets.
func (r *ring) put(sequence uint16, timestamp uint32, marker, keyframe bool, payload []byte) *Packet {
	extended := extend(r.highest, sequence)
	if extended+ringSize <= r.highest {
		if !r.renumbered(sequence) {
			return nil
		}
		extended = (r.highest>>16+1)<<16 + uint64(sequence)
	}
	slot := r.slot(sequence)
	if slot.Sequence >= extended {
		return nil
	}
	r.highest, r.strays = max(r.highest, extended), 0
	slot.Sequence, slot.Timestamp, slot.Marker, slot.Keyframe = extended, timestamp, marker, keyframe
	slot.Payload = append(slot.Payload[:0], payload...)
	return slot
}

// slot returns the place of a sequence number, whichever packet it holds now. The
// ring divides 2^16, so the 16 bits of RTP are enough.
func (r *ring) slot(sequence uint16) *Packet { return &r.slots[sequence%ringSize] }

// passed reports whether a packet comes late: a newer one, not far from it, has
// come before.
func (r *ring) passed(sequence uint16) bool {
	behind := int16(uint16(r.highest) - sequence) //nolint:gosec // RTP arithmetic is modulo 2^16
	return r.highest > 0 && behind > 0 && behind < ringSize/2
}

// renumbered takes note of a packet that is too old and reports whether it proves
// that the source numbers anew.
func (r *ring) renumbered(sequence uint16) bool {
	if r.strays > 0 && sequence == r.stray+1 {
		r.strays++
	} else {
		r.strays = 1
	}
	r.stray = sequence
	return r.strays >= maxStrays
}

// get returns the packet whose sequence number ends in these 16 bits and is
// nearest to the newest, or nil if it never came or is gone.
func (r *ring) get(sequence uint16) *Packet {
	if r.highest == 0 {
		return nil
	}
	extended := extend(r.highest, sequence)
	slot := r.slot(sequence)
	if slot.Sequence != extended {
		return nil
	}
	return slot
}

// extend returns the extended sequence number that ends in these 16 bits and is
// nearest to highest. The first of all begins one round up, so that a packet from
// before it can be told.
func extend(highest uint64, sequence uint16) uint64 {
	if highest == 0 {
		return 1<<16 + uint64(sequence)
	}
	delta := int16(sequence - uint16(highest)) //nolint:gosec // RTP arithmetic is modulo 2^16
	return highest + uint64(int64(delta))      //nolint:gosec // and may go down
}
