package pion_test

import (
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
)

// What a publisher sends as soon as it has the keys, and the server has not, waits
// until it has: the end of the handshake is held up on its way.
func TestMediaBeforeTheKeys(t *testing.T) {
	const early = 90 // one key frame among them
	h, w := newHall(t), newWAN(t, time.Millisecond, 1)
	publisher := newClient(t, over(w), setUp("passive")) // who waits for DTLS is done first
	camera := publisher.addCamera(webrtc.RTPCodecTypeVideo)
	held := w.holdHandshake()
	tracks := h.publish("pub", publisher)
	subscriber := newClient(t)
	screen := subscriber.addScreen(webrtc.RTPCodecTypeVideo)
	h.seat("sub", subscriber, tracks)
	h.route("room", "pub", tracks, "sub")

	<-publisher.connected
	camera.shoot(early)
	await(t, "the media has come", func() bool { return held.media() >= early })
	if h.told.isConnected("pub") {
		t.Fatal("the server had the keys all the time: this test holds up the wrong packets")
	}
	held.release()
	await(t, "all of it is seen", func() bool { return len(screen.missing(early)) == 0 })
}
