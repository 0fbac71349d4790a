package recording

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"rostrum/cmd/rostrum/rig"
)

// lastSecond is how many pictures may be missing where a process was killed, and a few
// that the last second had more.
const lastSecond = clipRate + 6

func TestKilledWhileRecording(t *testing.T) {
	t.Parallel()
	for codec, seconds := range map[string]int64{"libvpx": 5, "libx264": 3} {
		t.Run(codec, func(t *testing.T) {
			t.Parallel()
			h := newHook(t)
			s := newStand(t, h.flags()...)
			v := s.start()
			p := s.publish("hall", clipFile(t, codec, 20), "--retry=false")
			s.filmed("hall", seconds)
			v.kill()
			p.kill()

			s.start()
			all := s.stored(1)
			if n, want := s.read(all[0]), int(seconds)*clipRate-lastSecond; n < want {
				t.Errorf("%d pictures are stored after %d s, want at least %d", n, seconds, want)
			}
			h.told(all)
		})
	}
}

// A publisher that goes on while the server is killed again and again: each time there
// is one recording more, and none is lost.
func TestKilledAgainAndAgain(t *testing.T) {
	t.Parallel()
	h := newHook(t)
	s := newStand(t, h.flags()...)
	s.publish("hall", "--demo")
	const kills = 4
	for i := range kills {
		v := s.start()
		rig.Eventually(t, "some seconds have come", func() bool { return s.live("hall").Keyframes > 3 }) // two a second
		time.Sleep(time.Duration(i) * 137 * time.Millisecond)                                            // each time elsewhere in what is written
		v.kill()
	}
	s.flags = append(s.flags, "--rooms.record=false")
	s.start()
	all := s.stored(kills)
	for _, r := range all {
		if n := s.read(r); n < 45-lastSecond {
			t.Errorf("%s has %d pictures", r.ID, n)
		}
	}
	h.told(all)
}

func TestKilledWhileFinalizing(t *testing.T) {
	t.Parallel()
	h := newHook(t)
	s := newStand(t, h.flags()...)
	const seconds = 2
	file := clipFile(t, "libx264", seconds)
	delays := []time.Duration{0, 1, 3, 6, 10, 16, 25, 60}
	for _, after := range delays {
		v := s.start()
		s.publish("hall", file).wait()
		time.Sleep(after * time.Millisecond)
		v.kill()
	}
	s.start()
	all := s.stored(len(delays))
	for _, r := range all {
		if n := s.read(r); n < seconds*clipRate-lastSecond {
			t.Errorf("%s has %d pictures of %d", r.ID, n, seconds*clipRate)
		}
	}
	h.told(all)
}

func TestKilledWhileUploading(t *testing.T) {
	t.Parallel()
	for name, open := range stores {
		for _, after := range []int64{1, 60_000} {
			t.Run(fmt.Sprintf("%s after %d bytes", name, after), func(t *testing.T) {
				t.Parallel()
				b, h := open(t), newHook(t)
				s := onBucket(t, b, h.flags()...)
				v := s.start()
				const seconds = 3
				reached, resume := b.Halt(after)
				s.publish("hall", clipFile(t, "libx264", seconds)).wait()
				rig.Wait(t, "the upload has begun", reached)
				v.kill()
				resume()
				s.start()
				all := s.stored(1)
				if n := s.read(all[0]); n < seconds*clipRate-unsent {
					t.Errorf("%d pictures are stored of %d", n, seconds*clipRate)
				}
				b.holds(t, all)
				h.told(all)
			})
		}
	}
}

// The store has everything, and the server is killed before it hears of it: what is
// there is found there, and nothing is sent under another name.
func TestKilledBetweenUploadAndDatabase(t *testing.T) {
	t.Parallel()
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, h := open(t), newHook(t)
			s := onBucket(t, b, h.flags()...)
			v := s.start()
			b.Rewrite(func(*http.Response) error {
				if len(b.server.Keys(t, b.name)) < 2 {
					return nil
				}
				v.kill()
				return errors.New("nobody is there to be answered")
			})
			s.publish("hall", clipFile(t, "libx264", 2)).wait()
			rig.Wait(t, "the server is killed", v.Exited())
			b.Calm()
			s.start()
			all := s.stored(1)
			s.read(all[0])
			b.holds(t, all)
			h.told(all)
		})
	}
}

// What a store was asked for when its server was stopped goes on with the next start,
// and the stop does not wait for it.
func TestStoppedWhileUploading(t *testing.T) {
	t.Parallel()
	b, h := stores["s3"](t), newHook(t)
	s := onBucket(t, b, h.flags()...)
	v := s.start()
	reached, resume := b.Halt(1)
	s.publish("hall", clipFile(t, "libx264", 2)).wait()
	rig.Wait(t, "the upload has begun", reached)
	v.stop()
	resume()
	s.start()
	all := s.stored(1)
	s.read(all[0])
	b.holds(t, all)
	h.told(all)
}
