package negotiation

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pion/sdp/v3"

	"rostrum/domain"
)

// Offer is an SDP offer that has been found usable. It is not changed once it has
// been parsed, so any number of goroutines may read it.
//
// Its sections are bundled: Credentials, Candidates, Setup and Fingerprints are
// those of the section whose transport all of them take (RFC 9143 §7.2).
type Offer struct {
	From     Side
	Sections []Section // one of audio, one of video or one of each, in the offer's order

	Credentials  Credentials
	Candidates   []string // at most MaxCandidates, of component 1, each once, without "candidate:"
	Lite         bool     // the peer is ICE lite: the other side is to control (RFC 8445 §6.1.1)
	Setup        Setup
	Fingerprints []Fingerprint // at least one

	bundle []string // the mids of the sections in their group's order; nil: there is no group
	mixed  bool     // extmap-allow-mixed (RFC 8285 §6)
}

// Side is which side of a room offers, hence which way its media goes.
type Side uint8

// The sides.
const (
	Publishing Side = iota
	Subscribing
)

// sides says what direction an offer of each side is taken for, also where it is
// sendrecv, how that is answered, and what is said to any other.
var sides = [...]struct{ offered, answered, refusal string }{
	Publishing:  {"sendonly", "recvonly", "A publisher's media must be sendonly or sendrecv."},
	Subscribing: {"recvonly", "sendonly", "A subscriber's media must be recvonly or sendrecv."},
}

// ParseOffer reads an SDP offer. It refuses with domain.ErrOffer what is malformed
// or could never connect, with domain.ErrOfferUnsupported what is more or other
// than is served, and with domain.ErrNoCommonCodec a section without a served
// codec. Simulcast is passed over (RFC 8853 §5.3.2 leaves it to the answerer).
func ParseOffer(text string, from Side) (*Offer, error) {
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
	if err := checkReachable(session); err != nil {
		return nil, err
	}
	o := &Offer{From: from}
	_, o.Lite = session.Attribute(sdp.AttrKeyICELite)
	_, o.mixed = session.Attribute(sdp.AttrKeyExtMapAllowMixed)
	if err := o.parseSections(session); err != nil {
		return nil, err
	}
	o.bundle = bundleOf(session, o.Sections)
	if len(o.Sections) > 1 && o.bundle == nil {
		return nil, domain.ErrOfferUnsupported.Because("The offer must bundle its media sections (a=group:BUNDLE, RFC 9143).")
	}
	if err := o.parseTransport(session); err != nil {
		return nil, err
	}
	return o, nil
}

// parseSections reads the media sections, no two of one kind or one mid.
func (o *Offer) parseSections(session *sdp.SessionDescription) error {
	for _, m := range session.MediaDescriptions {
		s, err := parseSection(session, m, o.From)
		if err != nil {
			return err
		}
		for _, before := range o.Sections {
			if before.Kind == s.Kind {
				return domain.ErrOfferUnsupported.Because(fmt.Sprintf("The offer has more than one section of %s. One audio and one video track are served.", s.Kind))
			}
			if before.MID == s.MID {
				return malformed("two media sections have the same a=mid")
			}
		}
		o.Sections = append(o.Sections, s)
	}
	claimed := map[uint32]bool{}
	for i, m := range session.MediaDescriptions {
		o.Sections[i].Streams = streamsOf(m, claimed)
	}
	return nil
}

// bundleOf returns the mids of the sections in the order of the first BUNDLE group
// if that names every one of them, nil otherwise. It may name others that are not
// there, as FFmpeg's does.
func bundleOf(session *sdp.SessionDescription, sections []Section) []string {
	for _, a := range session.Attributes {
		group := strings.Fields(a.Value)
		if a.Key != sdp.AttrKeyGroup || len(group) == 0 || group[0] != "BUNDLE" {
			continue
		}
		var mids []string
		for _, mid := range group[1:] {
			there := slices.ContainsFunc(sections, func(s Section) bool { return s.MID == mid })
			if there && !slices.Contains(mids, mid) {
				mids = append(mids, mid)
			}
		}
		if len(mids) == len(sections) {
			return mids
		}
		return nil
	}
	return nil
}

// tagged returns the index of the section whose transport the bundle takes: the
// first of its group (RFC 9143 §7.2.1).
func (o *Offer) tagged() int {
	if o.bundle == nil {
		return 0
	}
	return slices.IndexFunc(o.Sections, func(s Section) bool { return s.MID == o.bundle[0] })
}

func malformed(why string) error {
	return domain.ErrOffer.Because("The SDP offer is not usable: " + why + ".")
}
