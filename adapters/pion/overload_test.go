package pion_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"rostrum/adapters/pion"
	"rostrum/domain"
	"rostrum/ports"
)

// When the workers have as much to do as they may, nobody is let in; those who are
// there go on, and when there is less to do others are let in again.
func TestAFullServer(t *testing.T) {
	t.Parallel()
	h := newHall(t, func(c *pion.Config) { c.MaxLoad = 0.0005 })
	publisher := newClient(t, answeringNACK)
	camera := publisher.addCamera(webrtc.RTPCodecTypeVideo)
	tracks := h.admit("pub", publisher)
	subscriber := newClient(t)
	screen := subscriber.addScreen(webrtc.RTPCodecTypeVideo)
	h.seat("sub", subscriber, tracks)
	h.route("room", "pub", tracks, "sub")
	premiere(t, camera, screen)
	kernel, asker := watchKernel(), screen.askForLosses()

	newcomer := newClient(t)
	newcomer.addScreen(webrtc.RTPCodecTypeVideo)
	offer := newcomer.offerSDP()
	comes := func() error {
		_, err := h.media.Subscribe(t.Context(), ports.Offer{Session: "new", SDP: offer, Events: h.told}, tracks)
		if err == nil {
			h.media.End("new")
		}
		return err
	}
	await(t, "an idle server lets people in", func() bool { return comes() == nil })

	ctx, stop := context.WithCancel(t.Context())
	var streaming sync.WaitGroup
	streaming.Go(func() {
		for ctx.Err() == nil {
			pace(10, time.Millisecond, camera)
		}
	})
	var err error
	await(t, "the server is full", func() bool { err = comes(); return err != nil })
	if !errors.Is(err, domain.ErrServerFull) {
		t.Errorf("%v, want that the server is full", err)
	}
	before := screen.newest()
	await(t, "who is there goes on", func() bool { return screen.newest() > before+50 })
	stop()
	streaming.Wait()
	await(t, "the server lets people in again", func() bool { return comes() == nil })
	await(t, "who was there has missed nothing", func() bool { return len(screen.missing(camera.next)) == 0 })
	dropped := kernel.dropped(camera.next) // by a busy machine
	for _, n := range h.media.Stats().Drops {
		dropped += int(n)
	}
	if lost, late := len(asker.all()), len(nacks(camera, camera.ssrc)); lost > dropped || dropped == 0 && late > 0 {
		t.Errorf("%d packets were asked for again, the publisher was asked %d times, and %d were dropped", lost, late, dropped)
	}
}
