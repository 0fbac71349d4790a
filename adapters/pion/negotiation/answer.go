package negotiation

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"
)

// iceOptions says that candidates may be trickled, since PATCH is served, and that
// ICE is RFC 8445's (RFC 8838 §3, RFC 8445 §10). A restart repeats it.
const iceOptions = "trickle ice2"

// CNAME is the server's name in RTCP: all that it sends is of one source of time
// (RFC 3550 §6.5.1).
const CNAME = "rostrum"

// streamID is the stream that all tracks are of (draft-ietf-wish-whep §4.6.2).
const streamID = "rostrum"

// Answer writes the answer: complete, all candidates in it. A subscriber's plan
// comes from PlanOutputs of this offer, a publisher has none. Sections that nothing
// is sent on are inactive with their codecs and not rejected by port 0: the first of
// them would take the bundle's transport with it (RFC 9143 §7.3.3).
func (o *Offer) Answer(t Transport, plan []Output) (string, error) {
	answer := &sdp.SessionDescription{
		Origin:           sdp.Origin{Username: "-", SessionID: random() >> 1, NetworkType: "IN", AddressType: "IP4", UnicastAddress: "0.0.0.0"},
		SessionName:      "-",
		TimeDescriptions: []sdp.TimeDescription{{}},
	}
	if o.bundle != nil {
		answer.WithValueAttribute(sdp.AttrKeyGroup, o.group())
	}
	answer.WithValueAttribute(sdp.AttrKeyICEOptions, iceOptions)
	if o.mixed {
		answer.WithPropertyAttribute(sdp.AttrKeyExtMapAllowMixed)
	}
	answer.WithValueAttribute(sdp.AttrKeyMsidSemantic, sdp.SemanticTokenWebRTCMediaStreams+" *")
	answer.WithValueAttribute("fingerprint", t.Fingerprint.String())
	for i, s := range o.Sections {
		m := o.answerSection(s, t, plan)
		if i == o.tagged() {
			addCandidates(m, t.Candidates)
		}
		answer.WithMedia(m)
	}
	text, err := answer.Marshal()
	if err != nil {
		return "", fmt.Errorf("write an answer: %w", err)
	}
	return string(text), nil
}

// group returns the BUNDLE group of the sections that there are (RFC 9143 §7.3).
func (o *Offer) group() string { return "BUNDLE " + strings.Join(o.bundle, " ") }

func (o *Offer) answerSection(s Section, t Transport, plan []Output) *sdp.MediaDescription {
	out, direction := Output{Section: s}, sides[o.From].answered
	if o.From == Subscribing {
		i := slices.IndexFunc(plan, func(out Output) bool { return out.Section.MID == s.MID })
		if i < 0 {
			direction = "inactive"
		} else {
			out = plan[i]
		}
	}
	m := sdp.NewJSEPMediaDescription(string(s.Kind), nil)
	m.MediaName.Protos = s.protocol
	m.WithValueAttribute(sdp.AttrKeyConnectionSetup, string(o.Setup.Answer()))
	m.WithValueAttribute(sdp.AttrKeyMID, s.MID)
	m.WithICECredentials(t.Credentials.Ufrag, t.Credentials.Pwd)
	m.WithPropertyAttribute(sdp.AttrKeyRTCPMux)
	if s.ReducedSize {
		m.WithPropertyAttribute(sdp.AttrKeyRTCPRsize)
	}
	for _, c := range out.Section.Codecs {
		addCodec(m, c)
	}
	if id := s.TransportCC; id != 0 && o.From == Publishing {
		m.WithValueAttribute(sdp.AttrKeyExtMap, strconv.Itoa(int(id))+" "+sdp.TransportCCURI)
	}
	addStreams(m, out)
	m.WithPropertyAttribute(direction)
	return m
}

// addCodec adds a codec with its feedback, and its retransmissions behind it.
func addCodec(m *sdp.MediaDescription, c Codec) {
	e := served[c.Name]
	m.WithCodec(c.PayloadType, e.name, e.clock, e.channels, c.Format)
	for _, fb := range c.Feedback {
		m.WithValueAttribute("rtcp-fb", strconv.Itoa(int(c.PayloadType))+" "+string(fb))
	}
	if c.RTX != 0 {
		m.WithCodec(c.RTX, "rtx", e.clock, 0, "apt="+strconv.Itoa(int(c.PayloadType)))
	}
}

// addStreams announces what is sent (RFC 8830 §2, RFC 5576 §4). Where nothing is
// there is no SSRC.
func addStreams(m *sdp.MediaDescription, out Output) {
	if out.SSRC == 0 {
		return
	}
	msid := streamID + " " + string(out.Section.Kind)
	ssrcs := []uint32{out.SSRC}
	if out.RTX != 0 {
		ssrcs = append(ssrcs, out.RTX)
		m.WithValueAttribute(sdp.AttrKeySSRCGroup, fmt.Sprintf("%s %d %d", sdp.SemanticTokenFlowIdentification, out.SSRC, out.RTX))
	}
	for _, ssrc := range ssrcs {
		m.WithValueAttribute(sdp.AttrKeySSRC, fmt.Sprintf("%d cname:%s", ssrc, CNAME))
		m.WithValueAttribute(sdp.AttrKeySSRC, fmt.Sprintf("%d msid:%s", ssrc, msid))
	}
	m.WithValueAttribute(sdp.AttrKeyMsid, msid)
}

// addCandidates adds the candidates in their order, and that there are no others
// (RFC 8840).
func addCandidates(m *sdp.MediaDescription, candidates []string) {
	for _, c := range sortedCandidates(candidates) {
		m.WithValueAttribute(sdp.AttrKeyCandidate, c)
	}
	m.WithPropertyAttribute(sdp.AttrKeyEndOfCandidates)
}
