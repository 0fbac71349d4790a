package pion_test

import (
	"slices"
	"testing"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/webrtc/v4"

	"rostrum/domain"
)

// What the tests of loss send, over a network that takes and loses so much each way.
const (
	filmLength   = 1500
	filmPace     = 2 * time.Millisecond
	distance     = 50 * time.Millisecond
	lossPercent  = 5
	mostUnsaved  = filmLength / 1000 // packets: a thousandth
	mostAttempts = 10                // of repairing one packet
)

// repairs are the ways in which a lost packet comes again.
var repairs = map[domain.SessionID][]option{
	"by RTX":                    nil,
	"as it was sent":            {withoutRTX},
	"as it was sent, by AES-CM": {withoutRTX, withProfiles(dtls.SRTP_AES128_CM_HMAC_SHA1_80)},
}

// What subscribers lose and ask for comes again, and one that loses nothing is not
// the worse for it.
func TestLossOnTheWayToSubscribers(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	publisher, near := newClient(t), newClient(t)
	camera, whole := publisher.addCamera(webrtc.RTPCodecTypeVideo), near.addScreen(webrtc.RTPCodecTypeVideo)
	tracks := h.admit("pub", publisher)
	h.seat("near", near, tracks)
	ids, screens, wans := []domain.SessionID{"near"}, []*screen{whole}, []*wan{nil}
	for id, options := range repairs {
		w := newWAN(t, distance, int64(len(ids)))
		far := newClient(t, append(options, over(w))...)
		ids, screens, wans = append(ids, id), append(screens, far.addScreen(webrtc.RTPCodecTypeVideo)), append(wans, w)
		h.seat(id, far, tracks)
	}
	h.route("room", "pub", tracks, ids...)

	premiere(t, camera, screens...)
	kernel := watchKernel()
	askers := []*asker{whole.askForLosses()}
	for i := 1; i < len(ids); i++ {
		askers = append(askers, screens[i].askForLosses())
		wans[i].lose(lossPercent)
	}
	pace(filmLength-camera.next, filmPace, camera)
	for i := 1; i < len(ids); i++ {
		settle(camera, screens[i])
		checkRepairs(t, ids[i], screens[i], askers[i].all())
		checkResent(t, ids[i], h.media.End(ids[i]).Resent, len(askers[i].all()))
	}
	await(t, "the near one has seen it all", func() bool { return whole.complete() == camera.next })
	whole.offset()
	resent, asked := h.media.End("near").Resent, askers[0].all()
	if most := min(kernel.dropped(filmLength), filmLength/100); len(asked) > most || resent > uint64(len(asked)*mostAttempts) {
		t.Errorf("one with a good network asked for %v and got %d packets again, of whose the kernel has dropped %d at most", asked, resent, most)
	}
}

// settle goes on, at the pace of a still picture, until a screen has the film or is
// not going to get it.
func settle(camera *camera, s *screen) {
	const still = 20 * time.Millisecond
	for range int(patience / still) {
		if len(s.missing(filmLength)) <= mostUnsaved {
			return
		}
		pace(1, still, camera)
	}
}

func checkRepairs(t *testing.T, id domain.SessionID, s *screen, asked []int) {
	t.Helper()
	if least := filmLength * lossPercent / 100 / 2; len(asked) < least {
		t.Errorf("%s: %d packets were lost, want at least %d: the network is too good for this test", id, len(asked), least)
	}
	if missing := s.missing(filmLength); len(missing) > mostUnsaved {
		t.Errorf("%s: %d of %d packets are missing, %v; %d were asked for", id, len(missing), filmLength, missing, len(asked))
	}
	byRTX := len(repairs[id]) == 0
	for n := range filmLength {
		switch sight := s.sight(n); {
		case sight.again && !byRTX:
			t.Errorf("%s: packet %d came by RTX", id, n)
		case byRTX && sight.times == 1 && !sight.again && slices.Contains(asked, n):
			t.Errorf("%s: packet %d came again, but not so", id, n)
		}
	}
	s.offset()
}

func checkResent(t *testing.T, id domain.SessionID, resent uint64, asked int) {
	t.Helper()
	if resent < uint64(asked)*9/10 || resent > uint64(asked)*mostAttempts {
		t.Errorf("%s: the report has %d packets sent again, %d were asked for", id, resent, asked)
	}
}

// What the server loses of publishers' packets it asks for, and everybody gets: it
// counts as lost what nobody got.
func TestLossOnTheWayFromPublishers(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	var cameras []*camera
	var screens []*screen
	var wans []*wan
	var ids []domain.SessionID
	for id, options := range map[domain.SessionID][]option{"with RTX": nil, "without RTX": {withoutRTX}} {
		w := newWAN(t, distance, 7+int64(len(wans)))
		ids = append(ids, id)
		publisher := newClient(t, append(options, over(w), answeringNACK)...)
		cameras, wans = append(cameras, publisher.addCamera(webrtc.RTPCodecTypeVideo)), append(wans, w)
		tracks := h.admit(id, publisher)
		var guests []domain.SessionID
		for _, guest := range []domain.SessionID{"one", "two"} {
			c := newClient(t)
			guest += id
			guests, screens = append(guests, guest), append(screens, c.addScreen(webrtc.RTPCodecTypeVideo))
			h.seat(guest, c, tracks)
		}
		h.route(domain.RoomName(id), id, tracks, guests...)
		premiere(t, cameras[len(cameras)-1], screens[len(screens)-2:]...)
	}
	for _, w := range wans {
		w.lose(lossPercent)
	}
	pace(filmLength-1, filmPace, cameras...)
	for i, s := range screens {
		settle(cameras[i/2], s)
		if missing := s.missing(filmLength); len(missing) > mostUnsaved {
			t.Errorf("%d of %d packets are missing: %v", len(missing), filmLength, missing)
		}
		s.offset()
	}
	for i, c := range cameras {
		if asked := len(nacks(c, c.ssrc)); asked == 0 {
			t.Error("nothing was asked for: the network is too good for this test")
		}
		wans[i].lose(0)
		checkLost(h, ids[i], c, screens[2*i])
	}
}

// What publishers do not send again is lost: of pictures, which they are asked for in
// vain, and of sound, which they are not asked for.
func TestPacketsOfPublishersThatNeverCome(t *testing.T) {
	t.Parallel()
	const length = 500
	for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeVideo, webrtc.RTPCodecTypeAudio} {
		t.Run(kind.String(), func(t *testing.T) {
			t.Parallel()
			h, w := newHall(t), newWAN(t, distance, 11)
			publisher, subscriber := newClient(t, over(w)), newClient(t)
			camera, screen := publisher.addCamera(kind), subscriber.addScreen(kind)
			tracks := h.admit("pub", publisher)
			h.seat("sub", subscriber, tracks)
			h.route("room", "pub", tracks, "sub")
			premiere(t, camera, screen)
			w.lose(lossPercent)
			pace(length, filmPace, camera)
			w.lose(0)
			checkLost(h, "pub", camera, screen)
			if lost := h.media.End("pub").Lost; lost < length*lossPercent/100/2 {
				t.Errorf("%d packets were lost: the network is too good for this test", lost)
			}
		})
	}
}

// checkLost has a camera go on until all that was sent before is seen or lost, and
// makes sure that the report of its session says so.
func checkLost(h *hall, id domain.SessionID, c *camera, s *screen) {
	h.Helper()
	last := c.next - 1
	await(h.T, "what comes after the last of "+string(id)+" is seen", func() bool {
		c.shoot(1)
		return s.newest() > last
	})
	await(h.T, "what nobody got of "+string(id)+" is lost", func() bool {
		report, _ := h.media.Report(id)
		return int(report.Lost) == len(s.missing(s.newest()))
	})
}
