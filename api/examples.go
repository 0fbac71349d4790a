package api

import "github.com/danielgtaylor/huma/v2"

// sdpContent documents a body of application/sdp: plain text, with an example.
func sdpContent(example string) map[string]*huma.MediaType {
	return textContent(mediaTypeSDP, "A session description (RFC 8866).", maxOffer, example)
}

// fragmentContent documents a body of application/trickle-ice-sdpfrag.
func fragmentContent(example string) map[string]*huma.MediaType {
	return textContent(mediaTypeFragment, "A trickle ICE SDP fragment (RFC 8840).", maxFragment, example)
}

func textContent(mediaType, description string, longest int, example string) map[string]*huma.MediaType {
	return map[string]*huma.MediaType{mediaType: {
		Schema:  &huma.Schema{Type: huma.TypeString, Description: description, MinLength: ptr(1), MaxLength: ptr(longest)},
		Example: example,
	}}
}

// exampleOffer is an offer to send, or to receive.
func exampleOffer(direction string) string {
	return "v=0\r\no=- 123456789 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n" +
		"m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=" + direction + "\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\n" +
		"a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\na=setup:actpass\r\n" +
		"a=fingerprint:sha-256 19:E2:1C:3B:4B:9F:81:E6:B8:5C:F4:A5:A8:D8:73:04:BB:05:2F:70:9F:04:A9:0E:05:E9:26:33:E8:70:88:A2\r\n"
}

// exampleAnswer is an answer to one, of the other direction. Of a track that is sent it has
// the streams as well.
func exampleAnswer(direction, streams string) string {
	return "v=0\r\no=- 4962303333179871722 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n" +
		"m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=" + direction + "\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\n" + streams +
		"a=ice-ufrag:lYXqhCDh\r\na=ice-pwd:VEmVqZGHJLmNeRTyRUNxZmWfyUxZAbCD\r\na=setup:active\r\n" +
		"a=fingerprint:sha-256 D2:FA:0E:C3:22:59:5E:14:95:69:92:3D:13:B4:84:24:2C:C2:A2:C0:3E:FD:34:8E:5E:EA:6F:AF:52:CE:E6:0F\r\n" +
		"a=candidate:1 1 udp 2130706431 192.0.2.10 8189 typ host\r\na=end-of-candidates\r\n"
}

const exampleStreams = "a=ssrc:2882400018 cname:rostrum\r\na=ssrc:2882400018 msid:rostrum video\r\na=msid:rostrum video\r\n"

const exampleFragment = "a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\n" +
	"m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\n" +
	"a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host\r\na=end-of-candidates\r\n"

const exampleRestart = "a=ice-options:trickle ice2\r\na=ice-ufrag:ysXw\r\na=ice-pwd:vw5LmwG4y/e6dPP/zAP9Gp5k\r\n" +
	"m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\n" +
	"a=candidate:1 1 udp 2130706431 192.0.2.10 8189 typ host\r\na=end-of-candidates\r\n"
