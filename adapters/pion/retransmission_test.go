package pion_test

import (
	"math/rand/v2"
	"testing"
)

// Retransmissions repair, announced or not, and where both the media and they have
// an SSRC that nobody has told.
func TestRetransmissionsOfAPublisher(t *testing.T) {
	for name, options := range map[string][]option{
		"announced":   nil,
		"unannounced": {announcingNoSSRC},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShow(t, options...)
			if len(options) > 0 {
				s.camera.rtx += 3
			}
			s.camera.shoot(10)
			lost := s.camera.next
			s.camera.skip(3)
			s.camera.shoot(10)
			await(t, "the server asks for what it has not got", func() bool { return len(nacks(s.camera, s.camera.ssrc)) > 0 })
			for i := range 3 {
				s.camera.repair(s.camera.rtx, uint16(65_534+i), lost+i)
			}
			s.seen()
			s.screen.offset()
		})
	}
}

// What comes late, by itself or again, is in its place; what comes twice is seen once.
func TestLatePacketsOfAPublisher(t *testing.T) {
	t.Parallel()
	const late = 400
	s := newShow(t)
	begin := s.camera.next
	order := make([]int, late)
	for i := range order {
		order[i] = begin + i
	}
	shuffled := rand.New(rand.NewPCG(4, 4))
	shuffled.Shuffle(late, func(i, j int) { order[i], order[j] = order[j], order[i] })
	for i, n := range order {
		s.camera.write(s.camera.header(n), piece(n))
		s.camera.repair(s.camera.rtx, uint16(n), n)
		if i%50 == 0 { // more than a small socket buffer holds would be lost on the way
			await(t, "what has been sent is seen", func() bool { return s.screen.count() == begin+i+1 })
		}
	}
	s.camera.next += late
	s.camera.shoot(10)
	s.seen()
	for n := range s.camera.next {
		if times := s.screen.sight(n).times; times != 1 {
			t.Errorf("packet %d is seen %d times", n, times)
		}
	}
}

// A publisher's numbers may roll over, as often as they like: what comes late or
// again from before is still in its place.
func TestAPublishersNumbersRollOver(t *testing.T) {
	t.Parallel()
	s := newShow(t)
	const jump = 20_000 // lost, for all that the server knows
	for range 20 {
		late := s.camera.next
		s.camera.skip(2)
		s.camera.shoot(10)
		s.camera.write(s.camera.header(late), piece(late))
		s.camera.repair(s.camera.rtx, uint16(late), late+1)
		s.camera.shoot(1)
		s.seen()
		s.camera.shift += jump
	}
}
