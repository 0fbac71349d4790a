package play

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/pion/webrtc/v4"
)

// offered are the codecs of pictures that can be received, with the parameters that tell their kinds apart.
var offered = []webrtc.RTPCodecCapability{
	{MimeType: webrtc.MimeTypeVP8},
	{MimeType: webrtc.MimeTypeVP9, SDPFmtpLine: "profile-id=0"},
	{MimeType: webrtc.MimeTypeVP9, SDPFmtpLine: "profile-id=2"},
	{MimeType: webrtc.MimeTypeH264, SDPFmtpLine: "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"},
	{MimeType: webrtc.MimeTypeH264, SDPFmtpLine: "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f"},
	{MimeType: webrtc.MimeTypeH264, SDPFmtpLine: "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=4d001f"},
	{MimeType: webrtc.MimeTypeH264, SDPFmtpLine: "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=64001f"},
	{MimeType: webrtc.MimeTypeH265},
	{MimeType: webrtc.MimeTypeAV1},
}

// codecs returns what registers the codecs that go into a file, or all where its name does not say which it is.
func codecs(out string) func(*webrtc.MediaEngine) error {
	ending := strings.ToLower(filepath.Ext(out))
	return func(engine *webrtc.MediaEngine) error {
		payload := webrtc.PayloadType(96)
		for _, codec := range offered {
			if webm := codec.MimeType == webrtc.MimeTypeVP8; ending == ".mp4" && webm || ending == ".webm" && !webm {
				continue
			}
			codec.ClockRate = 90_000
			again := webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeRTX, ClockRate: 90_000, SDPFmtpLine: fmt.Sprintf("apt=%d", payload)}
			for i, c := range []webrtc.RTPCodecCapability{codec, again} {
				parameters := webrtc.RTPCodecParameters{RTPCodecCapability: c, PayloadType: payload + webrtc.PayloadType(i)}
				if err := engine.RegisterCodec(parameters, webrtc.RTPCodecTypeVideo); err != nil {
					return fmt.Errorf("%s: %w", c.MimeType, err)
				}
			}
			payload += 2
		}
		opus := webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48_000, Channels: 2, SDPFmtpLine: "minptime=10;useinbandfec=1;stereo=1"}
		return engine.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: opus, PayloadType: payload}, webrtc.RTPCodecTypeAudio)
	}
}
