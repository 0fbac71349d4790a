package publish

import (
	"fmt"

	"github.com/pion/webrtc/v4"

	"rostrum/cmd/rostrum/clip"
)

// codecs returns what registers exactly the codecs of a clip.
func codecs(tracks []clip.Track) func(*webrtc.MediaEngine) error {
	return func(engine *webrtc.MediaEngine) error {
		for i, t := range tracks {
			if err := register(engine, t, webrtc.PayloadType(96+2*i)); err != nil {
				return fmt.Errorf("%s: %w", t.Codec.MimeType, err)
			}
		}
		return nil
	}
}

// register offers a codec under a payload type, and for video its retransmission under the next.
func register(engine *webrtc.MediaEngine, t clip.Track, payload webrtc.PayloadType) error {
	codec := webrtc.RTPCodecParameters{RTPCodecCapability: t.Codec, PayloadType: payload}
	if err := engine.RegisterCodec(codec, t.Kind()); err != nil || t.Kind() == webrtc.RTPCodecTypeAudio {
		return err
	}
	return engine.RegisterCodec(webrtc.RTPCodecParameters{
		RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: webrtc.MimeTypeRTX, ClockRate: t.Codec.ClockRate, SDPFmtpLine: fmt.Sprintf("apt=%d", payload),
		},
		PayloadType: payload + 1,
	}, t.Kind())
}
