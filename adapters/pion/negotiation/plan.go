package negotiation

import (
	"crypto/rand"
	"encoding/binary"
	"slices"

	"rostrum/domain"
)

// Output is a section of a subscriber's offer that something is or may be sent on,
// and what identifies its streams.
type Output struct {
	Section Section // its codecs as the answer orders them
	SSRC    uint32
	RTX     uint32 // SSRC of retransmissions, 0 where no codec has any
}

// PlanOutputs returns the sections that something is or may be sent on, in the
// offer's order: those that a track is for, the codecs that suit it first, or all of
// them while there are no tracks. It refuses with domain.ErrNoCommonCodec when a
// section has a track but no codec for it, and with domain.ErrOfferUnsupported when
// there is nothing to send at all. Each plan has SSRCs of its own.
func (o *Offer) PlanOutputs(tracks []domain.Track) ([]Output, error) {
	var plan []Output
	taken := o.ssrcs()
	for _, s := range o.Sections {
		if len(tracks) > 0 {
			i := slices.IndexFunc(tracks, func(t domain.Track) bool { return t.Kind() == s.Kind })
			if i < 0 {
				continue
			}
			codecs, ok := byFitness(s.Codecs, tracks[i])
			if !ok {
				return nil, domain.ErrNoCommonCodec.Because("The stream's " + string(s.Kind) + " is " + string(tracks[i].Codec) + ", which the offer does not have. Use a player that can decode it.")
			}
			s.Codecs = codecs
		}
		out := Output{Section: s, SSRC: newSSRC(taken)}
		if slices.ContainsFunc(s.Codecs, func(c Codec) bool { return c.RTX != 0 }) {
			out.RTX = newSSRC(taken)
		}
		plan = append(plan, out)
	}
	if len(plan) == 0 {
		return nil, domain.ErrOfferUnsupported.Because("The stream has no media of the kind that the offer asks for.")
	}
	return plan, nil
}

// PayloadTypes returns the payload type under which the subscriber takes each codec:
// of several the one that suits best.
func (o Output) PayloadTypes() map[domain.Codec]uint8 {
	types := map[domain.Codec]uint8{}
	for _, c := range playable(o.Section.Codecs) {
		if _, ok := types[c.Name]; !ok {
			types[c.Name] = c.PayloadType
		}
	}
	return types
}

// RetransmissionTypes returns the payload type of the retransmissions of each
// payload type that has any.
func (o Output) RetransmissionTypes() map[uint8]uint8 {
	types := map[uint8]uint8{}
	for _, c := range o.Section.Codecs {
		if c.RTX != 0 {
			types[c.PayloadType] = c.RTX
		}
	}
	return types
}

// Codecs returns what the subscriber of a plan takes, each codec once.
func Codecs(plan []Output) []domain.Codec {
	var names []domain.Codec
	for _, o := range plan {
		for _, c := range o.Section.Codecs {
			if !slices.Contains(names, c.Name) {
				names = append(names, c.Name)
			}
		}
	}
	return names
}

// ssrcs returns the SSRCs that the offer announces, and 0, which is none.
func (o *Offer) ssrcs() map[uint32]bool {
	taken := map[uint32]bool{0: true}
	for _, section := range o.Sections {
		for _, s := range section.Streams {
			taken[s.SSRC], taken[s.RTX] = true, true
		}
	}
	return taken
}

// newSSRC returns an SSRC by chance (RFC 3550 §8.1) that is not taken, and takes it.
func newSSRC(taken map[uint32]bool) uint32 {
	for {
		if ssrc := uint32(random() >> 32); !taken[ssrc] {
			taken[ssrc] = true
			return ssrc
		}
	}
}

func random() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return binary.BigEndian.Uint64(b[:])
}
