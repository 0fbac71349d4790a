package negotiation

import (
	"crypto"
	_ "crypto/sha256" // hashes of fingerprints
	_ "crypto/sha512" // likewise
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/pion/sdp/v3"

	"rostrum/domain"
)

// Fingerprint is the hash of a certificate (RFC 8122 §5).
type Fingerprint struct {
	Hash   string // its name in lower case, "sha-256"
	Digest []byte
}

// hashes are those of fingerprints that are understood.
var hashes = map[string]crypto.Hash{"sha-224": crypto.SHA224, "sha-256": crypto.SHA256, "sha-384": crypto.SHA384, "sha-512": crypto.SHA512}

// maxFingerprints bounds how many fingerprints of a section are looked at.
const maxFingerprints = 16

// FingerprintOf returns the SHA-256 fingerprint of a certificate in DER.
func FingerprintOf(der []byte) Fingerprint {
	return Fingerprint{"sha-256", digest(crypto.SHA256, der)}
}

// String writes the fingerprint as SDP has it.
func (f Fingerprint) String() string {
	pairs := make([]string, len(f.Digest))
	for i, b := range f.Digest {
		pairs[i] = fmt.Sprintf("%02X", b)
	}
	return f.Hash + " " + strings.Join(pairs, ":")
}

// of reports whether the fingerprint is that of a certificate in DER.
func (f Fingerprint) of(der []byte) bool {
	hash, ok := hashes[f.Hash]
	return ok && slices.Equal(f.Digest, digest(hash, der))
}

func digest(hash crypto.Hash, der []byte) []byte {
	h := hash.New()
	_, _ = h.Write(der) // a hash never fails
	return h.Sum(nil)
}

// Setup is what a side does to begin DTLS (RFC 8842 §5).
type Setup string

// What a side can be set up for: either, to begin, or to wait.
const (
	ActPass Setup = "actpass"
	Active  Setup = "active"
	Passive Setup = "passive"
)

// Answer returns what the other side does: it waits, and only where the offerer
// does so too, as FFmpeg, begins.
func (s Setup) Answer() Setup {
	if s == Passive {
		return Active
	}
	return Passive
}

// parseFingerprints reads the fingerprints of the tagged section, or the session's
// where that has none.
func (o *Offer) parseFingerprints(session *sdp.SessionDescription, tagged *sdp.MediaDescription) error {
	ofSession, err := fingerprintsOf(session.Attributes)
	if err != nil {
		return err
	}
	o.Fingerprints = ofSession
	for _, m := range session.MediaDescriptions {
		own, err := fingerprintsOf(m.Attributes)
		if err != nil {
			return err
		}
		if m == tagged && len(own) > 0 {
			o.Fingerprints = own
		}
	}
	if len(o.Fingerprints) == 0 {
		return malformed("it has no a=fingerprint")
	}
	if !slices.ContainsFunc(o.Fingerprints, func(f Fingerprint) bool { return hashes[f.Hash] != 0 }) {
		return domain.ErrOfferUnsupported.Because("The offer must have a fingerprint of SHA-256 (RFC 8827 §6.5).")
	}
	return nil
}

func fingerprintsOf(attributes []sdp.Attribute) ([]Fingerprint, error) {
	var all []Fingerprint
	for _, a := range attributes {
		if a.Key != "fingerprint" || len(all) == maxFingerprints {
			continue
		}
		hash, written, _ := strings.Cut(a.Value, " ")
		raw, err := hex.DecodeString(strings.ReplaceAll(written, ":", ""))
		if err != nil || len(raw) == 0 {
			return nil, malformed("its a=fingerprint is no hexadecimal digest")
		}
		all = append(all, Fingerprint{strings.ToLower(hash), raw})
	}
	return all, nil
}

// Trusts reports whether a certificate, in DER as DTLS brings it, is one that the
// offer gave a fingerprint of. Media of any other must not be taken (RFC 8827 §6.5).
func (o *Offer) Trusts(der []byte) bool {
	return slices.ContainsFunc(o.Fingerprints, func(f Fingerprint) bool { return f.of(der) })
}
