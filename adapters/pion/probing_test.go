package pion_test

import "testing"

// Browsers probe with padding alone on the SSRC of retransmissions. That repairs
// nothing and hides nothing: what is missing is asked for, and nothing else.
func TestProbingIsNoRepair(t *testing.T) {
	t.Parallel()
	s := newShow(t)
	s.camera.shift = 20_000 // far from 0, which padding could be taken for
	s.camera.shoot(10)
	missing := s.camera.header(s.camera.next).SequenceNumber
	s.camera.skip(1)
	s.camera.shoot(1)
	padding := make([]byte, 255)
	padding[len(padding)-1] = 255
	for i := range uint16(5) {
		h := s.camera.header(0)
		h.PayloadType, h.SSRC, h.SequenceNumber, h.Padding = payloadRTX, s.camera.rtx, 700+i, true
		s.camera.write(h, padding)
	}
	s.camera.shoot(1)
	await(t, "the server asks for what is missing", func() bool { return len(nacks(s.camera, s.camera.ssrc)) > 1 })
	for _, nack := range nacks(s.camera, s.camera.ssrc) {
		for _, pair := range nack.Nacks {
			for _, sequence := range pair.PacketList() {
				if sequence != missing {
					t.Errorf("asked for %d, want %d alone", sequence, missing)
				}
			}
		}
	}
	s.camera.repair(s.camera.rtx, 800, s.camera.next-3)
	s.seen()
}
