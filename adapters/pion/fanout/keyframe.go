package fanout

import (
	"github.com/pion/rtp/codecs"

	"rostrum/domain"
)

// startsKeyframe reports whether a key frame begins with this RTP payload, as far
// as its first bytes tell. Payloads that are too short or no valid payload of the
// codec do not begin one.
func startsKeyframe(codec domain.Codec, payload []byte) bool {
	if len(payload) == 0 {
		return false
	}
	switch codec {
	case domain.VP8:
		return startsVP8(payload)
	case domain.VP9:
		return startsVP9(payload)
	case domain.H264:
		return startsH264(payload)
	case domain.H265:
		return startsH265(payload)
	case domain.AV1:
		const newSequence = 0x08 // the N bit: a coded video sequence begins
		return len(payload) > 1 && payload[0]&newSequence != 0
	default:
		return false
	}
}

// startsVP8 reads the payload descriptor (RFC 7741 §4.2) and the frame tag behind
// it, whose lowest bit is 0 in a key frame (RFC 6386 §9.1).
func startsVP8(payload []byte) bool {
	var p codecs.VP8Packet
	frame, err := p.Unmarshal(payload)
	return err == nil && p.S == 1 && p.PID == 0 && len(frame) > 0 && frame[0]&1 == 0
}

// startsVP9 reads the flags of the payload descriptor (RFC 9628 §4.2): the
// beginning of a frame that is not predicted from an earlier picture, in the
// lowest spatial layer.
func startsVP9(payload []byte) bool {
	var p codecs.VP9Packet
	frame, err := p.Unmarshal(payload)
	return err == nil && !p.P && p.B && (!p.L || p.SID == 0) && len(frame) > 0
}

// startsH264 looks for a sequence parameter set or the beginning of an IDR slice,
// alone, in a STAP-A or in an FU-A (RFC 6184 §5).
func startsH264(payload []byte) bool {
	const (
		idr, sps  = 5, 7
		stapA     = 24
		fuA       = 28
		typeMask  = 0x1f
		fuStart   = 0x80
		fuIDRMask = fuStart | typeMask
	)
	switch nal := payload[0] & typeMask; nal {
	case idr, sps:
		return len(payload) > 1
	case stapA:
		return anyUnit(payload[1:], func(unit []byte) bool {
			t := unit[0] & typeMask
			return t == sps || t == idr
		})
	case fuA:
		return len(payload) > 1 && payload[1]&fuIDRMask == fuStart|idr
	default:
		return false
	}
}

// startsH265 looks for a parameter set or the beginning of an IRAP slice, alone,
// in an aggregation packet or in a fragmentation unit (RFC 7798 §4.4).
func startsH265(payload []byte) bool {
	const (
		aggregation = 48
		fragment    = 49
		fuStart     = 0x80
		fuTypeMask  = 0x3f
	)
	switch t := payload[0] >> 1 & 0x3f; t {
	case aggregation:
		return len(payload) > 2 && anyUnit(payload[2:], func(unit []byte) bool {
			return beginsH265(unit[0] >> 1 & 0x3f)
		})
	case fragment:
		return len(payload) > 2 && payload[2]&fuStart != 0 && beginsH265(payload[2]&fuTypeMask)
	default:
		return len(payload) > 2 && beginsH265(t)
	}
}

// beginsH265 reports whether a decoder can begin with that NAL unit type: an IRAP
// picture (16 to 23) or one of the parameter sets before it (32 to 34).
func beginsH265(t byte) bool { return t >= 16 && t <= 23 || t >= 32 && t <= 34 }

// anyUnit reports whether f holds for one of the units of an aggregation packet,
// each behind its 16-bit size. It stops at the first malformed one.
func anyUnit(units []byte, f func(unit []byte) bool) bool {
	for len(units) > 2 {
		size := int(units[0])<<8 | int(units[1])
		units = units[2:]
		if size == 0 || size > len(units) {
			return false
		}
		if f(units[:size]) {
			return true
		}
		units = units[size:]
	}
	return false
}
