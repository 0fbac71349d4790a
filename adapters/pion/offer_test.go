package pion

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pion/sdp/v3"

	"rostrum/domain"
)

// offerOf returns one of the whole offers in testdata.
func offerOf(t testing.TB, client string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "offers", client+".sdp"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// summary writes an offer's sections down as "mid kind: CODEC pt/rtx, ...".
func summary(o *offer) []string {
	var lines []string
	for _, s := range o.sections {
		var codecs []string
		for _, c := range s.codecs {
			codecs = append(codecs, fmt.Sprintf("%s %d/%d", c.name, c.parameters.PayloadType, c.rtx))
		}
		lines = append(lines, fmt.Sprintf("%s %s: %s", s.mid, s.kind, strings.Join(codecs, ", ")))
	}
	return lines
}

func TestWholeOffers(t *testing.T) {
	for client, c := range map[string]struct {
		from side
		want []string
	}{
		"chrome": {publishing, []string{
			"0 audio: OPUS 111/0",
			"1 video: VP8 96/97, H264 103/104, H264 107/108, H264 109/114, H264 115/116, H264 117/118, H264 39/40, " +
				"AV1 45/46, VP9 98/99, VP9 100/101, H264 119/120, H265 49/50",
		}},
		"firefox": {subscribing, []string{
			"0 audio: OPUS 109/0",
			"1 video: VP8 120/124, VP9 121/125, H264 126/127, H264 97/98",
		}},
		"gstreamer": {publishing, []string{"video0 video: H264 96/97", "audio1 audio: OPUS 98/0"}},
		"ffmpeg":    {publishing, []string{"1 video: H264 106/0"}},
		"obs":       {publishing, []string{"0 audio: OPUS 111/0", "1 video: H264 96/97"}},
	} {
		t.Run(client, func(t *testing.T) {
			o, err := parseOffer(offerOf(t, client), c.from)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, summary(o)); d != "" {
				t.Error(d)
			}
		})
	}
}

// Each side's offers are no offers for the other one.
func TestWholeOffersTheWrongWay(t *testing.T) {
	for client, from := range map[string]side{
		"chrome": subscribing, "firefox": publishing, "gstreamer": subscribing, "ffmpeg": subscribing, "obs": subscribing,
	} {
		if _, err := parseOffer(offerOf(t, client), from); !errors.Is(err, domain.ErrOfferUnsupported) || err.Error() != from.refusal {
			t.Errorf("%s: %v, want %q", client, err, from.refusal)
		}
	}
}

// plain is the least offer of sound and picture; the tables below change lines of it.
const plain = `v=0
o=- 1 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE a v
a=ice-ufrag:EsAw
a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1
a=fingerprint:sha-256 19:E2:1C:3B
a=setup:actpass
m=audio 9 UDP/TLS/RTP/SAVPF 111
c=IN IP4 0.0.0.0
a=mid:a
a=sendonly
a=rtcp-mux
a=rtpmap:111 opus/48000/2
m=video 9 UDP/TLS/RTP/SAVPF 96
c=IN IP4 0.0.0.0
a=mid:v
a=sendonly
a=rtcp-mux
a=rtpmap:96 VP8/90000
`

// edited returns plain with its first old replaced, as it goes over the wire.
func edited(t testing.TB, old, with string) string {
	t.Helper()
	if !strings.Contains(plain, old) {
		t.Fatalf("the plain offer has no %q", old)
	}
	return strings.ReplaceAll(strings.Replace(plain, old, with, 1), "\n", "\r\n")
}

const videoSection = "m=video 9 UDP/TLS/RTP/SAVPF 96\nc=IN IP4 0.0.0.0\na=mid:v\na=sendonly\na=rtcp-mux\na=rtpmap:96 VP8/90000\n"

func TestOffersThatAreTaken(t *testing.T) {
	for name, c := range map[string]struct{ old, with string }{
		"as it is":                       {"", ""},
		"sound alone needs no bundle":    {videoSection, ""},
		"nothing bundled, one section":   {"a=group:BUNDLE a v\n", ""},
		"BUNDLE behind another group":    {"a=group:BUNDLE a v\n", "a=group:LS a v\na=group:BUNDLE a v\n"},
		"sendrecv":                       {"a=mid:v\na=sendonly", "a=mid:v\na=sendrecv"},
		"no direction is sendrecv":       {"a=mid:v\na=sendonly\n", "a=mid:v\n"},
		"a section's ICE is its own":     {"a=mid:v\n", "a=mid:v\na=ice-ufrag:x\na=ice-pwd:y\n"},
		"bundled only, port 0":           {"m=video 9 UDP/TLS/RTP/SAVPF 96\n", "m=video 0 UDP/TLS/RTP/SAVPF 96\na=bundle-only\n"},
		"ICE-TCP":                        {"m=video 9 UDP", "m=video 9 TCP"},
		"without feedback: SAVP":         {"m=video 9 UDP/TLS/RTP/SAVPF", "m=video 9 UDP/TLS/RTP/SAVP"},
		"codecs in any case":             {"VP8/90000", "vp8/90000"},
		"codecs that are unknown beside": {"SAVPF 96", "SAVPF 33 95 96 not-a-number 200"},
		"a fingerprint in lower case":    {"19:E2:1C:3B", "19:e2:1c:3b"},
	} {
		t.Run(name, func(t *testing.T) {
			text := edited(t, c.old, c.with)
			if name == "nothing bundled, one section" {
				text = strings.Replace(text, strings.ReplaceAll(videoSection, "\n", "\r\n"), "", 1)
			}
			o, err := parseOffer(text, publishing)
			if err != nil {
				t.Fatal(err)
			}
			if last := o.sections[len(o.sections)-1]; len(last.codecs) != 1 {
				t.Errorf("codecs: %v", summary(o))
			}
		})
	}
}

func TestOffersThatAreRefused(t *testing.T) {
	invalid, unsupported, noCodec := domain.ErrOffer, domain.ErrOfferUnsupported, domain.ErrNoCommonCodec
	for name, c := range map[string]struct {
		old, with string
		want      *domain.Refusal
		reason    string // a part of what is said
	}{
		"nothing":                         {plain, "", invalid, "no media section"},
		"not SDP":                         {plain, "{\"sdp\": 1}", invalid, "cannot be parsed"},
		"another version":                 {"v=0", "v=1", invalid, "cannot be parsed"},
		"no media":                        {plain[strings.Index(plain, "m="):], "", invalid, "no media section"},
		"no mid":                          {"a=mid:v\n", "", invalid, "a=mid"},
		"an empty mid":                    {"a=mid:v\n", "a=mid:\n", invalid, "a=mid"},
		"two sections of one mid":         {"a=mid:v\n", "a=mid:a\n", invalid, "a=mid"},
		"no ice-ufrag":                    {"a=ice-ufrag:EsAw\n", "", invalid, "ice-ufrag"},
		"no ice-pwd":                      {"a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\n", "", invalid, "ice-pwd"},
		"an empty ice-pwd":                {"P2uYro0UCOQ4zxjKXaWCBui1", "", invalid, "ice-pwd"},
		"no fingerprint":                  {"a=fingerprint:sha-256 19:E2:1C:3B\n", "", invalid, "fingerprint"},
		"a fingerprint without its hash":  {"sha-256 19:E2:1C:3B", "19:E2:1C:3B", invalid, "fingerprint"},
		"a fingerprint that is no digest": {"19:E2:1C:3B", "hello", invalid, "fingerprint"},
		"half a byte of fingerprint":      {"19:E2:1C:3B", "19:E2:1", invalid, "fingerprint"},
		"more formats than there are":     {"SAVPF 96", "SAVPF" + strings.Repeat(" 96", 129), invalid, "formats"},
		"data":                            {"m=video 9 UDP/TLS/RTP/SAVPF 96", "m=application 9 UDP/DTLS/SCTP webrtc-datachannel", unsupported, "neither audio nor video"},
		"two of video":                    {videoSection, videoSection + strings.Replace(videoSection, "mid:v", "mid:w", 1), unsupported, "more than one section of video"},
		"plain RTP":                       {"UDP/TLS/RTP/SAVPF 96", "RTP/AVP 96", unsupported, "DTLS"},
		"keys in SDP":                     {"UDP/TLS/RTP/SAVPF 96", "RTP/SAVPF 96", unsupported, "DTLS"},
		"a rejected section":              {"m=video 9", "m=video 0", unsupported, "port 0"},
		"receiving alone":                 {"a=mid:v\na=sendonly", "a=mid:v\na=recvonly", unsupported, "sendonly or sendrecv"},
		"inactive":                        {"a=mid:v\na=sendonly", "a=mid:v\na=inactive", unsupported, "sendonly or sendrecv"},
		"receiving, said for all":         {"a=setup:actpass\nm=audio 9 UDP/TLS/RTP/SAVPF 111\nc=IN IP4 0.0.0.0\na=mid:a\na=sendonly\n", "a=recvonly\nm=audio 9 UDP/TLS/RTP/SAVPF 111\nc=IN IP4 0.0.0.0\na=mid:a\n", unsupported, "sendonly or sendrecv"},
		"RTCP on its own port":            {"a=mid:v\na=sendonly\na=rtcp-mux\n", "a=mid:v\na=sendonly\n", unsupported, "rtcp-mux"},
		"not bundled":                     {"a=group:BUNDLE a v\n", "", unsupported, "BUNDLE"},
		"another group alone":             {"a=group:BUNDLE a v", "a=group:LS a v", unsupported, "BUNDLE"},
		"a group that only looks like it": {"a=group:BUNDLE a v", "a=group:BUNDLED a v", unsupported, "BUNDLE"},
		"one section out of the bundle":   {"a=group:BUNDLE a v", "a=group:BUNDLE a", unsupported, "BUNDLE"},
		"a codec that is not served":      {"VP8/90000", "theora/90000", noCodec, "codec"},
		"another clock rate":              {"VP8/90000", "VP8/48000", noCodec, "codec"},
		"sound in the picture":            {"VP8/90000", "opus/48000/2", noCodec, "codec"},
		"a format without its map":        {"a=rtpmap:96 VP8/90000\n", "", noCodec, "codec"},
		"formats that are no numbers":     {"SAVPF 96", "SAVPF 0x60 -96 300", noCodec, "codec"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parseOffer(edited(t, c.old, c.with), publishing)
			var r *domain.Refusal
			if !errors.As(err, &r) || r.Code != c.want.Code || !strings.Contains(r.Reason, c.reason) {
				t.Errorf("%v, want %s for %q", err, c.want.Code, c.reason)
			}
		})
	}
}

// What pion gets is the offer without simulcast, and otherwise the same.
func TestDescriptionLeavesSimulcastOut(t *testing.T) {
	for _, client := range []string{"obs", "chrome"} {
		text := offerOf(t, client)
		o, err := parseOffer(text, publishing)
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for line := range strings.Lines(text) {
			if !strings.HasPrefix(line, "a=rid:") && !strings.HasPrefix(line, "a=simulcast:") {
				want = append(want, line)
			}
		}
		for range 2 { // the second time as well
			d, err := o.description()
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for line := range strings.Lines(d.SDP) {
				got = append(got, line)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", client, diff)
			}
		}
	}
}

// FuzzParseOffer: what is taken has one or two sections of different kinds, each
// with a mid and codecs of its kind, and can be handed on; what is not is refused
// by a code of the contract.
func FuzzParseOffer(f *testing.F) {
	for _, client := range []string{"chrome", "firefox", "gstreamer", "ffmpeg", "obs"} {
		f.Add(offerOf(f, client))
	}
	f.Add(edited(f, "", ""))
	f.Add(edited(f, "m=video 9", "m=video 0"))
	f.Fuzz(func(t *testing.T, text string) {
		for _, from := range []side{publishing, subscribing} {
			o, err := parseOffer(text, from)
			if err != nil {
				if o != nil || !errors.Is(err, domain.ErrOffer) && !errors.Is(err, domain.ErrOfferUnsupported) && !errors.Is(err, domain.ErrNoCommonCodec) {
					t.Fatalf("%v with %v", err, o)
				}
				continue
			}
			checkTaken(t, o)
		}
	})
}

func checkTaken(t *testing.T, o *offer) {
	if n := len(o.sections); n < 1 || n > 2 || n == 2 && o.sections[0].kind == o.sections[1].kind {
		t.Fatalf("sections: %v", summary(o))
	}
	for _, s := range o.sections {
		if s.mid == "" || len(s.codecs) == 0 || len(s.codecs) > maxFormats {
			t.Fatalf("section: %v", summary(o))
		}
		for _, c := range s.codecs {
			if c.name.Kind() != s.kind || c.parameters.PayloadType > 127 || c.rtx > 127 {
				t.Fatalf("%+v in a section of %s", c, s.kind)
			}
		}
	}
	d, err := o.description()
	if err != nil {
		t.Fatal(err)
	}
	var again sdp.SessionDescription
	if err := again.UnmarshalString(d.SDP); err != nil {
		t.Fatalf("the description cannot be read again: %v\n%s", err, d.SDP)
	}
	for _, m := range again.MediaDescriptions {
		for _, key := range []string{"rid", "simulcast"} {
			if v, ok := m.Attribute(key); ok {
				t.Fatalf("a=%s:%s is left", key, v)
			}
		}
	}
}
