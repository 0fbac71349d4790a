package egress

import "encoding/binary"

// packet is an RTP packet as it is to leave.
type packet struct {
	index           uint64 // its low 16 bits are the sequence number
	ssrc, timestamp uint32
	payloadType     uint8
	marker          bool

	repeats  bool   // as RTX (RFC 4588 §4)
	original uint16 // the sequence number that it left under before

	payload []byte
	padding int
}

// size is its length before it is sealed.
func (p *packet) size() int {
	size := headerSize + len(p.payload) + p.padding
	if p.repeats {
		size += 2
	}
	return size
}

// header writes the RTP header (RFC 3550 §5.1).
func (p *packet) header(dst []byte) {
	_ = dst[headerSize-1]
	dst[0], dst[1] = 2<<6, p.payloadType&0x7f
	if p.padding > 0 {
		dst[0] |= 1 << 5
	}
	if p.marker {
		dst[1] |= 1 << 7
	}
	binary.BigEndian.PutUint16(dst[2:], uint16(p.index)) //nolint:gosec // the low 16 bits
	binary.BigEndian.PutUint32(dst[4:], p.timestamp)
	binary.BigEndian.PutUint32(dst[8:], p.ssrc)
}

// body returns what is to be encrypted: the payload where it is, or put together in
// dst behind the header where something is added to it.
func (p *packet) body(dst []byte) []byte {
	if !p.repeats && p.padding == 0 {
		return p.payload
	}
	body := dst[headerSize:p.size()]
	rest := body
	if p.repeats {
		binary.BigEndian.PutUint16(rest, p.original)
		rest = rest[2:]
	}
	padding := rest[copy(rest, p.payload):]
	if p.padding > 0 {
		clear(padding)
		padding[len(padding)-1] = uint8(p.padding) //nolint:gosec // at most maxPadding
	}
	return body
}

// ssrcOf returns the SSRC of a packet's header.
func ssrcOf(header []byte) uint32 { return binary.BigEndian.Uint32(header[8:]) }
