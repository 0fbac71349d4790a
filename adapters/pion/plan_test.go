package pion

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pion/webrtc/v4"

	"rostrum/domain"
)

// H264 that must not be fragmented comes last, the others stay in their order.
func TestPlayable(t *testing.T) {
	const mode1 = "packetization-mode=1;profile-level-id=42e01f"
	for name, c := range map[string]struct {
		from []codec
		want []webrtc.PayloadType
	}{
		"nothing":             {nil, nil},
		"all alike":           {[]codec{of(domain.VP8, 96, ""), of(domain.VP9, 98, "")}, []webrtc.PayloadType{96, 98}},
		"mode 0 before all":   {[]codec{of(domain.H264, 1, "packetization-mode=0"), of(domain.H264, 2, mode1), of(domain.VP8, 3, "")}, []webrtc.PayloadType{2, 3, 1}},
		"no mode is mode 0":   {[]codec{of(domain.H264, 1, ""), of(domain.H264, 2, mode1)}, []webrtc.PayloadType{2, 1}},
		"mode 0 alone":        {[]codec{of(domain.H264, 1, "packetization-mode=0")}, []webrtc.PayloadType{1}},
		"others have no mode": {[]codec{of(domain.H265, 1, ""), of(domain.AV1, 2, ""), of(domain.Opus, 3, "")}, []webrtc.PayloadType{1, 2, 3}},
	} {
		t.Run(name, func(t *testing.T) {
			before := slices.Clone(c.from)
			var got []webrtc.PayloadType
			for _, p := range playable(c.from) {
				got = append(got, p.parameters.PayloadType)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
			if !slices.EqualFunc(before, c.from, func(a, b codec) bool { return a.parameters.PayloadType == b.parameters.PayloadType }) {
				t.Error("the offer's own order has changed")
			}
		})
	}
}

func TestPlanOutputs(t *testing.T) {
	sound := domain.Track{ID: "audio", Codec: domain.Opus}
	for name, c := range map[string]struct {
		tracks []domain.Track
		want   []string
		err    error
	}{
		"in the lobby: all sections": {nil, []string{"0 audio: OPUS 109/0", "1 video: VP8 120/124, VP9 121/125, H264 126/127, H264 97/98"}, nil},
		"sound alone":                {[]domain.Track{sound}, []string{"0 audio: OPUS 109/0"}, nil},
		"VP9 first":                  {[]domain.Track{{ID: "video", Codec: domain.VP9}}, []string{"1 video: VP9 121/125, VP8 120/124, H264 126/127, H264 97/98"}, nil},
		"both":                       {[]domain.Track{{ID: "video", Codec: domain.VP8}, sound}, []string{"0 audio: OPUS 109/0", "1 video: VP8 120/124, VP9 121/125, H264 126/127, H264 97/98"}, nil},
		"one that it has not":        {[]domain.Track{sound, {ID: "video", Codec: domain.AV1}}, nil, domain.ErrNoCommonCodec},
	} {
		t.Run(name, func(t *testing.T) {
			o, err := parseOffer(offerOf(t, "firefox"), subscribing)
			if err != nil {
				t.Fatal(err)
			}
			plan, err := planOutputs(o, c.tracks)
			if !errors.Is(err, c.err) || c.err == nil && err != nil {
				t.Fatalf("%v, want %v", err, c.err)
			}
			if d := cmp.Diff(c.want, summary(&offer{sections: plan})); d != "" {
				t.Error(d)
			}
		})
	}
	o, err := parseOffer(offerOf(t, "firefox"), subscribing)
	if err != nil {
		t.Fatal(err)
	}
	o.sections = o.sections[1:]
	if _, err := planOutputs(o, []domain.Track{sound}); !errors.Is(err, domain.ErrOfferUnsupported) {
		t.Errorf("a picture alone where there is sound alone: %v", err)
	}
}
