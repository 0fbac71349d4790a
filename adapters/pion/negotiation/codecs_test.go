package negotiation

import (
	"slices"
	"strings"
	"testing"

	"rostrum/domain"
)

func TestEveryCodecIsServed(t *testing.T) {
	for _, name := range []domain.Codec{domain.VP8, domain.VP9, domain.H264, domain.H265, domain.AV1, domain.Opus} {
		e, ok := served[name]
		if !ok || !strings.EqualFold(e.name, string(name)) || e.clock == 0 {
			t.Errorf("%s: %+v", name, e)
		}
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
		"of itself":             {"a=rtpmap:97 rtx/90000\na=fmtp:97 apt=97\n", "VP8 96/0"},
		"of no number":          {"a=rtpmap:97 rtx/90000\na=fmtp:97 apt=x\n", "VP8 96/0"},
		"of what cannot be one": {"a=rtpmap:97 rtx/90000\na=fmtp:97 apt=352\n", "VP8 96/0"},
	} {
		t.Run(name, func(t *testing.T) {
			text := edited(t, "SAVPF 96", "SAVPF 97 96") + strings.ReplaceAll(c.lines, "\n", "\r\n")
			o := parsed(t, text, Publishing)
			if got, want := summary(o.Sections...)[1], "v video: "+c.want; got != want {
				t.Errorf("%s, want %s", got, want)
			}
		})
	}
}

// Feedback is taken up where the offer has it and the side can do with it.
func TestFeedback(t *testing.T) {
	const (
		all = "a=rtcp-fb:%pt nack\na=rtcp-fb:%pt nack pli\na=rtcp-fb:%pt ccm fir\na=rtcp-fb:%pt goog-remb\na=rtcp-fb:%pt transport-cc\na=rtcp-fb:%pt nack sli\n"
		cc  = "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\n"
	)
	for name, c := range map[string]struct {
		lines        string
		from         Side
		audio, video []Feedback
	}{
		"none":                          {"", Publishing, nil, nil},
		"publishing":                    {all + cc, Publishing, []Feedback{TransportCC}, []Feedback{NACK, PLI, FIR, TransportCC}},
		"publishing without numbers":    {all, Publishing, nil, []Feedback{NACK, PLI, FIR}},
		"subscribing":                   {all + cc, Subscribing, []Feedback{NACK}, []Feedback{NACK, PLI, FIR, REMB}},
		"for every payload type":        {strings.ReplaceAll(all, "%pt", "*"), Subscribing, []Feedback{NACK}, []Feedback{NACK, PLI, FIR, REMB}},
		"for another one":               {strings.ReplaceAll(all, "%pt", "97"), Subscribing, nil, nil},
		"pictures' losses alone":        {"a=rtcp-fb:%pt nack pli\n", Publishing, nil, []Feedback{PLI}},
		"with more blanks than needed":  {"a=rtcp-fb:%pt  nack  pli \n", Publishing, nil, []Feedback{PLI}},
		"a payload type and no more":    {"a=rtcp-fb:%pt\n", Publishing, nil, nil},
		"with a parameter that changes": {"a=rtcp-fb:%pt ccm fir smaxpr=120\n", Publishing, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			text := edited(t, "a=mid:a\n", "a=mid:a\n"+strings.ReplaceAll(c.lines, "%pt", "111"))
			text = strings.Replace(text, "a=mid:v\r\n", "a=mid:v\r\n"+strings.ReplaceAll(strings.ReplaceAll(c.lines, "%pt", "96"), "\n", "\r\n"), 1)
			text = strings.ReplaceAll(text, "a=sendonly", "a=sendrecv")
			o := parsed(t, text, c.from)
			audio, video := o.Sections[0].Codecs[0], o.Sections[1].Codecs[0]
			if !slices.Equal(audio.Feedback, c.audio) || !slices.Equal(video.Feedback, c.video) {
				t.Errorf("%q and %q, want %q and %q", audio.Feedback, video.Feedback, c.audio, c.video)
			}
			if video.Takes(PLI) != slices.Contains(c.video, PLI) {
				t.Errorf("takes PLI: %v", video.Takes(PLI))
			}
		})
	}
}

// A section knows its codecs by payload type, and what track each makes.
func TestCodecOfASection(t *testing.T) {
	s := parsed(t, offerOf(t, "obs"), Publishing).Sections[1]
	c, ok := s.Codec(96)
	if !ok || c.Name != domain.H264 || c.RTX != 97 {
		t.Errorf("%+v, %v", c, ok)
	}
	if _, ok := s.Codec(97); ok {
		t.Error("retransmissions are a codec")
	}
	track := s.Track(c)
	if track.ID != "video" || track.Codec != domain.H264 || track.Format != c.Format || len(track.Layers) != 1 {
		t.Errorf("%+v", track)
	}
}
