package negotiation

import (
	"slices"
	"testing"

	"rostrum/domain"
)

// of returns a codec of an offer.
func of(name domain.Codec, pt uint8, fmtp string) Codec {
	return Codec{Name: name, PayloadType: pt, Format: fmtp}
}

// payloadTypes returns those of codecs, in their order.
func payloadTypes(codecs []Codec) []uint8 {
	var all []uint8
	for _, c := range codecs {
		all = append(all, c.PayloadType)
	}
	return all
}

func TestFitness(t *testing.T) {
	const (
		high, base   = "packetization-mode=1;profile-level-id=64001f", "packetization-mode=1;profile-level-id=42e01f"
		baseMode0    = "packetization-mode=0;profile-level-id=42e01f"
		baseImplicit = "profile-level-id=42e01f"
	)
	for name, c := range map[string]struct {
		codec  Codec
		track  domain.Codec
		format string
		want   int
	}{
		"VP8":                            {of(domain.VP8, 96, ""), domain.VP8, "", suitsExactly},
		"VP8 with bounds":                {of(domain.VP8, 96, "max-fs=12288;max-fr=60"), domain.VP8, "", suitsExactly},
		"another codec":                  {of(domain.VP8, 96, ""), domain.VP9, "", suitsNot},
		"another codec, same format":     {of(domain.H265, 96, ""), domain.H264, "", suitsNot},
		"Opus":                           {of(domain.Opus, 111, "minptime=10"), domain.Opus, "stereo=1", suitsExactly},
		"H264 of the same profile":       {of(domain.H264, 102, base), domain.H264, base, suitsExactly},
		"H264 written otherwise":         {of(domain.H264, 102, "Profile-Level-Id=42E01F; level-asymmetry-allowed=1 ; PACKETIZATION-MODE=1"), domain.H264, base, suitsExactly},
		"H264 of another profile":        {of(domain.H264, 102, base), domain.H264, high, suits},
		"H264 without a profile":         {of(domain.H264, 102, "packetization-mode=1"), domain.H264, high, suits},
		"H264 of another packetization":  {of(domain.H264, 102, baseMode0), domain.H264, base, suitsNot},
		"H264, mode 0 by default":        {of(domain.H264, 102, baseImplicit), domain.H264, baseMode0, suitsExactly},
		"H264, mode 0 is not mode 1":     {of(domain.H264, 102, ""), domain.H264, base, suitsNot},
		"VP9, profile 0 by default":      {of(domain.VP9, 98, ""), domain.VP9, "profile-id=0", suitsExactly},
		"VP9 of another profile":         {of(domain.VP9, 100, "profile-id=2"), domain.VP9, "profile-id=0", suitsNot},
		"AV1, profile 0 by default":      {of(domain.AV1, 45, "level-idx=5;tier=0"), domain.AV1, "profile=0", suitsExactly},
		"AV1 of another profile":         {of(domain.AV1, 45, "profile=1"), domain.AV1, "", suitsNot},
		"H265: its profile is a hint":    {of(domain.H265, 49, "profile-id=1;level-id=93"), domain.H265, "profile-id=2", suitsExactly},
		"H265 has no packetization-mode": {of(domain.H265, 49, "packetization-mode=1"), domain.H265, "", suitsExactly},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.codec.fitness(domain.Track{Codec: c.track, Format: c.format}); got != c.want {
				t.Errorf("%d, want %d", got, c.want)
			}
		})
	}
}

func TestByFitness(t *testing.T) {
	const mode1 = "packetization-mode=1;profile-level-id="
	offered := []Codec{
		of(domain.VP8, 96, ""), of(domain.H264, 103, mode1+"42001f"), of(domain.H264, 107, "profile-level-id=64001f"),
		of(domain.H264, 109, mode1+"64001f"), of(domain.H264, 117, mode1+"4d001f"), of(domain.VP9, 98, ""),
	}
	for name, c := range map[string]struct {
		track domain.Track
		from  []Codec
		want  []uint8
		suits bool
	}{
		"the exact one, then its like": {domain.Track{Codec: domain.H264, Format: mode1 + "64001f"}, offered, []uint8{109, 103, 117, 96, 107, 98}, true},
		"the only one":                 {domain.Track{Codec: domain.VP9}, offered, []uint8{98, 96, 103, 107, 109, 117}, true},
		"none: the offer's order":      {domain.Track{Codec: domain.AV1}, offered, []uint8{96, 103, 107, 109, 117, 98}, false},
		"nothing offered":              {domain.Track{Codec: domain.VP8}, nil, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			before := payloadTypes(c.from)
			sorted, suits := byFitness(c.from, c.track)
			if got := payloadTypes(sorted); !slices.Equal(got, c.want) || suits != c.suits {
				t.Errorf("%v, %v, want %v, %v", got, suits, c.want, c.suits)
			}
			if after := payloadTypes(c.from); !slices.Equal(before, after) {
				t.Errorf("the offer's own order has become %v", after)
			}
		})
	}
}

// H264 that must not be fragmented comes last, the others stay in their order.
func TestPlayable(t *testing.T) {
	const mode1 = "packetization-mode=1;profile-level-id=42e01f"
	for name, c := range map[string]struct {
		from []Codec
		want []uint8
	}{
		"nothing":             {nil, nil},
		"all alike":           {[]Codec{of(domain.VP8, 96, ""), of(domain.VP9, 98, "")}, []uint8{96, 98}},
		"mode 0 before all":   {[]Codec{of(domain.H264, 1, "packetization-mode=0"), of(domain.H264, 2, mode1), of(domain.VP8, 3, "")}, []uint8{2, 3, 1}},
		"no mode is mode 0":   {[]Codec{of(domain.H264, 1, ""), of(domain.H264, 2, mode1)}, []uint8{2, 1}},
		"mode 0 alone":        {[]Codec{of(domain.H264, 1, "packetization-mode=0")}, []uint8{1}},
		"others have no mode": {[]Codec{of(domain.H265, 1, ""), of(domain.AV1, 2, ""), of(domain.Opus, 3, "")}, []uint8{1, 2, 3}},
	} {
		t.Run(name, func(t *testing.T) {
			before := payloadTypes(c.from)
			if got := payloadTypes(playable(c.from)); !slices.Equal(got, c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
			if !slices.Equal(before, payloadTypes(c.from)) {
				t.Error("the offer's own order has changed")
			}
		})
	}
}
