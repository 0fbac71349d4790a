package negotiation

import (
	"cmp"
	"slices"

	"rostrum/domain"
)

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
func (c Codec) fitness(t domain.Track) int {
	if c.Name != t.Codec {
		return suitsNot
	}
	for _, must := range []struct{ key, unset string }{{"packetization-mode", "0"}, {"profile-id", "0"}, {"profile", "0"}} {
		if c.Name == domain.H265 {
			break
		}
		if cmp.Or(parameter(c.Format, must.key), must.unset) != cmp.Or(parameter(t.Format, must.key), must.unset) {
			return suitsNot
		}
	}
	if parameter(c.Format, "profile-level-id") == parameter(t.Format, "profile-level-id") {
		return suitsExactly
	}
	return suits
}

// byFitness returns codecs with those that suit the track best first, otherwise in
// their order, and whether any suits it.
func byFitness(codecs []Codec, t domain.Track) ([]Codec, bool) {
	sorted := slices.Clone(codecs)
	slices.SortStableFunc(sorted, func(a, b Codec) int { return a.fitness(t) - b.fitness(t) })
	return sorted, len(sorted) > 0 && sorted[0].fitness(t) < suitsNot
}

// playable returns codecs with those last that hardly any track can be sent in: H264
// that must not be fragmented.
func playable(codecs []Codec) []Codec {
	sorted := slices.Clone(codecs)
	single := func(c Codec) int {
		if c.Name == domain.H264 && parameter(c.Format, "packetization-mode") != "1" {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(sorted, func(a, b Codec) int { return single(a) - single(b) })
	return sorted
}
