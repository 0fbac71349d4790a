package negotiation

import (
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"
)

// Stream is an RTP stream that a section announces, by SSRC: of media, and of its
// retransmissions (RFC 4588), 0 where none is said.
type Stream struct {
	SSRC, RTX uint32
}

// maxStreams bounds how many streams of a section are looked at.
const maxStreams = 16

// streamsOf reads the ssrc and ssrc-group lines of a section (RFC 5576 §4). An SSRC
// that has been claimed before, by this section or another one, is passed over.
func streamsOf(m *sdp.MediaDescription, claimed map[uint32]bool) []Stream {
	var streams []Stream
	rtx, repairs := repairsOf(m)
	for _, a := range m.Attributes {
		written, _, _ := strings.Cut(a.Value, " ")
		ssrc := parseSSRC(written)
		if a.Key != sdp.AttrKeySSRC || ssrc == 0 || claimed[ssrc] || repairs[ssrc] || len(streams) == maxStreams {
			continue
		}
		claimed[ssrc] = true
		s := Stream{SSRC: ssrc}
		if r := rtx[ssrc]; !claimed[r] {
			s.RTX = r
			claimed[r] = r != 0
		}
		streams = append(streams, s)
	}
	return streams
}

// repairsOf reads the groups of a section that say which stream repairs which: the
// SSRC of retransmissions by that of the media, and all that carry no media of their
// own (RFC 5576 §4.2, RFC 5956 §4.3).
func repairsOf(m *sdp.MediaDescription) (rtx map[uint32]uint32, repairs map[uint32]bool) {
	rtx, repairs = map[uint32]uint32{}, map[uint32]bool{}
	for _, a := range m.Attributes {
		group := strings.Fields(a.Value)
		if a.Key != sdp.AttrKeySSRCGroup || len(group) != 3 {
			continue
		}
		media, repair := parseSSRC(group[1]), parseSSRC(group[2])
		switch group[0] {
		case sdp.SemanticTokenFlowIdentification:
			rtx[media] = repair
		case sdp.SemanticTokenForwardErrorCorrection, sdp.SemanticTokenForwardErrorCorrectionFramework:
		default:
			continue
		}
		repairs[repair] = repair != media
	}
	return rtx, repairs
}

// parseSSRC returns 0, which is none, for what is no SSRC.
func parseSSRC(s string) uint32 {
	ssrc, err := strconv.ParseUint(s, 10, 32)
	if err != nil {
		return 0
	}
	return uint32(ssrc)
}
