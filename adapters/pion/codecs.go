package pion

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"

	"rostrum/domain"
)

// codec is a codec of an offer that is served, under the payload types that the
// offer gives to it and to its retransmissions (0: none).
type codec struct {
	name       domain.Codec
	parameters webrtc.RTPCodecParameters
	rtx        webrtc.PayloadType
}

// served are the codecs that are, by name, as pion spells them.
var served = map[domain.Codec]webrtc.RTPCodecCapability{
	domain.VP8:  {MimeType: webrtc.MimeTypeVP8, ClockRate: 90000},
	domain.VP9:  {MimeType: webrtc.MimeTypeVP9, ClockRate: 90000},
	domain.H264: {MimeType: webrtc.MimeTypeH264, ClockRate: 90000},
	domain.H265: {MimeType: webrtc.MimeTypeH265, ClockRate: 90000},
	domain.AV1:  {MimeType: webrtc.MimeTypeAV1, ClockRate: 90000},
	domain.Opus: {MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2},
}

// servedCodecs returns the codecs of a section that are served, in the offer's
// order.
func servedCodecs(m *sdp.MediaDescription) []codec {
	var found []codec
	retransmits := map[webrtc.PayloadType]webrtc.PayloadType{} // of which, by which
	formats := formatsOf(m)
	for _, listed := range m.MediaName.Formats {
		f, ok := formats[listed]
		if !ok {
			continue
		}
		if f.name == "RTX" {
			if apt, err := strconv.ParseUint(parameter(f.fmtp, "apt"), 10, 7); err == nil {
				retransmits[webrtc.PayloadType(apt)] = f.pt
			}
			continue
		}
		capability, ok := served[f.name]
		if !ok || string(f.name.Kind()) != m.MediaName.Media || capability.ClockRate != f.clock {
			continue
		}
		capability.SDPFmtpLine = f.fmtp
		found = append(found, codec{name: f.name, parameters: webrtc.RTPCodecParameters{RTPCodecCapability: capability, PayloadType: f.pt}})
	}
	for i := range found {
		found[i].rtx = retransmits[found[i].parameters.PayloadType]
	}
	return found
}

// format is what a section says of one payload type.
type format struct {
	pt    webrtc.PayloadType
	name  domain.Codec
	clock uint32
	fmtp  string
}

// formatsOf reads the rtpmap and fmtp lines of a section (RFC 8866 §6.6, §6.15),
// by payload type as it is written. Malformed lines are passed over.
func formatsOf(m *sdp.MediaDescription) map[string]format {
	formats := map[string]format{}
	parameters := map[string]string{}
	for _, a := range m.Attributes {
		written, rest, _ := strings.Cut(a.Value, " ")
		switch a.Key {
		case "rtpmap":
			pt, err := strconv.ParseUint(written, 10, 7)
			encoding := strings.Split(rest, "/")
			if err != nil || len(encoding) < 2 {
				continue
			}
			clock, err := strconv.ParseUint(encoding[1], 10, 32)
			if err != nil {
				continue
			}
			formats[written] = format{webrtc.PayloadType(pt), domain.Codec(strings.ToUpper(encoding[0])), uint32(clock), ""}
		case "fmtp":
			parameters[written] = strings.TrimSpace(rest)
		}
	}
	for written, fmtp := range parameters {
		f := formats[written]
		f.fmtp = fmtp
		formats[written] = f
	}
	return formats
}

// register makes a codec and its retransmissions known to an engine, with the
// feedback that we understand for it.
func (c codec) register(engine *webrtc.MediaEngine, feedback []webrtc.RTCPFeedback) error {
	kind := webrtc.NewRTPCodecType(string(c.name.Kind()))
	p := c.parameters
	p.RTCPFeedback = feedback
	if err := engine.RegisterCodec(p, kind); err != nil || c.rtx == 0 {
		return err
	}
	return engine.RegisterCodec(c.retransmission(), kind)
}

func (c codec) retransmission() webrtc.RTPCodecParameters {
	return webrtc.RTPCodecParameters{
		RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: webrtc.MimeTypeRTX, ClockRate: c.parameters.ClockRate,
			SDPFmtpLine: "apt=" + strconv.Itoa(int(c.parameters.PayloadType)),
		},
		PayloadType: c.rtx,
	}
}

// How well a codec of a subscriber's offer suits a track.
const (
	suitsExactly = iota // the same format
	suits               // a decoder of it takes the track
	suitsNot
)

// fitness says how well a codec suits a track. What must agree is the codec, and
// of its parameters those that change the payload: the packetization mode of H264,
// the profile of VP9 and AV1. An H264 or H265 profile or level is a hint, since
// decoders take more than offers list.
func (c codec) fitness(t domain.Track) int {
	fmtp := c.parameters.SDPFmtpLine
	if c.name != t.Codec {
		return suitsNot
	}
	for _, must := range []struct{ key, unset string }{{"packetization-mode", "0"}, {"profile-id", "0"}, {"profile", "0"}} {
		if c.name == domain.H265 {
			break
		}
		if or(parameter(fmtp, must.key), must.unset) != or(parameter(t.Format, must.key), must.unset) {
			return suitsNot
		}
	}
	if parameter(fmtp, "profile-level-id") == parameter(t.Format, "profile-level-id") {
		return suitsExactly
	}
	return suits
}

// byFitness returns codecs with those that suit the track best first, otherwise in
// their order, and whether any suits it.
func byFitness(codecs []codec, t domain.Track) ([]codec, bool) {
	sorted := slices.Clone(codecs)
	slices.SortStableFunc(sorted, func(a, b codec) int { return a.fitness(t) - b.fitness(t) })
	return sorted, len(sorted) > 0 && sorted[0].fitness(t) < suitsNot
}

// playable returns codecs with those last that hardly any track can be sent in: H264
// that must not be fragmented.
func playable(codecs []codec) []codec {
	sorted := slices.Clone(codecs)
	single := func(c codec) int {
		if c.name == domain.H264 && parameter(c.parameters.SDPFmtpLine, "packetization-mode") != "1" {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(sorted, func(a, b codec) int { return single(a) - single(b) })
	return sorted
}

// parameter returns a parameter of an fmtp line, "" if it has none.
func parameter(fmtp, key string) string {
	for p := range strings.SplitSeq(fmtp, ";") {
		if k, v, _ := strings.Cut(strings.TrimSpace(p), "="); strings.EqualFold(k, key) {
			return strings.ToLower(strings.TrimSpace(v))
		}
	}
	return ""
}

func or(s, unset string) string {
	if s == "" {
		return unset
	}
	return s
}
