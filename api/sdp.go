package api

import (
	"time"

	"rostrum/app"
)

const (
	mediaTypeSDP = "application/sdp"
	maxOffer     = 64 << 10         // bytes; a browser's offer has some 8 KiB
	bodyTimeout  = 10 * time.Second // for the whole of an offer
)

// offerInput is an offer for a room.
type offerInput struct {
	Room    string `path:"room" doc:"The room's name: 1 to 64 of A-Z a-z 0-9 _ -, and names differ by case." example:"demo" minLength:"1" maxLength:"64" pattern:"^[A-Za-z0-9_-]{1,64}$"`
	RawBody []byte `contentType:"application/sdp"`
}

// answerOutput is an accepted offer. Its length is given, since FFmpeg reads no
// chunked answer.
type answerOutput struct {
	ContentType   string `header:"Content-Type" hidden:"true"`
	ContentLength int    `header:"Content-Length" hidden:"true"`
	Location      string `header:"Location" hidden:"true"`
	Body          []byte
}

func answered(a app.Answer, sessions string) *answerOutput {
	return &answerOutput{
		ContentType:   mediaTypeSDP,
		ContentLength: len(a.SDP),
		Location:      sessions + string(a.Session),
		Body:          []byte(a.SDP),
	}
}

// sessionInput names a session.
type sessionInput struct {
	Session string `path:"session" doc:"The session's id, as the Location of its 201 has it." example:"5VJTE4J6W3KQCZ2LXSOMRH7YAG" minLength:"1" maxLength:"64"`
}

const exampleOffer = "v=0\r\no=- 123456789 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n" +
	"m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=sendonly\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\n" +
	"a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\na=setup:actpass\r\n" +
	"a=fingerprint:sha-256 19:E2:1C:3B:4B:9F:81:E6:B8:5C:F4:A5:A8:D8:73:04:BB:05:2F:70:9F:04:A9:0E:05:E9:26:33:E8:70:88:A2\r\n"

const exampleAnswer = "v=0\r\no=- 4962303333179871722 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n" +
	"m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=recvonly\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\n" +
	"a=ice-ufrag:lYXqhCDh\r\na=ice-pwd:VEmVqZGHJLmNeRTyRUNxZmWfyUxZAbCD\r\na=setup:active\r\n" +
	"a=fingerprint:sha-256 D2:FA:0E:C3:22:59:5E:14:95:69:92:3D:13:B4:84:24:2C:C2:A2:C0:3E:FD:34:8E:5E:EA:6F:AF:52:CE:E6:0F\r\n" +
	"a=candidate:1 1 udp 2130706431 192.0.2.10 8189 typ host\r\na=end-of-candidates\r\n"
