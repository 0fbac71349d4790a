package negotiation

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"

	"rostrum/domain"
)

// Codec is a codec of an offer that is served, under the payload types that the
// offer gives to it and to its retransmissions.
type Codec struct {
	Name        domain.Codec
	PayloadType uint8
	RTX         uint8      // payload type (RFC 4588), 0: none
	Format      string     // its parameters, as the offer's fmtp line has them
	Feedback    []Feedback // that the offer has and the answer takes up
}

// Takes reports whether a feedback was negotiated for the codec.
func (c Codec) Takes(f Feedback) bool { return slices.Contains(c.Feedback, f) }

// Feedback is a kind of RTCP feedback as rtcp-fb lines spell it (RFC 4585 §4.2).
type Feedback string

// The feedback that is understood. Who receives media gives it to who sends.
const (
	NACK        Feedback = "nack"
	PLI         Feedback = "nack pli"
	FIR         Feedback = "ccm fir" // RFC 5104 §7.1
	TransportCC Feedback = "transport-cc"
	REMB        Feedback = "goog-remb"
)

// feedback returns what a section of an offer may be answered with. Feedback of
// transport-wide congestion control is of no use without the numbers that the
// extension brings.
func (s Section) feedback(from Side) []Feedback {
	var all []Feedback
	switch {
	case from == Subscribing && s.Kind == domain.Video:
		return []Feedback{NACK, PLI, FIR, REMB}
	case from == Subscribing:
		return []Feedback{NACK}
	case s.Kind == domain.Video:
		all = []Feedback{NACK, PLI, FIR}
	}
	if s.TransportCC != 0 {
		all = append(all, TransportCC)
	}
	return all
}

// encoding is how rtpmap lines spell a codec (RFC 8866 §6.6).
type encoding struct {
	name     string
	clock    uint32
	channels uint16 // 0: not said
}

// served are the codecs that are.
var served = map[domain.Codec]encoding{
	domain.VP8:  {"VP8", 90000, 0},
	domain.VP9:  {"VP9", 90000, 0},
	domain.H264: {"H264", 90000, 0},
	domain.H265: {"H265", 90000, 0},
	domain.AV1:  {"AV1", 90000, 0},
	domain.Opus: {"opus", 48000, 2},
}

// servedCodecs returns the codecs of a section that are served, in the offer's
// order and each payload type once, with what the offer has of a feedback.
func servedCodecs(m *sdp.MediaDescription, feedback []Feedback) []Codec {
	var found []Codec
	retransmits := map[uint8]uint8{} // of which, by which
	formats, offered := formatsOf(m), feedbackOf(m)
	for _, listed := range m.MediaName.Formats {
		pt, ok := payloadType(listed)
		f, mapped := formats[pt]
		if !ok || !mapped {
			continue
		}
		delete(formats, pt)
		if f.name == "RTX" {
			if apt, ok := payloadType(parameter(f.fmtp, "apt")); ok {
				retransmits[apt] = pt
			}
			continue
		}
		if e, ok := served[f.name]; !ok || string(f.name.Kind()) != m.MediaName.Media || e.clock != f.clock {
			continue
		}
		c := Codec{Name: f.name, PayloadType: pt, Format: f.fmtp}
		for _, fb := range feedback {
			if offered[onPayload{listed, fb}] || offered[onPayload{"*", fb}] {
				c.Feedback = append(c.Feedback, fb)
			}
		}
		found = append(found, c)
	}
	for i := range found {
		found[i].RTX = retransmits[found[i].PayloadType]
	}
	return found
}

// format is what a section says of one payload type.
type format struct {
	name  domain.Codec
	clock uint32
	fmtp  string
}

// formatsOf reads the rtpmap and fmtp lines of a section (RFC 8866 §6.6, §6.15).
// Malformed lines are passed over.
func formatsOf(m *sdp.MediaDescription) map[uint8]format {
	formats, parameters := map[uint8]format{}, map[uint8]string{}
	for _, a := range m.Attributes {
		written, rest, _ := strings.Cut(a.Value, " ")
		pt, ok := payloadType(written)
		if !ok {
			continue
		}
		switch a.Key {
		case "rtpmap":
			name, rate, _ := strings.Cut(rest, "/")
			rate, _, _ = strings.Cut(rate, "/") // and channels
			if clock, err := strconv.ParseUint(rate, 10, 32); err == nil {
				formats[pt] = format{name: domain.Codec(strings.ToUpper(name)), clock: uint32(clock)}
			}
		case "fmtp":
			parameters[pt] = strings.TrimSpace(rest)
		}
	}
	for pt, f := range formats {
		f.fmtp = parameters[pt]
		formats[pt] = f
	}
	return formats
}

// payloadType reads a payload type. Those that cannot be told from RTCP in one port
// are none (RFC 5761 §4).
func payloadType(written string) (uint8, bool) {
	pt, err := strconv.ParseUint(written, 10, 7)
	if err != nil || 64 <= pt && pt <= 95 {
		return 0, false
	}
	return uint8(pt), true
}

// onPayload is a feedback for a payload type, or "*" for all.
type onPayload struct {
	pt       string
	feedback Feedback
}

// feedbackOf reads the rtcp-fb lines of a section (RFC 4585 §4.2).
func feedbackOf(m *sdp.MediaDescription) map[onPayload]bool {
	offered := map[onPayload]bool{}
	for _, a := range m.Attributes {
		if fields := strings.Fields(a.Value); a.Key == "rtcp-fb" && len(fields) > 1 {
			offered[onPayload{fields[0], Feedback(strings.Join(fields[1:], " "))}] = true
		}
	}
	return offered
}

// parameter returns a parameter of an fmtp line in lower case, "" if it has none.
func parameter(fmtp, key string) string {
	for p := range strings.SplitSeq(fmtp, ";") {
		if k, v, _ := strings.Cut(strings.TrimSpace(p), "="); strings.EqualFold(k, key) {
			return strings.ToLower(strings.TrimSpace(v))
		}
	}
	return ""
}
