//go:build interop

package interop

import (
	"testing"

	"github.com/pion/webrtc/v4"
)

// TestTCPAlone publishes and plays from networks that let no UDP through.
func TestTCPAlone(t *testing.T) {
	server := startServer(t, "--webrtc.tcp_addr", ":0")
	publisher := newPeer(t, webrtc.ICETransportPolicyAll, webrtc.NetworkTypeTCP4)
	publisher.publishClip(server + "/api/whip/publish/room")
	player := newPeer(t, webrtc.ICETransportPolicyAll, webrtc.NetworkTypeTCP4)
	player.playVP8(server + "/api/whep/play/room")
	for who, p := range map[string]*peer{"publisher": publisher, "player": player} {
		if pair := p.pair(); pair.Remote.Protocol != webrtc.ICEProtocolTCP {
			t.Errorf("the %s is connected by %v", who, pair)
		}
	}
	watch := chromium(t).open(t, server+"/watch/room#token="+token)
	watch.receives(shown{codec: "video/VP8", sound: true})
}
