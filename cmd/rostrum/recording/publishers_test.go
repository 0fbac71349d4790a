package recording

import (
	"math"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/rtp"

	"rostrum/cmd/rostrum/clip"
	"rostrum/cmd/rostrum/rig"
)

// A publication of nothing leaves nothing: no file, no row, no event, no error.
func TestPublicationOfNothing(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	v := s.start()
	c := s.newCamera("hall", twoSeconds(t, "libvpx"), nil)
	c.leave()
	v.says("session ended", 1)
	v.stop()
	s.start()
	if all := s.recordings(); len(all) != 0 || len(s.spooled()) != 0 {
		t.Errorf("there are recordings %+v and spooled %v", all, s.spooled())
	}
}

func TestSoundAlone(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.start()
	c := s.newCamera("hall", twoSeconds(t, "libvpx"), nil)
	c.film(clipFile(t, "libvpx", 4), soundOnly)
	c.leave()
	r := s.stored(1)[0]
	if n := s.read(r); n != 0 || len(r.Parts) != 1 || r.Parts[0].Audio == nil || r.Parts[0].Audio.Packets < 190 {
		t.Errorf("%d pictures in %+v", n, r.Parts)
	}
}

func soundOnly(s clip.Sample) bool { return len(s.Data) > 0 && s.Duration <= 20*time.Millisecond }

// Pictures that nobody can decode are not recorded, and the sound is.
func TestNoKeyFrame(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.start()
	c := s.newCamera("hall", twoSeconds(t, "libvpx"), nil)
	c.film(clipFile(t, "libvpx", 4), func(s clip.Sample) bool { return soundOnly(s) || !s.Key })
	c.leave()
	r := s.stored(1)[0]
	if n := s.read(r); n != 0 || r.Parts[0].Audio == nil || r.Parts[0].Audio.Packets < 190 {
		t.Errorf("%d pictures in %+v", n, r.Parts)
	}
}

// Each change of resolution is a part, and no picture is missing.
func TestResolutionEverySecond(t *testing.T) {
	t.Parallel()
	for _, codec := range []string{"libvpx", "libx264"} {
		t.Run(codec, func(t *testing.T) {
			t.Parallel()
			s := newStand(t)
			s.start()
			sizes := []string{"320x180", "640x360", "160x90", "480x270"}
			var files []string
			for _, size := range sizes {
				files = append(files, clipFile(t, codec, 1, "-s", size))
			}
			c := s.newCamera("hall", files[0], nil)
			sent := 0
			for _, f := range files {
				sent += c.film(f, nil)
			}
			c.leave()
			r := s.stored(1)[0]
			if n := s.read(r); n != sent || len(r.Parts) != len(sizes) {
				t.Errorf("%d pictures of %d in %d parts of %d", n, sent, len(r.Parts), len(sizes))
			}
		})
	}
}

// One packet in ten is lost on its way, also of those that are sent again: what is
// stored plays, and says what is missing.
func TestTenPercentLoss(t *testing.T) {
	t.Parallel()
	for _, codec := range []string{"libvpx", "libx264"} {
		t.Run(codec, func(t *testing.T) {
			t.Parallel()
			s := newStand(t)
			s.start()
			var mu sync.Mutex
			random := rand.New(rand.NewPCG(1, 2))
			c := s.newCamera("hall", twoSeconds(t, codec), func(*rtp.Header, []byte) bool {
				mu.Lock()
				defer mu.Unlock()
				return random.IntN(10) > 0
			})
			file, delay := clipFile(t, codec, 6), rig.WatchDelay()
			sent := c.film(file, nil)
			c.leave()
			late := int(math.Ceil(delay.Sum().Seconds() * 2 * clipRate)) // a repair that is late may cost more than it has
			r := s.stored(1)[0]
			n, told := s.read(r), r.missing()
			if n+told < sent-unsent || n < max(sent/2, sent*8/10-late) {
				t.Errorf("%d pictures of %d are stored, and %d are told to be missing: %+v", n, sent, told, r.Parts)
			}
		})
	}
}

// missing returns how many pictures the gaps of a recording are long.
func (r recording) missing() int {
	var seconds float64
	for _, p := range r.Parts {
		for _, g := range p.Gaps {
			if g.Kind == "video" {
				seconds += g.Seconds
			}
		}
	}
	return int(math.Round(seconds * clipRate))
}

// Payloads that are no media harm nothing but themselves.
func TestGarbagePayloads(t *testing.T) {
	t.Parallel()
	for _, codec := range []string{"libvpx", "libx264"} {
		t.Run(codec, func(t *testing.T) {
			t.Parallel()
			s := newStand(t)
			s.start()
			file := clipFile(t, codec, 2)
			var garbage atomic.Bool // what is sent again is sent by another goroutine
			c := s.newCamera("hall", file, func(_ *rtp.Header, payload []byte) bool {
				if garbage.Load() {
					for i := range payload {
						payload[i] = byte(i * 7)
					}
				}
				return true
			})
			sent := c.film(file, nil)
			c.arrive() // nothing of it is sent again as garbage
			garbage.Store(true)
			c.film(file, nil)
			c.arrive()
			garbage.Store(false)
			sent += c.film(file, nil)
			c.leave()
			pictures := 0
			for _, r := range s.stored(1) {
				pictures += s.read(r)
			}
			if pictures < sent-5 {
				t.Errorf("%d pictures are stored of %d that were none", pictures, sent)
			}
		})
	}
}

// A publisher that is lost and comes back within the grace goes on with the same
// recording, in another part, also in another codec.
func TestPublisherComesBack(t *testing.T) {
	t.Parallel()
	h := newHook(t)
	s := newStand(t, h.flags()...)
	s.flags = append(s.flags, "--rooms.grace", "30s")
	s.start()
	p := s.publish("hall", clipFile(t, "libvpx", 20))
	s.filmed("hall", 2)
	p.kill()
	s.publish("hall", clipFile(t, "libx264", 2)).wait()
	all := s.stored(1)
	r := all[0]
	if n := s.read(r); n < 4*clipRate-lastSecond || len(r.Parts) < 2 {
		t.Errorf("%d pictures in %d parts", n, len(r.Parts))
	}
	h.told(all)
}

// An operator stops a recording and begins another while the room is live.
func TestStoppedAndBegunByHand(t *testing.T) {
	t.Parallel()
	s := newStand(t, "--rooms.record=false")
	s.start()
	c := s.newCamera("hall", twoSeconds(t, "libvpx"), nil)
	c.film(twoSeconds(t, "libvpx"), nil)
	for range 2 {
		c.arrive()
		if status, body := s.call(http.MethodPut, "/api/rooms/hall/recording"); status != http.StatusOK {
			t.Fatalf("to record: %d %s", status, body)
		}
		c.film(twoSeconds(t, "libvpx"), nil)
		c.arrive()
		if status, body := s.call(http.MethodDelete, "/api/rooms/hall/recording"); status >= 300 {
			t.Fatalf("to stop: %d %s", status, body)
		}
	}
	c.film(twoSeconds(t, "libvpx"), nil)
	c.leave()
	for _, r := range s.stored(2) {
		if n := s.read(r); n < 2*clipRate-unsent || n > 2*clipRate+clipRate {
			t.Errorf("%d pictures of 2 seconds", n)
		}
	}
}
