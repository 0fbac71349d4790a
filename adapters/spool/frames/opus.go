package frames

import (
	"errors"

	bitstream "github.com/bluenviron/mediacommon/v2/pkg/codecs/opus"
)

// opus takes packets as they are (RFC 7587 §4.2), if they are some.
type opus struct{}

var errOpus = errors.New("not a packet of Opus")

func (opus) picture(payloads [][]byte) (picture, error) {
	if !validOpus(payloads[0]) {
		return picture{}, errOpus
	}
	return picture{data: payloads[0], key: true}, nil
}

// What a packet may come to.
const (
	maxOpusFrame  = 1_275    // octets that one frame has
	maxOpusPacket = 120 * 48 // ticks of 1/48000 s that it lasts
)

// validOpus reports whether a packet is framed as RFC 6716 §3.2 asks, R1 to R7.
func validOpus(p []byte) bool {
	if len(p) == 0 {
		return false
	}
	rest := p[1:]
	switch p[0] & 3 {
	case 0: // one frame
		return len(rest) <= maxOpusFrame
	case 1: // two of one size
		return len(rest)%2 == 0 && len(rest)/2 <= maxOpusFrame
	case 2: // two, with the size of the first
		size, n := opusLength(rest)
		return n > 0 && n+size <= len(rest) && len(rest)-n-size <= maxOpusFrame
	default:
		return bitstream.PacketDuration2(p) <= maxOpusPacket && validOpusFrames(rest)
	}
}

// validOpusFrames reports whether what follows the first octet of a packet is any
// number of frames (RFC 6716 §3.2.5).
func validOpusFrames(rest []byte) bool {
	if len(rest) == 0 {
		return false
	}
	count, padded, differ := int(rest[0]&0x3f), rest[0]&0x40 != 0, rest[0]&0x80 != 0
	if count == 0 {
		return false
	}
	rest = rest[1:]
	for more := padded; more; {
		if len(rest) == 0 {
			return false
		}
		size := int(rest[0])
		if more = size == 255; more {
			size = 254
		}
		if rest = rest[1:]; size > len(rest) {
			return false
		}
		rest = rest[:len(rest)-size]
	}
	if !differ {
		return len(rest)%count == 0 && len(rest)/count <= maxOpusFrame
	}
	sum := 0
	for range count - 1 {
		size, n := opusLength(rest)
		if n == 0 {
			return false
		}
		sum, rest = sum+size, rest[n:]
	}
	return sum <= len(rest) && len(rest)-sum <= maxOpusFrame
}

// opusLength returns the length of a frame that data begins with, and in how many
// octets it is told, 0 if it is not (RFC 6716 §3.2.1).
func opusLength(data []byte) (size, octets int) {
	switch {
	case len(data) == 0 || data[0] >= 252 && len(data) == 1:
		return 0, 0
	case data[0] < 252:
		return int(data[0]), 1
	default:
		return int(data[0]) + 4*int(data[1]), 2
	}
}
