package publish

import (
	"fmt"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/webrtc/v4"

	"rostrum/cmd/rostrum/clip"
)

const (
	disconnectedAfter = 5 * time.Second
	failedAfter       = 5 * time.Second // on top of disconnectedAfter
	keepAlive         = 2 * time.Second
)

// newPeerConnection knows exactly the codecs of the tracks, and pion's usual interceptors: they answer NACKs and send the
// reports that keep sound and picture together at the receiver.
func newPeerConnection(tracks []clip.Track, local bool) (*webrtc.PeerConnection, error) {
	engine := &webrtc.MediaEngine{}
	for i, t := range tracks {
		if err := register(engine, t, webrtc.PayloadType(96+2*i)); err != nil {
			return nil, fmt.Errorf("codec %s: %w", t.Codec.MimeType, err)
		}
	}
	registry := &interceptor.Registry{}
	if err := webrtc.RegisterDefaultInterceptors(engine, registry); err != nil {
		return nil, err
	}
	settings := webrtc.SettingEngine{}
	settings.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	settings.SetICETimeouts(disconnectedAfter, failedAfter, keepAlive)
	settings.SetIncludeLoopbackCandidate(local)
	settings.SetNetworkTypes([]webrtc.NetworkType{ // TCP for networks without UDP: the server's ICE-TCP port
		webrtc.NetworkTypeUDP4, webrtc.NetworkTypeUDP6, webrtc.NetworkTypeTCP4, webrtc.NetworkTypeTCP6,
	})
	return webrtc.NewAPI(
		webrtc.WithMediaEngine(engine), webrtc.WithInterceptorRegistry(registry), webrtc.WithSettingEngine(settings),
	).NewPeerConnection(webrtc.Configuration{BundlePolicy: webrtc.BundlePolicyMaxBundle})
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
