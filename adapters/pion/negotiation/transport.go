package negotiation

import (
	"slices"

	"github.com/pion/sdp/v3"
)

// Transport is what an answer says of its own side's ICE and DTLS.
type Transport struct {
	Credentials Credentials
	Candidates  []string // as a=candidate has them, without "candidate:"; there are no others
	Fingerprint Fingerprint
}

// Credentials are the ICE credentials of one side (RFC 8839 §5.4).
type Credentials struct {
	Ufrag, Pwd string
}

// parseTransport reads what the tagged section, or the session for it, says of ICE
// and DTLS (RFC 8839 §5.4, RFC 8842 §5.1). Bundled sections that are not tagged need
// not say any of it, but what they say of certificates must be well-formed.
func (o *Offer) parseTransport(session *sdp.SessionDescription) error {
	tagged := session.MediaDescriptions[o.tagged()]
	o.Credentials.Ufrag = attributeOf(session, tagged, "ice-ufrag")
	o.Credentials.Pwd = attributeOf(session, tagged, "ice-pwd")
	switch {
	case o.Credentials.Ufrag == "":
		return malformed("it has no a=ice-ufrag")
	case o.Credentials.Pwd == "":
		return malformed("it has no a=ice-pwd")
	}
	o.Setup = Setup(attributeOf(session, tagged, sdp.AttrKeyConnectionSetup))
	if o.Setup != Active && o.Setup != Passive {
		o.Setup = ActPass
	}
	o.Candidates = candidatesOf(tagged)
	return o.parseFingerprints(session, tagged)
}

// checkReachable makes sure that an offer has, in whichever of its sections, what
// nobody can connect without. Text that was cut is then called what it is.
func checkReachable(session *sdp.SessionDescription) error {
	for _, key := range []string{"ice-ufrag", "ice-pwd", "fingerprint"} {
		has := func(m *sdp.MediaDescription) bool { return attributeOf(session, m, key) != "" }
		if !slices.ContainsFunc(session.MediaDescriptions, has) {
			return malformed("it has no a=" + key)
		}
	}
	return nil
}

// Restarted returns the offer as a fragment that restarts ICE leaves it: with the
// fragment's credentials and candidates, and otherwise the same.
func (o *Offer) Restarted(f Fragment) *Offer {
	restarted := *o
	restarted.Credentials, restarted.Candidates = f.Credentials, f.Candidates
	return &restarted
}

// attributeOf returns a section's attribute, or the session's where the section has
// none of its own.
func attributeOf(session *sdp.SessionDescription, m *sdp.MediaDescription, key string) string {
	if v, ok := m.Attribute(key); ok {
		return v
	}
	v, _ := session.Attribute(key)
	return v
}
