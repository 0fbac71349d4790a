package negotiation

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"

	"rostrum/domain"
)

// Section is one media section of an offer.
type Section struct {
	MID         string
	Kind        domain.MediaKind
	Codecs      []Codec // those that are served, at least one, in the offer's order
	Streams     []Stream
	ReducedSize bool // RTCP packets need not be compound (RFC 5506)

	// TransportCC is the id of the header extension of transport-wide congestion
	// control (RFC 8285), 0 where it is not offered. A publisher's is taken up.
	TransportCC uint8

	protocol []string // of the m= line
}

// maxFormats bounds how many payload types a section may list: the 7 bits of RTP.
const maxFormats = 128

var directions = []string{"sendrecv", "sendonly", "recvonly", "inactive"}

// parseSection reads and checks a section but for its transport and its streams.
func parseSection(session *sdp.SessionDescription, m *sdp.MediaDescription, from Side) (Section, error) {
	s := Section{Kind: domain.MediaKind(m.MediaName.Media), protocol: m.MediaName.Protos}
	if s.Kind != domain.Audio && s.Kind != domain.Video {
		return s, domain.ErrOfferUnsupported.Because("The offer has a section that is neither audio nor video. Offer those two alone.")
	}
	if err := checkSection(m); err != nil {
		return s, err
	}
	if d := directionOf(session, m); d != sides[from].offered && d != "sendrecv" {
		return s, domain.ErrOfferUnsupported.Because(sides[from].refusal)
	}
	mid, ok := m.Attribute(sdp.AttrKeyMID)
	if !ok || mid == "" {
		return s, malformed("a media section has no a=mid")
	}
	s.MID = mid
	_, s.ReducedSize = m.Attribute(sdp.AttrKeyRTCPRsize)
	s.TransportCC = transportCCOf(m)
	s.Codecs = servedCodecs(m, s.feedback(from))
	if len(s.Codecs) == 0 {
		return s, domain.ErrNoCommonCodec
	}
	return s, nil
}

// checkSection makes sure that a section is one of DTLS and SRTP, all in one port,
// which is not closed.
func checkSection(m *sdp.MediaDescription) error {
	if len(m.MediaName.Formats) > maxFormats {
		return malformed("a media section lists more formats than RTP has payload types")
	}
	if !strings.Contains(strings.Join(m.MediaName.Protos, "/"), "TLS/RTP/SAVP") {
		return domain.ErrOfferUnsupported.Because("The offer's media must be protected by DTLS (UDP/TLS/RTP/SAVPF, RFC 8827).")
	}
	if _, bundleOnly := m.Attribute("bundle-only"); m.MediaName.Port.Value == 0 && !bundleOnly {
		return domain.ErrOfferUnsupported.Because("The offer has a rejected media section (port 0). Leave it out.")
	}
	if _, ok := m.Attribute(sdp.AttrKeyRTCPMux); !ok {
		return domain.ErrOfferUnsupported.Because("The offer must multiplex RTP and RTCP (a=rtcp-mux, RFC 5761).")
	}
	return nil
}

// directionOf returns a section's direction, sendrecv where nothing is said
// (RFC 8866 §6.7).
func directionOf(session *sdp.SessionDescription, m *sdp.MediaDescription) string {
	for _, attributes := range [][]sdp.Attribute{m.Attributes, session.Attributes} {
		for _, a := range attributes {
			if slices.Contains(directions, a.Key) {
				return a.Key
			}
		}
	}
	return directions[0]
}

// transportCCOf returns the id under which a section offers the extension of
// transport-wide congestion control (RFC 8285 §5), 0 where it does not. What is offered
// one way, or under an id that one-byte headers cannot have, is passed over.
func transportCCOf(m *sdp.MediaDescription) uint8 {
	for _, a := range m.Attributes {
		fields := strings.Fields(a.Value)
		if a.Key != sdp.AttrKeyExtMap || len(fields) < 2 || fields[1] != sdp.TransportCCURI {
			continue
		}
		if id, err := strconv.ParseUint(fields[0], 10, 4); err == nil && id > 0 && id < 15 {
			return uint8(id)
		}
	}
	return 0
}

// Codec returns the section's codec with that payload type.
func (s Section) Codec(pt uint8) (Codec, bool) {
	i := slices.IndexFunc(s.Codecs, func(c Codec) bool { return c.PayloadType == pt })
	if i < 0 {
		return Codec{}, false
	}
	return s.Codecs[i], true
}

// Track returns the track that a codec of the section makes.
func (s Section) Track(c Codec) domain.Track {
	return domain.Track{
		ID:     domain.TrackID(s.Kind),
		Codec:  c.Name,
		Format: c.Format,
		Layers: []domain.Layer{{}},
	}
}
