package negotiation

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/domain"
)

// planned returns the sections of a plan.
func planned(plan []Output) []Section {
	var sections []Section
	for _, o := range plan {
		sections = append(sections, o.Section)
	}
	return sections
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
			plan, err := parsed(t, offerOf(t, "firefox"), Subscribing).PlanOutputs(c.tracks)
			if !errors.Is(err, c.err) || c.err == nil && err != nil {
				t.Fatalf("%v, want %v", err, c.err)
			}
			if d := cmp.Diff(c.want, summary(planned(plan)...)); d != "" {
				t.Error(d)
			}
		})
	}
	o := parsed(t, offerOf(t, "firefox"), Subscribing)
	o.Sections = o.Sections[1:]
	if _, err := o.PlanOutputs([]domain.Track{sound}); !errors.Is(err, domain.ErrOfferUnsupported) {
		t.Errorf("a picture alone where there is sound alone: %v", err)
	}
}

// Every stream of every plan has an SSRC of its own, and retransmissions have one
// where there may be any.
func TestPlansHaveTheirOwnSSRCs(t *testing.T) {
	o := parsed(t, offerOf(t, "firefox"), Subscribing)
	seen := map[uint32]bool{0: true}
	for range 10 {
		plan, err := o.PlanOutputs(nil)
		if err != nil {
			t.Fatal(err)
		}
		audio, video := plan[0], plan[1]
		for _, ssrc := range []uint32{audio.SSRC, video.SSRC, video.RTX} {
			if seen[ssrc] {
				t.Errorf("%d came twice, or is none", ssrc)
			}
			seen[ssrc] = true
		}
		if audio.RTX != 0 {
			t.Errorf("retransmissions of sound, which the offer has not, under %d", audio.RTX)
		}
	}
}

// What the offer announces is never chosen again.
func TestOfferedSSRCsAreTaken(t *testing.T) {
	taken := parsed(t, offerOf(t, "chrome"), Publishing).ssrcs()
	want := map[uint32]bool{0: true, 2231627014: true, 3463951252: true, 1461041037: true}
	if !maps.Equal(taken, want) {
		t.Errorf("%v", taken)
	}
	ssrc := newSSRC(taken)
	if want[ssrc] || !taken[ssrc] {
		t.Errorf("%d, of %v", ssrc, taken)
	}
}

// Of several payload types of a codec the one that suits best is sent.
func TestPayloadTypesOfAnOutput(t *testing.T) {
	const mode1 = "packetization-mode=1;profile-level-id="
	o := parsed(t, offerOf(t, "firefox"), Subscribing)
	for name, c := range map[string]struct {
		tracks []domain.Track
		want   map[domain.Codec]uint8
	}{
		"in the lobby": {nil, map[domain.Codec]uint8{domain.VP8: 120, domain.VP9: 121, domain.H264: 126}},
		"with H264":    {[]domain.Track{{ID: "video", Codec: domain.H264, Format: mode1 + "42c01f"}}, map[domain.Codec]uint8{domain.VP8: 120, domain.VP9: 121, domain.H264: 126}},
	} {
		plan, err := o.PlanOutputs(c.tracks)
		if err != nil {
			t.Fatal(err)
		}
		video := plan[len(plan)-1]
		if got := video.PayloadTypes(); !maps.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
		if got, want := video.RetransmissionTypes(), (map[uint8]uint8{120: 124, 121: 125, 126: 127, 97: 98}); !maps.Equal(got, want) {
			t.Errorf("%s: retransmissions %v, want %v", name, got, want)
		}
	}
	plan, err := o.PlanOutputs(nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := Codecs(plan), []domain.Codec{domain.Opus, domain.VP8, domain.VP9, domain.H264}; !slices.Equal(got, want) {
		t.Errorf("codecs %v, want %v", got, want)
	}
}
