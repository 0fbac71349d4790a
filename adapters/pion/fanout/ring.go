package fanout

import "rostrum/domain"

// ringSize is how many packets a ring remembers: some four seconds of video at
// 2.5 Mbit/s. A power of two, so that a number finds its slot by a mask.
const ringSize = 1 << 10

// maxStrays is how many packets in a row, each following the last but none in its
// place, prove that the source has begun to number anew (RFC 3550 §A.1).
const maxStrays = 4

// Packet is one RTP packet of a source, without what is the source's own business:
// its SSRC, payload type, header extensions, contributing sources and padding. It
// belongs to its ring and is overwritten when the ring has gone round.
type Packet struct {
	Sequence  uint64 // the 16 bits of RTP, extended: it never wraps, and goes on where a source numbers anew
	Timestamp uint32
	Codec     domain.Codec
	Marker    bool
	Keyframe  bool // a key frame begins with this packet
	Payload   []byte

	queued bool // it waits to be flushed and must not be overwritten; the fan-out's own
}

// ring remembers the last packets of a source by their extended number. It belongs
// to the source's goroutine. The zero value is empty.
type ring struct {
	slots   [ringSize]Packet
	highest uint64 // 0: empty; the first packet gets a number above 1<<16
	shift   uint16 // added to the source's numbers since it has numbered anew

	key     uint64 // where the last key frame begins; 0: none has come
	keyTime uint32

	anew bool // the next packet follows the newest, whatever its number

	strays uint8  // packets in a row that are out of place but follow each other
	stray  uint16 // the last of them
}

// number returns the extended number of a packet, or false for one that is a
// duplicate or older than the ring reaches. A packet out of place is dropped as well,
// until a few of them in a row prove that the source numbers anew: it goes on as if
// the first of them had followed the newest.
func (r *ring) number(sequence uint16, timestamp uint32) (uint64, bool) {
	if r.anew {
		r.anew, r.strays = false, 0
		r.shift = uint16(r.highest+1) - sequence //nolint:gosec // RTP arithmetic is modulo 2^16
		return r.highest + 1, true
	}
	extended := extend(r.highest, sequence+r.shift)
	slot := r.slot(extended)
	taken := slot.Sequence == extended
	switch {
	case extended+ringSize > r.highest && !taken:
		r.strays = 0
		return extended, true
	case taken && slot.Timestamp == timestamp: // a duplicate
		return 0, false
	case r.renumbered(sequence):
		extended = r.highest + maxStrays
		r.shift = uint16(extended) - sequence //nolint:gosec // RTP arithmetic is modulo 2^16
		return extended, true
	default:
		return 0, false
	}
}

// beginAnew has the next packet follow the newest, and forgets the last key frame.
func (r *ring) beginAnew() {
	r.anew, r.key = r.highest > 0, 0
}

// renumbered takes note of a packet out of place and reports whether it proves that
// the source numbers anew.
func (r *ring) renumbered(sequence uint16) bool {
	if r.strays > 0 && sequence == r.stray+1 {
		r.strays++
	} else {
		r.strays = 1
	}
	r.stray = sequence
	if r.strays < maxStrays {
		return false
	}
	r.strays = 0
	return true
}

// put stores a packet under a number that the ring has given it, over what its slot
// holds, and returns it. The payload is copied. Where a key frame is split so that
// more than one packet looks like its beginning, the first of them is.
func (r *ring) put(extended uint64, timestamp uint32, marker, keyframe bool, payload []byte) *Packet {
	if keyframe {
		goesOn := r.key != 0 && timestamp == r.keyTime
		keyframe = !goesOn || extended < r.key
		if keyframe && (goesOn || extended > r.key) {
			r.key, r.keyTime = extended, timestamp
		}
	}
	r.highest = max(r.highest, extended)
	slot := r.slot(extended)
	slot.Sequence, slot.Timestamp, slot.Marker, slot.Keyframe = extended, timestamp, marker, keyframe
	slot.Payload = append(slot.Payload[:0], payload...)
	return slot
}

// slot returns the place of a number, whichever packet it holds now.
func (r *ring) slot(extended uint64) *Packet { return &r.slots[extended%ringSize] }

// get returns a packet, or nil if it never came or is gone.
func (r *ring) get(extended uint64) *Packet {
	if slot := r.slot(extended); slot.Sequence == extended && extended > 0 {
		return slot
	}
	return nil
}

// sinceKey appends the packets from the last key frame on, in their order. It
// appends nothing where one of them is missing or they are more than most.
func (r *ring) sinceKey(to []*Packet, most uint64) []*Packet {
	if r.key == 0 || r.highest-r.key >= most {
		return to
	}
	all := to
	for n := r.key; n <= r.highest; n++ {
		p := r.get(n)
		if p == nil {
			return to
		}
		all = append(all, p)
	}
	return all
}

// extend returns the extended number that ends in these 16 bits and is nearest to
// another. The first of all begins one round up, so that a packet from before it can
// be told.
func extend(near uint64, sequence uint16) uint64 {
	if near == 0 {
		return 1<<16 + uint64(sequence)
	}
	delta := int16(sequence - uint16(near)) //nolint:gosec // RTP arithmetic is modulo 2^16
	return near + uint64(int64(delta))      //nolint:gosec // and may go down
}
