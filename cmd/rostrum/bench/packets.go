package bench

import (
	"encoding/binary"
	"iter"
	"math/rand/v2"
)

// maxPayload leaves room for header, extensions and the SRTP tag within 1200 bytes, as browsers do.
const maxPayload = 1160

// packetizer splits frames into RTP payloads, well-formed as far as a server looks into them; what follows is noise. Each ends
// in room for a stamp. One goroutine may use it.
type packetizer struct {
	codec   string
	buffer  [maxPayload]byte
	picture uint16 // VP8's picture id, with the bit that says that it has 15
}

func newPacketizer(codec string) *packetizer {
	p := &packetizer{codec: codec}
	_, _ = rand.NewChaCha8([32]byte{}).Read(p.buffer[:]) // never fails; the same noise every time
	return p
}

// payloads yields the payloads of a frame, and whether each is the last. A payload is valid until the next.
func (p *packetizer) payloads(f frame) iter.Seq2[[]byte, bool] {
	switch {
	case f.kind == audio:
		return func(yield func([]byte, bool) bool) { yield(p.opus(f.size), true) }
	case p.codec == "vp8":
		return p.vp8(f)
	default:
		return p.h264(f)
	}
}

func (p *packetizer) opus(size int) []byte {
	p.buffer[0] = 0xfc // RFC 6716 §3.1: CELT, full band, stereo, one frame of 20 ms
	return p.buffer[:size]
}

// Parameter sets of 1280x720, Constrained Baseline, level 3.1.
var (
	sps = []byte{
		0x67, 0x42, 0xc0, 0x1f, 0xda, 0x01, 0x40, 0x16, 0xec, 0x04, 0x40, 0x00, 0x00, 0x03, 0x00, 0x40, 0x00, 0x00, 0x0f, 0x23, 0xc6, 0x0c, 0xa8,
	}
	pps = []byte{0x68, 0xce, 0x0f, 0xc8}
)

// h264 is RFC 6184: before a key frame a STAP-A with the parameter sets and a filler unit for the stamp, then FU-A.
func (p *packetizer) h264(f frame) iter.Seq2[[]byte, bool] {
	const header = 2
	return func(yield func([]byte, bool) bool) {
		unit := byte(0x41) // slice of a picture that others refer to
		if f.key {
			unit = 0x65
			if !yield(p.parameters(), false) {
				return
			}
		}
		p.fragments(f.size, header, yield, func(first, last bool) {
			p.buffer[0] = unit&0xe0 | 28
			p.buffer[1] = unit & 0x1f
			if first {
				p.buffer[1] |= 0x80
			}
			if last {
				p.buffer[1] |= 0x40
			}
		})
	}
}

func (p *packetizer) parameters() []byte {
	filler := append([]byte{0x0c}, make([]byte, stampSize)...)
	b := append(p.buffer[:0], 0x78)
	for _, unit := range [][]byte{sps, pps, filler} {
		b = binary.BigEndian.AppendUint16(b, uint16(len(unit))) //nolint:gosec // a few bytes
		b = append(b, unit...)
	}
	return b
}

// vp8 is RFC 7741, with a picture id of 15 bits.
func (p *packetizer) vp8(f frame) iter.Seq2[[]byte, bool] {
	const descriptor, frameHeader = 4, 10
	return func(yield func([]byte, bool) bool) {
		p.picture = (p.picture + 1) | 1<<15
		p.fragments(f.size, descriptor, yield, func(first, _ bool) {
			p.buffer[0], p.buffer[1] = 0x80, 0x80
			binary.BigEndian.PutUint16(p.buffer[2:], p.picture)
			if !first {
				return
			}
			p.buffer[0] |= 0x10
			head := p.buffer[descriptor : descriptor+frameHeader]
			if head[0] |= 1; f.key { // RFC 6386 §9.1
				copy(head, []byte{0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x00, 0x05, 0xd0, 0x02})
			}
		})
	}
}

// fragments yields size bytes in full payloads and one remainder; head writes each one's header.
func (p *packetizer) fragments(size, header int, yield func([]byte, bool) bool, head func(first, last bool)) {
	const least = 2 * stampSize
	for first := true; size > 0 || first; first = false {
		part := min(max(size, least), maxPayload-header)
		size -= part
		head(first, size <= 0)
		if !yield(p.buffer[:header+part], size <= 0) {
			return
		}
	}
}
