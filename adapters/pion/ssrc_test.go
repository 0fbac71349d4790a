package pion_test

import (
	"slices"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"

	"rostrum/domain"
)

// replaced is longer than a stream must be silent before another may take its place.
const replaced = 1100 * time.Millisecond

// show is a publisher of pictures and a subscriber who has seen the first.
type show struct {
	*hall
	camera *camera
	screen *screen
}

func newShow(t *testing.T, options ...option) *show {
	t.Helper()
	h := newHall(t)
	publisher, subscriber := newClient(t, options...), newClient(t)
	s := &show{h, publisher.addCamera(webrtc.RTPCodecTypeVideo), subscriber.addScreen(webrtc.RTPCodecTypeVideo)}
	tracks := h.admit("pub", publisher)
	h.seat("sub", subscriber, tracks)
	h.route("room", "pub", tracks, "sub")
	premiere(t, s.camera, s.screen)
	return s
}

// seen waits until all that the camera has sent is, but for what came before a
// number.
func (s *show) seen(from ...int) {
	s.Helper()
	await(s.T, "everything is seen", func() bool {
		return !slices.ContainsFunc(s.screen.missing(s.camera.next), func(n int) bool { return len(from) == 0 || n >= from[0] })
	})
}

// waitFor waits for what only time brings.
func waitFor(d time.Duration) { <-time.After(d) }

// A publisher that begins anew in mid-stream, with another SSRC and other numbers, is
// followed: repaired, asked for key frames, and not asked for what it has left behind.
func TestAnotherSSRCInMidStream(t *testing.T) {
	t.Parallel()
	s := newShow(t)
	s.camera.shoot(10)
	s.seen()
	old := s.camera.ssrc
	s.camera.shift++ // lost for ever
	s.camera.shoot(5)
	s.seen()
	await(t, "the server asks for what is lost", func() bool { return len(nacks(s.camera, old)) > 0 })
	s.camera.repair(s.camera.rtx, 8000, s.camera.next-1) // has come: the server knows the old RTX stream now
	waitFor(replaced)

	s.camera.become(old + 1)
	s.camera.rtx, s.camera.shift = s.camera.rtx+1, 30_000
	s.camera.shoot(5) // nothing that one could begin with
	await(t, "the new stream is asked for a key frame", func() bool {
		all := heard[*rtcp.PictureLossIndication](s.camera)
		return len(all) > 0 && all[len(all)-1].MediaSSRC == old+1
	})
	const anew = 100 // its first key frame
	s.camera.shift -= anew - uint16(s.camera.next)
	s.camera.next = anew
	premiere(t, s.camera, s.screen)
	s.camera.shoot(20)
	s.seen(anew)
	before := len(nacks(s.camera, old))
	s.camera.skip(1)
	s.camera.shoot(5)
	await(t, "the server asks for what is missing now, again and again", func() bool { return len(nacks(s.camera, old+1)) > 4 })
	if late := len(nacks(s.camera, old)) - before; late > 0 {
		t.Errorf("the publisher was asked %d times for packets of the stream that it has left", late)
	}
	s.camera.repair(s.camera.rtx, 9000, s.camera.next-6)
	s.seen(anew)
}

// nacks returns the requests for lost packets of an SSRC.
func nacks(c *camera, ssrc uint32) (all []*rtcp.TransportLayerNack) {
	for _, n := range heard[*rtcp.TransportLayerNack](c) {
		if n.MediaSSRC == ssrc {
			all = append(all, n)
		}
	}
	return all
}

// An SSRC that comes while another's stream goes on is not taken.
func TestAnotherSSRCBesides(t *testing.T) {
	t.Parallel()
	s := newShow(t)
	for range 10 {
		h := s.camera.header(1000 + s.camera.next)
		h.SSRC++
		s.camera.write(h, piece(1000+s.camera.next))
		s.camera.shoot(10)
	}
	s.seen()
	if n := s.screen.newest(); n >= 1000 {
		t.Errorf("packet %d of the other SSRC is seen", n)
	}
}

// Sound and picture that share an SSRC, and its numbers, are told by their payload
// types.
func TestSoundAndPictureOfOneSSRC(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	publisher, subscriber := newClient(t), newClient(t)
	picture, sound := publisher.addCamera(webrtc.RTPCodecTypeVideo), publisher.addCamera(webrtc.RTPCodecTypeAudio)
	screen, speaker := subscriber.addScreen(webrtc.RTPCodecTypeVideo), subscriber.addScreen(webrtc.RTPCodecTypeAudio)
	tracks := h.admit("pub", publisher)
	h.seat("sub", subscriber, tracks)
	h.route("room", "pub", tracks, "sub")
	<-picture.bound
	<-sound.bound
	sound.ssrc = picture.ssrc
	const packets = 200
	for n := range packets {
		if n%2 == 0 {
			picture.next = n
			picture.shoot(1)
		} else {
			sound.next = n
			sound.shoot(1)
		}
		await(t, "the packet is seen where it belongs", func() bool { return screen.has(n) || speaker.has(n) })
	}
	if screen.count() != packets/2 || speaker.count() != packets/2 {
		t.Errorf("%d pictures and %d pieces of sound are seen, want %d of each", screen.count(), speaker.count(), packets/2)
	}
}

// Two publishers in two rooms may have chosen the same SSRC.
func TestOneSSRCInTwoRooms(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	var cameras []*camera
	var screens []*screen
	for _, room := range []string{"one", "two"} {
		publisher, subscriber := newClient(t, announcingNoSSRC), newClient(t)
		cameras = append(cameras, publisher.addCamera(webrtc.RTPCodecTypeVideo))
		screens = append(screens, subscriber.addScreen(webrtc.RTPCodecTypeVideo))
		id := domain.SessionID(room)
		tracks := h.admit("pub-"+id, publisher)
		h.seat("sub-"+id, subscriber, tracks)
		h.route(domain.RoomName(room), "pub-"+id, tracks, "sub-"+id)
	}
	for i, c := range cameras {
		<-c.bound
		c.ssrc, c.next = 77, 1000*i // what is of the other room shows
	}
	for i, c := range cameras {
		premiere(t, c, screens[i])
	}
	for range 50 {
		cameras[0].shoot(2)
		cameras[1].shoot(2)
	}
	for i, s := range screens {
		await(t, "all of a room's film is seen", func() bool { return s.count() == 101 })
		if first, last := 1000*i, 1000*i+100; !s.has(first) || !s.has(last) {
			t.Errorf("room %d has not seen %d to %d", i, first, last)
		}
	}
}
