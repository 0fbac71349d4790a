package pion_test

import (
	"testing"

	"github.com/pion/dtls/v3"
	"github.com/pion/webrtc/v4"
)

// A subscriber goes on through the roll-over of its sequence numbers, which begin
// anywhere in the first half: each of more packets than there are numbers arrives,
// decrypted, by the fast sender and by pion's.
func TestRollOverToASubscriber(t *testing.T) {
	const (
		packets = 1<<16 + 1000
		frame   = 50  // packets with one marker
		flight  = 150 // packets that may be on their way: what a small socket buffer holds
	)
	for name, profile := range map[string]dtls.SRTPProtectionProfile{
		"AES-GCM": dtls.SRTP_AEAD_AES_128_GCM,
		"AES-CM":  dtls.SRTP_AES128_CM_HMAC_SHA1_80,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHall(t)
			publisher, subscriber := newClient(t), newClient(t, withProfiles(profile), withoutRTX)
			camera, screen := publisher.addCamera(webrtc.RTPCodecTypeVideo), subscriber.addScreen(webrtc.RTPCodecTypeVideo)
			tracks := h.admit("pub", publisher)
			h.seat("sub", subscriber, tracks)
			h.route("room", "pub", tracks, "sub")
			premiere(t, camera, screen)
			asker := screen.askForLosses() // the kernel drops what a busy machine does not read in time
			for camera.next < packets {
				camera.shootFrame(frame)
				await(t, "the subscriber follows", func() bool { return screen.complete() > camera.next-flight })
			}
			await(t, "all of it is seen", func() bool { return screen.complete() == camera.next })
			screen.offset()
			if most := packets / 100; len(asker.all()) > most {
				t.Errorf("%d packets were lost on loopback, want %d at most", len(asker.all()), most)
			}
		})
	}
}
