package bench

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"github.com/pion/sdp/v3"
)

// Payload types of our offers. A server answers with the same (RFC 9143 and JSEP ask for that of a bundle).
const (
	payloadVideo = 96
	payloadRTX   = 97
	payloadAudio = 111
)

// h264Format is Constrained Baseline in fragments, which every server takes.
const h264Format = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"

// credentials are one side's, of ICE.
type credentials struct{ ufrag, password string }

// offer is a complete WHEP offer, with its one candidate. It asks for retransmissions and key frames as a browser's does, but
// for no congestion control: bench takes everything.
func offer(codec string, own credentials, fingerprint string, at netip.AddrPort) string {
	name, format := "VP8/90000", ""
	if codec == "h264" {
		name, format = "H264/90000", fmt.Sprintf("a=fmtp:%d %s\n", payloadVideo, h264Format)
	}
	transport := fmt.Sprintf("a=ice-ufrag:%s\na=ice-pwd:%s\na=fingerprint:sha-256 %s\na=setup:actpass\na=recvonly\na=rtcp-mux\na=rtcp-rsize\n"+
		"a=candidate:1 1 udp 2130706431 %s %d typ host\na=end-of-candidates\n", own.ufrag, own.password, fingerprint, at.Addr(), at.Port())
	text := fmt.Sprintf("v=0\no=- %d 2 IN IP4 127.0.0.1\ns=-\nt=0 0\na=group:BUNDLE 0 1\n", 1<<40+uint64(at.Port())) +
		fmt.Sprintf("m=video 9 UDP/TLS/RTP/SAVPF %d %d\nc=IN IP4 0.0.0.0\na=mid:0\n", payloadVideo, payloadRTX) + transport +
		fmt.Sprintf("a=rtpmap:%d %s\n%s", payloadVideo, name, format) +
		fmt.Sprintf("a=rtcp-fb:%[1]d nack\na=rtcp-fb:%[1]d nack pli\na=rtpmap:%[2]d rtx/90000\na=fmtp:%[2]d apt=%[1]d\n", payloadVideo, payloadRTX) +
		fmt.Sprintf("m=audio 9 UDP/TLS/RTP/SAVPF %d\nc=IN IP4 0.0.0.0\na=mid:1\n", payloadAudio) + transport +
		fmt.Sprintf("a=rtpmap:%d opus/48000/2\n", payloadAudio)
	return strings.ReplaceAll(text, "\n", "\r\n")
}

// answer is what a server's answer says of its transport.
type answer struct {
	credentials

	active      bool   // the server is DTLS client
	fingerprint string // of its certificate, SHA-256, lower case
	candidates  []string
}

// readAnswer wants the transport in the first media section, or the session, as a bundle has it.
func readAnswer(text string) (answer, error) {
	var parsed sdp.SessionDescription
	if err := parsed.UnmarshalString(text); err != nil {
		return answer{}, fmt.Errorf("the server's answer can't be read: %w", err)
	}
	if len(parsed.MediaDescriptions) == 0 {
		return answer{}, errors.New("the server's answer has no media")
	}
	media := parsed.MediaDescriptions[0]
	attribute := func(name string) string {
		if value, ok := media.Attribute(name); ok {
			return value
		}
		value, _ := parsed.Attribute(name)
		return value
	}
	a := answer{
		credentials: credentials{attribute("ice-ufrag"), attribute("ice-pwd")},
		active:      attribute("setup") == "active",
	}
	hash, value, _ := strings.Cut(attribute("fingerprint"), " ")
	if a.fingerprint = strings.ToLower(value); !strings.EqualFold(hash, "sha-256") {
		return answer{}, fmt.Errorf("the server's certificate is told by %q, bench knows sha-256 alone", hash)
	}
	for _, line := range media.Attributes {
		if line.Key == "candidate" {
			a.candidates = append(a.candidates, line.Value)
		}
	}
	if a.ufrag == "" || a.password == "" || len(a.candidates) == 0 {
		return answer{}, errors.New("the server's answer has no ICE credentials or no candidate: bench needs all candidates in the answer")
	}
	return a, nil
}

// fingerprint is a certificate's as SDP writes it (RFC 8122).
func fingerprint(certificate []byte) string {
	sum := sha256.Sum256(certificate)
	return strings.ReplaceAll(fmt.Sprintf("% X", sum[:]), " ", ":")
}
