package pion

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"

	"rostrum/domain"
)

// offer is an SDP offer that has been found usable: one section of audio, one of
// video or one of each.
type offer struct {
	from     side
	session  *sdp.SessionDescription
	sections []section // in the offer's order
}

// section is one media section of an offer and the codecs in it that are served,
// in the offer's order.
type section struct {
	mid    string
	kind   domain.MediaKind
	codecs []codec
}

// side is which way media goes, seen from the offerer.
type side struct {
	direction string // that it is taken for, also where sendrecv is offered
	refusal   string // of any other
}

var (
	publishing  = side{"sendonly", "A publisher's media must be sendonly or sendrecv."}
	subscribing = side{"recvonly", "A subscriber's media must be recvonly or sendrecv."}
)

var directions = []string{"sendrecv", "sendonly", "recvonly", "inactive"}

// maxFormats bounds how many payload types a section may list: the 7 bits of RTP.
const maxFormats = 128

// parseOffer reads an SDP offer. It refuses with domain.ErrOffer what is malformed
// or could never connect, with domain.ErrOfferUnsupported what is more or other
// than is served, and with domain.ErrNoCommonCodec a section without a served
// codec.
func parseOffer(text string, from side) (*offer, error) {
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\r\n" // clients forget the last line end
	}
	session := &sdp.SessionDescription{}
	if err := session.UnmarshalString(text); err != nil || text != "" && !strings.HasPrefix(text, "v=0") || strings.ContainsRune(text, 0) {
		return nil, malformed("it cannot be parsed")
	}
	if len(session.MediaDescriptions) == 0 {
		return nil, malformed("it has no media section")
	}
	o := &offer{from: from, session: session}
	seen, mids := map[domain.MediaKind]bool{}, map[string]bool{}
	for _, m := range session.MediaDescriptions {
		s, err := o.parseSection(m)
		if err != nil {
			return nil, err
		}
		if seen[s.kind] {
			return nil, domain.ErrOfferUnsupported.Because(fmt.Sprintf("The offer has more than one section of %s. One audio and one video track are served.", s.kind))
		}
		if mids[s.mid] {
			return nil, malformed("two media sections have the same a=mid")
		}
		seen[s.kind], mids[s.mid] = true, true
		o.sections = append(o.sections, s)
	}
	if len(o.sections) > 1 && !o.bundled() {
		return nil, domain.ErrOfferUnsupported.Because("The offer must bundle its media sections (a=group:BUNDLE, RFC 9143).")
	}
	return o, nil
}

// bundled reports whether one BUNDLE group names every section. It may name others
// that are not there, as FFmpeg's does.
func (o *offer) bundled() bool {
	for _, a := range o.session.Attributes {
		group := strings.Fields(a.Value)
		if a.Key != sdp.AttrKeyGroup || len(group) == 0 || group[0] != "BUNDLE" {
			continue
		}
		named := func(s section) bool { return slices.Contains(group[1:], s.mid) }
		return !slices.ContainsFunc(o.sections, func(s section) bool { return !named(s) })
	}
	return false
}

func (o *offer) parseSection(m *sdp.MediaDescription) (section, error) {
	s := section{kind: domain.MediaKind(m.MediaName.Media)}
	if s.kind != domain.Audio && s.kind != domain.Video {
		return s, domain.ErrOfferUnsupported.Because("The offer has a section that is neither audio nor video. Offer those two alone.")
	}
	if err := o.checkTransport(m); err != nil {
		return s, err
	}
	if d := o.direction(m); d != o.from.direction && d != "sendrecv" {
		return s, domain.ErrOfferUnsupported.Because(o.from.refusal)
	}
	mid, ok := m.Attribute(sdp.AttrKeyMID)
	if !ok || mid == "" {
		return s, malformed("a media section has no a=mid")
	}
	s.mid = mid
	s.codecs = servedCodecs(m)
	if len(s.codecs) == 0 {
		return s, domain.ErrNoCommonCodec
	}
	return s, nil
}

// checkTransport makes sure that a section can be reached over ICE, DTLS and SRTP,
// all in one port.
func (o *offer) checkTransport(m *sdp.MediaDescription) error {
	if len(m.MediaName.Formats) > maxFormats {
		return malformed("a media section lists more formats than RTP has payload types")
	}
	if !strings.Contains(strings.Join(m.MediaName.Protos, "/"), "TLS/RTP/SAVP") {
		return domain.ErrOfferUnsupported.Because("The offer's media must be protected by DTLS (UDP/TLS/RTP/SAVPF, RFC 8827).")
	}
	if _, bundleOnly := m.Attribute("bundle-only"); m.MediaName.Port.Value == 0 && !bundleOnly {
		return domain.ErrOfferUnsupported.Because("The offer has a rejected media section (port 0). Leave it out.")
	}
	for _, key := range []string{"ice-ufrag", "ice-pwd"} {
		if v, ok := o.attribute(m, key); !ok || v == "" {
			return malformed("it has no a=" + key)
		}
	}
	fingerprint, ok := o.attribute(m, "fingerprint")
	if !ok {
		return malformed("it has no a=fingerprint")
	}
	_, digest, _ := strings.Cut(fingerprint, " ")
	if raw, err := hex.DecodeString(strings.ReplaceAll(digest, ":", "")); err != nil || len(raw) == 0 {
		return malformed("its a=fingerprint is no hexadecimal digest")
	}
	if _, ok := m.Attribute(sdp.AttrKeyRTCPMux); !ok {
		return domain.ErrOfferUnsupported.Because("The offer must multiplex RTP and RTCP (a=rtcp-mux, RFC 5761).")
	}
	return nil
}

// attribute returns a section's attribute, or the session's where the section has
// none of its own (RFC 8839 §5.4, RFC 8842 §5.2).
func (o *offer) attribute(m *sdp.MediaDescription, key string) (string, bool) {
	if v, ok := m.Attribute(key); ok {
		return v, true
	}
	return o.session.Attribute(key)
}

// direction returns a section's direction, sendrecv where nothing is said
// (RFC 8866 §6.7).
func (o *offer) direction(m *sdp.MediaDescription) string {
	for _, attributes := range [][]sdp.Attribute{m.Attributes, o.session.Attributes} {
		for _, a := range attributes {
			if slices.Contains(directions, a.Key) {
				return a.Key
			}
		}
	}
	return directions[0]
}

// description returns the offer as pion is to see it: without simulcast, which is
// not taken up (RFC 8853 §5.3.2 leaves it to the answerer), and one-way, since what
// WHIP and WHEP answer is, also to sendrecv.
func (o *offer) description() (webrtc.SessionDescription, error) {
	simulcast := func(a sdp.Attribute) bool { return a.Key == "rid" || a.Key == "simulcast" }
	o.direct(o.session.Attributes)
	for _, m := range o.session.MediaDescriptions {
		m.Attributes = slices.DeleteFunc(m.Attributes, simulcast)
		if !o.direct(m.Attributes) {
			m.WithPropertyAttribute(o.from.direction)
		}
	}
	text, err := o.session.Marshal()
	return webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: string(text)}, err
}

// direct makes a direction among attributes the one that the offer is taken for,
// and reports whether there was one.
func (o *offer) direct(attributes []sdp.Attribute) bool {
	i := slices.IndexFunc(attributes, func(a sdp.Attribute) bool { return slices.Contains(directions, a.Key) })
	if i < 0 {
		return false
	}
	attributes[i] = sdp.Attribute{Key: o.from.direction}
	return true
}

// credentials returns the ICE credentials of the peer that offered.
func (o *offer) credentials() (ufrag, pwd string) {
	m := o.session.MediaDescriptions[0]
	ufrag, _ = o.attribute(m, "ice-ufrag")
	pwd, _ = o.attribute(m, "ice-pwd")
	return ufrag, pwd
}

// withICE returns a copy of the offer in which nothing but ICE is another: the
// fragment's credentials, and no candidates, which are trickled.
func (o *offer) withICE(f fragment) (*offer, error) {
	text, err := o.session.Marshal()
	if err != nil {
		return nil, err
	}
	session := &sdp.SessionDescription{}
	if err := session.Unmarshal(text); err != nil {
		return nil, err
	}
	stale := func(a sdp.Attribute) bool {
		return a.IsICECandidate() || slices.Contains([]string{"ice-ufrag", "ice-pwd", sdp.AttrKeyEndOfCandidates}, a.Key)
	}
	session.Attributes = slices.DeleteFunc(session.Attributes, stale)
	for _, m := range session.MediaDescriptions {
		m.Attributes = slices.DeleteFunc(m.Attributes, stale)
		m.WithICECredentials(f.ufrag, f.pwd)
	}
	return &offer{from: o.from, session: session, sections: o.sections}, nil
}

func malformed(why string) error {
	return domain.ErrOffer.Because("The SDP offer is not usable: " + why + ".")
}
