package pion_test

import (
	"math/rand/v2"
	"testing"

	"github.com/pion/webrtc/v4"

	"rostrum/domain"
)

// Packets that come late, again or in any order are not lost, nor are those that a
// publisher who begins anew did not send.
func TestLatePacketsAreNotLost(t *testing.T) {
	t.Parallel()
	const late = 400
	s := newShow(t)
	begin := s.camera.next
	order := rand.New(rand.NewPCG(4, 4)).Perm(late)
	for i, n := range order {
		n += begin
		s.camera.write(s.camera.header(n), piece(n))
		s.camera.repair(s.camera.rtx, uint16(n), n) // comes twice
		if i%50 == 0 {                              // more than a small socket buffer holds would be lost on the way
			await(t, "what has been sent is seen", func() bool { return s.screen.count() == begin+i+1 })
		}
	}
	s.camera.next += late
	waitFor(replaced)
	s.camera.become(s.camera.ssrc + 1)
	s.camera.shift = 30_000
	last := s.camera.next - 1
	await(t, "the next stream is seen", func() bool {
		s.camera.shoot(1)
		return s.screen.newest() > last
	})
	if lost := s.media.End("pub").Lost; lost != 0 {
		t.Errorf("%d packets are lost, want none", lost)
	}
}

// The round trip is as long as the way is, of both, and measured again and again.
func TestTheRoundTripOfBoth(t *testing.T) {
	t.Parallel()
	h, there, back := newHall(t), newWAN(t, distance, 1), newWAN(t, distance, 2)
	publisher, subscriber := newClient(t, over(there)), newClient(t, over(back))
	publisher.addCamera(webrtc.RTPCodecTypeVideo)
	subscriber.addScreen(webrtc.RTPCodecTypeVideo)
	tracks := h.admit("pub", publisher)
	h.seat("sub", subscriber, tracks)
	for _, id := range []domain.SessionID{"pub", "sub"} {
		first, ok := h.media.Report(id)
		if !ok || first.RoundTrip < 2*distance || first.RoundTrip > patience {
			t.Errorf("the round trip of %s is %v, want at least %v", id, first.RoundTrip, 2*distance)
		}
		await(t, "another is measured", func() bool {
			then, _ := h.media.Report(id)
			return then.RoundTrip != first.RoundTrip
		})
	}
}
