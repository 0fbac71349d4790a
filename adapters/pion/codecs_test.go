package pion

import (
	"slices"
	"strings"
	"testing"

	"github.com/pion/webrtc/v4"

	"rostrum/domain"
)

// of returns a codec of an offer.
func of(name domain.Codec, pt webrtc.PayloadType, fmtp string) codec {
	capability := served[name]
	capability.SDPFmtpLine = fmtp
	return codec{name: name, parameters: webrtc.RTPCodecParameters{RTPCodecCapability: capability, PayloadType: pt}}
}

func TestEveryCodecIsServed(t *testing.T) {
	for _, name := range []domain.Codec{domain.VP8, domain.VP9, domain.H264, domain.H265, domain.AV1, domain.Opus} {
		capability, ok := served[name]
		if want := string(name.Kind()) + "/"; !ok || !strings.HasPrefix(capability.MimeType, want) || capability.ClockRate == 0 {
			t.Errorf("%s: %+v, want %s", name, capability, want)
		}
	}
}

func TestFitness(t *testing.T) {
	const (
		high, base   = "packetization-mode=1;profile-level-id=64001f", "packetization-mode=1;profile-level-id=42e01f"
		baseMode0    = "packetization-mode=0;profile-level-id=42e01f"
		baseImplicit = "profile-level-id=42e01f"
	)
	for name, c := range map[string]struct {
		codec  codec
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
	offered := []codec{
		of(domain.VP8, 96, ""), of(domain.H264, 103, mode1+"42001f"), of(domain.H264, 107, "profile-level-id=64001f"),
		of(domain.H264, 109, mode1+"64001f"), of(domain.H264, 117, mode1+"4d001f"), of(domain.VP9, 98, ""),
	}
	for name, c := range map[string]struct {
		track domain.Track
		from  []codec
		want  []webrtc.PayloadType
		suits bool
	}{
		"the exact one, then its like": {domain.Track{Codec: domain.H264, Format: mode1 + "64001f"}, offered, []webrtc.PayloadType{109, 103, 117, 96, 107, 98}, true},
		"the only one":                 {domain.Track{Codec: domain.VP9}, offered, []webrtc.PayloadType{98, 96, 103, 107, 109, 117}, true},
		"none: the offer's order":      {domain.Track{Codec: domain.AV1}, offered, []webrtc.PayloadType{96, 103, 107, 109, 117, 98}, false},
		"nothing offered":              {domain.Track{Codec: domain.VP8}, nil, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			before := summary(&offer{sections: []section{{codecs: c.from}}})
			sorted, suits := byFitness(c.from, c.track)
			var got []webrtc.PayloadType
			for _, s := range sorted {
				got = append(got, s.parameters.PayloadType)
			}
			if !slices.Equal(got, c.want) || suits != c.suits {
				t.Errorf("%v, %v, want %v, %v", got, suits, c.want, c.suits)
			}
			if after := summary(&offer{sections: []section{{codecs: c.from}}}); !slices.Equal(before, after) {
				t.Errorf("the offer's own order has become %v", after)
			}
		})
	}
}

func TestParameter(t *testing.T) {
	for _, c := range []struct{ fmtp, key, want string }{
		{"", "apt", ""},
		{"apt=96", "apt", "96"},
		{"a=1;b=2", "b", "2"},
		{" a=1 ; B = x", "b", ""},
		{"a=1; b=Two ", "B", "two"},
		{"b", "b", ""},
		{"bb=1", "b", ""},
		{"b=1;b=2", "b", "1"},
		{"b=x=y", "b", "x=y"},
		{";;b=1;;", "b", "1"},
	} {
		if got := parameter(c.fmtp, c.key); got != c.want {
			t.Errorf("parameter(%q, %q): %q, want %q", c.fmtp, c.key, got, c.want)
		}
	}
}

// RTX names the payload type that it repeats (RFC 4588 §8.6); what names none, or
// one that is not served, is passed over.
func TestRetransmissions(t *testing.T) {
	for name, c := range map[string]struct{ lines, want string }{
		"of the codec":          {"a=rtpmap:97 rtx/90000\na=fmtp:97 apt=96\n", "VP8 96/97"},
		"with its time":         {"a=rtpmap:97 rtx/90000\na=fmtp:97 apt=96;rtx-time=3000\n", "VP8 96/97"},
		"in capitals":           {"a=rtpmap:97 RTX/90000\na=fmtp:97 APT=96\n", "VP8 96/97"},
		"of nothing":            {"a=rtpmap:97 rtx/90000\n", "VP8 96/0"},
		"of another":            {"a=rtpmap:97 rtx/90000\na=fmtp:97 apt=95\n", "VP8 96/0"},
		"of no number":          {"a=rtpmap:97 rtx/90000\na=fmtp:97 apt=x\n", "VP8 96/0"},
		"of what cannot be one": {"a=rtpmap:97 rtx/90000\na=fmtp:97 apt=352\n", "VP8 96/0"},
	} {
		t.Run(name, func(t *testing.T) {
			text := edited(t, "SAVPF 96", "SAVPF 97 96")
			o, err := parseOffer(text+strings.ReplaceAll(c.lines, "\n", "\r\n"), publishing)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := summary(o)[1], "v video: "+c.want; got != want {
				t.Errorf("%s, want %s", got, want)
			}
		})
	}
}

// What is registered with an engine is the offer's own: payload types, parameters,
// retransmissions.
func TestRegister(t *testing.T) {
	engine := &webrtc.MediaEngine{}
	c := of(domain.H264, 102, "packetization-mode=1")
	c.rtx = 103
	if err := c.register(engine, []webrtc.RTCPFeedback{{Type: "nack"}}); err != nil {
		t.Fatal(err)
	}
	pc, err := webrtc.NewAPI(webrtc.WithMediaEngine(engine)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = pc.Close() }()
	if _, err := pc.AddTransceiverFromKind(webrtc.RTPCodecTypeVideo); err != nil {
		t.Fatal(err)
	}
	offered, err := pc.CreateOffer(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"a=rtpmap:102 H264/90000", "a=fmtp:102 packetization-mode=1", "a=rtcp-fb:102 nack", "a=rtpmap:103 rtx/90000", "a=fmtp:103 apt=102",
	} {
		if !strings.Contains(offered.SDP, line+" \r\n") && !strings.Contains(offered.SDP, line+"\r\n") {
			t.Errorf("%q is missing in\n%s", line, offered.SDP)
		}
	}
}
