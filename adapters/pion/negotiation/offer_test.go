package negotiation

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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

// parsed returns an offer that must be usable.
func parsed(t testing.TB, text string, from Side) *Offer {
	t.Helper()
	o, err := ParseOffer(text, from)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// summary writes sections down as "mid kind: CODEC pt/rtx, ...".
func summary(sections ...Section) []string {
	var lines []string
	for _, s := range sections {
		var codecs []string
		for _, c := range s.Codecs {
			codecs = append(codecs, fmt.Sprintf("%s %d/%d", c.Name, c.PayloadType, c.RTX))
		}
		lines = append(lines, fmt.Sprintf("%s %s: %s", s.MID, s.Kind, strings.Join(codecs, ", ")))
	}
	return lines
}

func TestWholeOffers(t *testing.T) {
	for client, c := range map[string]struct {
		from Side
		want []string
	}{
		"chrome": {Publishing, []string{
			"0 audio: OPUS 111/0",
			"1 video: VP8 96/97, H264 103/104, H264 107/108, H264 109/114, H264 115/116, H264 117/118, H264 39/40, " +
				"AV1 45/46, VP9 98/99, VP9 100/101, H264 119/120, H265 49/50",
		}},
		"firefox": {Subscribing, []string{
			"0 audio: OPUS 109/0",
			"1 video: VP8 120/124, VP9 121/125, H264 126/127, H264 97/98",
		}},
		"gstreamer": {Publishing, []string{"video0 video: H264 96/97", "audio1 audio: OPUS 98/0"}},
		"ffmpeg":    {Publishing, []string{"1 video: H264 106/0"}},
		"obs":       {Publishing, []string{"0 audio: OPUS 111/0", "1 video: H264 96/97"}},
	} {
		t.Run(client, func(t *testing.T) {
			if d := cmp.Diff(c.want, summary(parsed(t, offerOf(t, client), c.from).Sections...)); d != "" {
				t.Error(d)
			}
		})
	}
}

// Each side's offers are no offers for the other one.
func TestWholeOffersTheWrongWay(t *testing.T) {
	for client, from := range map[string]Side{
		"chrome": Subscribing, "firefox": Publishing, "gstreamer": Subscribing, "ffmpeg": Subscribing, "obs": Subscribing,
	} {
		if _, err := ParseOffer(offerOf(t, client), from); !errors.Is(err, domain.ErrOfferUnsupported) || err.Error() != sides[from].refusal {
			t.Errorf("%s: %v, want %q", client, err, sides[from].refusal)
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

const (
	audioSection = "m=audio 9 UDP/TLS/RTP/SAVPF 111\nc=IN IP4 0.0.0.0\na=mid:a\na=sendonly\na=rtcp-mux\na=rtpmap:111 opus/48000/2\n"
	videoSection = "m=video 9 UDP/TLS/RTP/SAVPF 96\nc=IN IP4 0.0.0.0\na=mid:v\na=sendonly\na=rtcp-mux\na=rtpmap:96 VP8/90000\n"
	transport    = "a=ice-ufrag:EsAw\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\na=fingerprint:sha-256 19:E2:1C:3B\na=setup:actpass\n"
)

func TestOffersThatAreTaken(t *testing.T) {
	for name, c := range map[string]struct{ old, with string }{
		"as it is":                       {"", ""},
		"sound alone needs no bundle":    {"a=group:BUNDLE a v\n" + transport + audioSection + videoSection, transport + audioSection},
		"sound alone, bundled":           {videoSection, ""},
		"BUNDLE behind another group":    {"a=group:BUNDLE a v\n", "a=group:LS a v\na=group:BUNDLE a v\n"},
		"sendrecv":                       {"a=mid:v\na=sendonly", "a=mid:v\na=sendrecv"},
		"no direction is sendrecv":       {"a=mid:v\na=sendonly\n", "a=mid:v\n"},
		"a section's ICE is its own":     {"a=mid:v\n", "a=mid:v\na=ice-ufrag:x\na=ice-pwd:y\n"},
		"ICE of the tagged one alone":    {transport + audioSection, audioSection + transport},
		"bundled only, port 0":           {"m=video 9 UDP/TLS/RTP/SAVPF 96\n", "m=video 0 UDP/TLS/RTP/SAVPF 96\na=bundle-only\n"},
		"ICE-TCP":                        {"m=video 9 UDP", "m=video 9 TCP"},
		"without feedback: SAVP":         {"m=video 9 UDP/TLS/RTP/SAVPF", "m=video 9 UDP/TLS/RTP/SAVP"},
		"codecs in any case":             {"VP8/90000", "vp8/90000"},
		"codecs that are unknown beside": {"SAVPF 96", "SAVPF 33 95 96 not-a-number 200"},
		"a codec many times":             {"SAVPF 96", "SAVPF 96 096 96"},
		"a fingerprint in lower case":    {"19:E2:1C:3B", "19:e2:1c:3b"},
		"a hash that nobody knows, too":  {"sha-256 19:E2:1C:3B", "sha-9 00\na=fingerprint:sha-256 19:E2:1C:3B"},
		"no setup":                       {"a=setup:actpass\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			o := parsed(t, edited(t, c.old, c.with), Publishing)
			if last := o.Sections[len(o.Sections)-1]; len(last.Codecs) != 1 {
				t.Errorf("codecs: %v", summary(o.Sections...))
			}
			if o.Credentials != (Credentials{"EsAw", "P2uYro0UCOQ4zxjKXaWCBui1"}) || o.Setup != ActPass {
				t.Errorf("%+v, %s", o.Credentials, o.Setup)
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
		"ICE beside the tagged section":   {transport + audioSection + videoSection, audioSection + videoSection + transport, invalid, "ice-ufrag"},
		"no fingerprint":                  {"a=fingerprint:sha-256 19:E2:1C:3B\n", "", invalid, "fingerprint"},
		"a fingerprint without its hash":  {"sha-256 19:E2:1C:3B", "19:E2:1C:3B", invalid, "fingerprint"},
		"a fingerprint that is no digest": {"19:E2:1C:3B", "hello", invalid, "fingerprint"},
		"half a byte of fingerprint":      {"19:E2:1C:3B", "19:E2:1", invalid, "fingerprint"},
		"a fingerprint that is not read":  {"a=mid:v\n", "a=mid:v\na=fingerprint:sha-256 hello\n", invalid, "fingerprint"},
		"a fingerprint of MD5 alone":      {"sha-256", "md5", unsupported, "SHA-256"},
		"more formats than there are":     {"SAVPF 96", "SAVPF" + strings.Repeat(" 96", 129), invalid, "formats"},
		"data":                            {"m=video 9 UDP/TLS/RTP/SAVPF 96", "m=application 9 UDP/DTLS/SCTP webrtc-datachannel", unsupported, "neither audio nor video"},
		"two of video":                    {videoSection, videoSection + strings.Replace(videoSection, "mid:v", "mid:w", 1), unsupported, "more than one section of video"},
		"plain RTP":                       {"UDP/TLS/RTP/SAVPF 96", "RTP/AVP 96", unsupported, "DTLS"},
		"keys in SDP":                     {"UDP/TLS/RTP/SAVPF 96", "RTP/SAVPF 96", unsupported, "DTLS"},
		"a rejected section":              {"m=video 9", "m=video 0", unsupported, "port 0"},
		"receiving alone":                 {"a=mid:v\na=sendonly", "a=mid:v\na=recvonly", unsupported, "sendonly or sendrecv"},
		"inactive":                        {"a=mid:v\na=sendonly", "a=mid:v\na=inactive", unsupported, "sendonly or sendrecv"},
		"receiving, said for all":         {"a=setup:actpass\n" + audioSection, "a=recvonly\n" + strings.Replace(audioSection, "a=sendonly\n", "", 1), unsupported, "sendonly or sendrecv"},
		"RTCP on its own port":            {"a=mid:v\na=sendonly\na=rtcp-mux\n", "a=mid:v\na=sendonly\n", unsupported, "rtcp-mux"},
		"not bundled":                     {"a=group:BUNDLE a v\n", "", unsupported, "BUNDLE"},
		"another group alone":             {"a=group:BUNDLE a v", "a=group:LS a v", unsupported, "BUNDLE"},
		"a group that only looks like it": {"a=group:BUNDLE a v", "a=group:BUNDLED a v", unsupported, "BUNDLE"},
		"one section out of the bundle":   {"a=group:BUNDLE a v", "a=group:BUNDLE a", unsupported, "BUNDLE"},
		"one section twice":               {"a=group:BUNDLE a v", "a=group:BUNDLE a a", unsupported, "BUNDLE"},
		"a codec that is not served":      {"VP8/90000", "theora/90000", noCodec, "codec"},
		"another clock rate":              {"VP8/90000", "VP8/48000", noCodec, "codec"},
		"sound in the picture":            {"VP8/90000", "opus/48000/2", noCodec, "codec"},
		"a format without its map":        {"a=rtpmap:96 VP8/90000\n", "", noCodec, "codec"},
		"formats that are no numbers":     {"SAVPF 96", "SAVPF 0x60 -96 300", noCodec, "codec"},
		"a type that looks like RTCP":     {"SAVPF 96\nc=IN IP4 0.0.0.0\na=mid:v\na=sendonly\na=rtcp-mux\na=rtpmap:96", "SAVPF 72\nc=IN IP4 0.0.0.0\na=mid:v\na=sendonly\na=rtcp-mux\na=rtpmap:72", noCodec, "codec"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseOffer(edited(t, c.old, c.with), Publishing)
			var r *domain.Refusal
			if !errors.As(err, &r) || r.Code != c.want.Code || !strings.Contains(r.Reason, c.reason) {
				t.Errorf("%v, want %s for %q", err, c.want.Code, c.reason)
			}
		})
	}
}
