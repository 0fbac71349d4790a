package pion_test

import (
	"strings"
	"testing"

	"github.com/pion/dtls/v3"
	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"

	"rostrum/adapters/pion"
	"rostrum/domain"
)

// A subscriber of whatever keys, role and transport sees what is sent as it is, is
// heard, and gets the publisher's clock.
func TestEveryWayToASubscriber(t *testing.T) {
	for name, options := range map[string][]option{
		"AES-GCM of 128 bits":     {withProfiles(dtls.SRTP_AEAD_AES_128_GCM)},
		"AES-GCM of 256 bits":     {withProfiles(dtls.SRTP_AEAD_AES_256_GCM)},
		"AES-CM":                  {withProfiles(dtls.SRTP_AES128_CM_HMAC_SHA1_80)},
		"TCP":                     {overTCP},
		"TCP with AES-CM":         {overTCP, withProfiles(dtls.SRTP_AES128_CM_HMAC_SHA1_80)},
		"it begins DTLS":          {setUp("active")},
		"it waits for DTLS":       {setUp("passive")},
		"it waits, and by AES-CM": {setUp("passive"), withProfiles(dtls.SRTP_AES128_CM_HMAC_SHA1_80)},
		"it waits, and by TCP":    {setUp("passive"), overTCP},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHall(t, func(c *pion.Config) { c.TCPAddr = "127.0.0.1:0" })
			publisher := newClient(t)
			cameras := []*camera{publisher.addCamera(webrtc.RTPCodecTypeVideo), publisher.addCamera(webrtc.RTPCodecTypeAudio)}
			tracks := h.admit("pub", publisher)
			subscriber := newClient(t, options...)
			screens := []*screen{subscriber.addScreen(webrtc.RTPCodecTypeVideo), subscriber.addScreen(webrtc.RTPCodecTypeAudio)}
			h.seat("sub", subscriber, tracks)
			h.route("room", "pub", tracks, "sub")

			for i, camera := range cameras {
				checkMedia(t, camera, screens[i])
				checkClock(t, camera, screens[i])
			}
			checkRequest(t, cameras[0], screens[0])
			checkResend(t, cameras[0], screens[0])
			await(t, "nothing is on its way", func() bool { return screens[0].complete() == cameras[0].next })
			transport := "udp"
			if strings.Contains(name, "TCP") {
				transport = "tcp"
			}
			checkReport(t, h.media.End("sub"), transport)
		})
	}
}

func checkMedia(t *testing.T, c *camera, s *screen) {
	t.Helper()
	const packets = 120
	premiere(t, c, s)
	c.shoot(packets - c.next)
	await(t, "all of it is seen", func() bool { return len(s.missing(packets)) == 0 })
	s.offset()
}

// checkClock makes sure that a sender report says to the subscriber of its numbers
// what the publisher has said of its own.
func checkClock(t *testing.T, c *camera, s *screen) {
	t.Helper()
	const ntp = 0xea5c_1234_8000_0000
	before := c.next - 1
	sent := c.header(before)
	report := &rtcp.SenderReport{SSRC: c.ssrc, NTPTime: ntp, RTPTime: sent.Timestamp + 123}
	if err := c.pc.WriteRTCP([]rtcp.Packet{report}); err != nil {
		t.Fatal(err)
	}
	await(t, "the clock has come", func() bool { return s.report() != nil })
	got, want := s.report(), s.sight(before).timestamp+123
	if got.NTPTime != ntp || got.RTPTime != want {
		t.Errorf("%s: the clock pairs %x with %d, want %x with %d", s.kind, got.NTPTime, got.RTPTime, uint64(ntp), want)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if got.SSRC != s.ssrc || got.PacketCount != uint32(s.seen) {
		t.Errorf("%s: the report is %v, of stream %d and %d packets", s.kind, got, s.ssrc, s.seen)
	}
}

// checkRequest makes sure that a request for a key frame reaches the publisher.
func checkRequest(t *testing.T, c *camera, s *screen) {
	t.Helper()
	requests := func() int { return len(heard[*rtcp.PictureLossIndication](c)) }
	before := requests()
	s.ask(func(ssrc uint32) rtcp.Packet {
		return &rtcp.PictureLossIndication{SenderSSRC: 1, MediaSSRC: ssrc}
	})
	await(t, "the publisher is asked for a key frame", func() bool { return requests() > before })
	for _, p := range heard[*rtcp.PictureLossIndication](c) {
		if p.MediaSSRC != c.ssrc {
			t.Errorf("the publisher of %d was asked about %d", c.ssrc, p.MediaSSRC)
		}
	}
}

// checkResend makes sure that what is asked for again comes again, by RTX.
func checkResend(t *testing.T, c *camera, s *screen) {
	t.Helper()
	const wanted = 57
	sequence := s.sight(wanted).sequence
	s.ask(func(ssrc uint32) rtcp.Packet {
		return &rtcp.TransportLayerNack{SenderSSRC: 1, MediaSSRC: ssrc, Nacks: rtcp.NackPairsFromSequenceNumbers([]uint16{sequence})}
	})
	await(t, "the packet comes again", func() bool {
		c.shoot(1) // pion reads retransmissions when it reads media
		sight := s.sight(wanted)
		return sight.again && sight.times == 2
	})
}

func checkReport(t *testing.T, r domain.SessionReport, transport string) {
	t.Helper()
	if !strings.HasPrefix(r.Pair, transport) || r.Dropped != 0 || r.Resent != 1 {
		t.Errorf("the session over %s ends with %+v", transport, r)
	}
}
