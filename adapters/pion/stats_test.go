package pion_test

import (
	"testing"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"

	"rostrum/domain"
)

// fullHouse is a publisher with a camera and a subscriber with a screen, which has seen
// the first packet.
func fullHouse(t *testing.T) (*hall, *camera, *screen) {
	t.Helper()
	h := newHall(t)
	publisher, subscriber := newClient(t), newClient(t)
	camera, screen := publisher.addCamera(webrtc.RTPCodecTypeVideo), subscriber.addScreen(webrtc.RTPCodecTypeVideo)
	tracks := h.admit("pub", publisher)
	h.seat("sub", subscriber, tracks)
	h.route("room", "pub", tracks, "sub")
	premiere(t, camera, screen)
	return h, camera, screen
}

// What cameras send and screens see is in the totals, packet by packet, and stays there
// when they have left and others come.
func TestTotalsAreThoseOfEverybody(t *testing.T) {
	t.Parallel()
	const length = 300
	h, camera, screen := fullHouse(t)
	pace(length-camera.next, filmPace, camera)
	await(t, "all is seen", func() bool { return screen.complete() == length })
	h.totals(length, length)
	for _, id := range []domain.SessionID{"sub", "pub"} {
		h.media.End(id)
		h.totals(length, length)
	}

	publisher := newClient(t)
	next := publisher.addCamera(webrtc.RTPCodecTypeVideo)
	h.admit("another", publisher)
	next.shoot(10)
	await(t, "who comes next is counted as well", func() bool { return h.media.Stats().Publishers.Packets == length+10 })
	h.totals(length+10, length)
	if stats := h.media.Stats(); stats.Publishers.Connected.Count() != 2 || stats.Subscribers.Connected.Count() != 1 {
		t.Errorf("%d publishers and %d subscribers have been connected, want 2 and one", stats.Publishers.Connected.Count(), stats.Subscribers.Connected.Count())
	}
}

// totals checks how many packets have come and left.
func (h *hall) totals(in, out uint64) {
	h.Helper()
	stats := h.media.Stats()
	if stats.Publishers.Packets != in || stats.Subscribers.Packets != out || stats.Egress.Packets < out {
		h.Errorf("%d packets have come and %d left, %d with all reports, want %d and %d",
			stats.Publishers.Packets, stats.Subscribers.Packets, stats.Egress.Packets, in, out)
	}
	for reason, dropped := range stats.Drops {
		if dropped > 0 {
			h.Errorf("%d packets are counted as dropped, %s", dropped, reason)
		}
	}
}

// What a subscriber says by RTCP is counted, each time that it says so, but what it has
// lost as often as it was lost.
func TestWhatSubscribersAskForIsCounted(t *testing.T) {
	t.Parallel()
	h, camera, screen := fullHouse(t)
	camera.shoot(20)
	await(t, "all is seen", func() bool { return screen.complete() == 21 })
	first := screen.offset()
	for range 2 {
		screen.ask(func(ssrc uint32) rtcp.Packet {
			return &rtcp.TransportLayerNack{MediaSSRC: ssrc, Nacks: rtcp.NackPairsFromSequenceNumbers([]uint16{first, first + 1, first + 2})}
		})
		screen.ask(func(ssrc uint32) rtcp.Packet { return &rtcp.PictureLossIndication{MediaSSRC: ssrc} })
		screen.ask(func(ssrc uint32) rtcp.Packet {
			return &rtcp.FullIntraRequest{MediaSSRC: ssrc, FIR: []rtcp.FIREntry{{SSRC: ssrc}}}
		})
	}
	for _, lost := range []uint32{5, 3, 1000} { // what came late is lost no more, and is not lost twice; who was sent 21 can lose no more
		screen.ask(func(ssrc uint32) rtcp.Packet {
			return &rtcp.ReceiverReport{Reports: []rtcp.ReceptionReport{{SSRC: ssrc, TotalLost: lost}}}
		})
	}
	await(t, "all of it is counted", func() bool {
		s := h.media.Stats().Subscribers
		return s.Lost == 21 && s.NACKs == 2 && s.KeyframeRequests == 4
	})
	await(t, "what was sent again is counted", func() bool {
		sent := h.media.Stats().Resends.Sent
		return sent >= 3 && sent <= 6 // what is asked for twice before it was sent again is sent once
	})
	if h.media.Stats().Subscribers.Packets != 21 {
		t.Error("what was sent again is counted as sent")
	}
}

// What the server asks publishers for is counted as often as they hear it.
func TestWhatPublishersAreAskedForIsCounted(t *testing.T) {
	t.Parallel()
	h, camera, screen := fullHouse(t)
	camera.skip(3)
	camera.shoot(1)
	await(t, "it is given up", func() bool { return h.media.Stats().Publishers.Lost == 3 })
	screen.ask(func(ssrc uint32) rtcp.Packet { return &rtcp.PictureLossIndication{MediaSSRC: ssrc} })
	await(t, "the publisher has heard it all", func() bool {
		stats, nacks := h.media.Stats().Publishers, heard[*rtcp.TransportLayerNack](camera)
		pictures := heard[*rtcp.PictureLossIndication](camera)
		return stats.NACKs > 0 && stats.NACKs == uint64(len(nacks)) && stats.KeyframeRequests > 0 && stats.KeyframeRequests == uint64(len(pictures))
	})
}
