package spool_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

func TestPacketsComeLate(t *testing.T) {
	k := demo(t).first(3 * time.Second)
	random := rand.New(rand.NewPCG(1, 2))
	var cam *camera
	got := take(t, func(to ports.MediaSink) {
		cam = newCamera("P", to)
		cam.pass = func(kind domain.MediaKind, p *ports.Packet) bool {
			if random.IntN(10) > 0 {
				return true
			}
			stream, late := ports.Stream{Publisher: "P", Track: "video", Codec: domain.VP8}, *p
			if kind == domain.Audio {
				stream = ports.Stream{Publisher: "P", Track: "audio", Codec: domain.Opus}
			}
			time.AfterFunc(time.Duration(random.IntN(400))*time.Millisecond, func() { to.Receive(stream, []ports.Packet{late}) })
			return false
		}
		cam.play(k)
		time.Sleep(time.Second)
	})
	got.parts(t, 1)
	cam.pictures, cam.sounds = len(k.video), len(k.audio)
	got.whole(t, cam)
}

func TestLoss(t *testing.T) {
	for name, c := range map[string]func(t *testing.T) clip{
		"VP8":  func(t *testing.T) clip { return vp8(t, 160, 90, 8) },
		"H264": func(t *testing.T) clip { return h264(t, 160, 90, 8).with(demo(t)) },
	} {
		t.Run(name, func(t *testing.T) {
			k := c(t)
			random := rand.New(rand.NewPCG(3, 4))
			var cam *camera
			got := take(t, func(to ports.MediaSink) {
				cam = newCamera("P", to)
				cam.pass = func(domain.MediaKind, *ports.Packet) bool { return random.IntN(10) > 0 }
				cam.play(k)
			})
			if got.pictures < 30 || got.pictures > cam.pictures {
				t.Errorf("%d pictures, want up to %d", got.pictures, cam.pictures)
			}
			var dark time.Duration
			for _, p := range got.recording.Parts {
				if heard := sounds(t, got.dir, "A", p); (heard - 8*time.Second).Abs() > 100*time.Millisecond {
					t.Errorf("sound and silence last %v, want 8 s", heard)
				}
				for _, g := range p.Gaps {
					if g.Reason != domain.GapLost {
						t.Errorf("gap %+v, want it lost", g)
					}
					if g.Kind == domain.Video {
						dark += g.Length
					}
				}
			}
			shown := time.Duration(got.pictures) * time.Second / 30
			if missing := 8*time.Second - shown - dark; missing.Abs() > 800*time.Millisecond {
				t.Errorf("%v of pictures and gaps of %v do not add up to 8 s", shown, dark)
			}
			if got.asked == 0 {
				t.Error("no key frame was asked for")
			}
		})
	}
}

// Pictures that stop being of use, and never are again, are missing up to the end.
func TestLossToTheEnd(t *testing.T) {
	for name, k := range map[string]clip{"with sound": demo(t).first(6 * time.Second), "without sound": demo(t).first(6 * time.Second).silent()} {
		t.Run(name, func(t *testing.T) {
			got := take(t, func(to ports.MediaSink) {
				cam := newCamera("P", to)
				cam.play(k.first(2 * time.Second))
				rest := k
				rest.video = slices.DeleteFunc(slices.Clone(k.video), func(u unit) bool { return u.key })
				cam.videoNext += 3 // lost
				cam.play(rest.first(4 * time.Second))
				time.Sleep(10 * time.Second) // grace
			})
			p := got.parts(t, 1)[0]
			if len(p.Gaps) != 1 || p.Gaps[0].Kind != domain.Video || p.Gaps[0].Reason != domain.GapLost {
				t.Fatalf("gaps %+v, want one of video, lost", p.Gaps)
			}
			gap := p.Gaps[0]
			if (gap.At-2*time.Second).Abs() > 50*time.Millisecond || (gap.Length-4*time.Second).Abs() > 100*time.Millisecond {
				t.Errorf("gap %+v, want it from 2 s to 6 s", gap)
			}
		})
	}
}

func TestGarbage(t *testing.T) {
	k := vp8(t, 320, 180, 4)
	random := rand.New(rand.NewPCG(5, 6))
	noise := func(size int) []byte {
		b := make([]byte, size)
		for i := range b {
			b[i] = byte(random.Uint32())
		}
		return b
	}
	var cam *camera
	got := take(t, func(to ports.MediaSink) {
		for _, codec := range []domain.Codec{domain.VP8, domain.VP9, domain.H264, domain.H265, domain.AV1, domain.Opus, "", "G711"} {
			for range 500 {
				to.Receive(ports.Stream{Publisher: "X", Track: domain.TrackID(codec), Codec: codec}, []ports.Packet{{
					Sequence: random.Uint64(), Timestamp: random.Uint32(), Marker: random.IntN(2) == 0, Payload: noise(random.IntN(1200)),
				}})
				to.Report(ports.Stream{Publisher: "X", Track: domain.TrackID(codec), Codec: codec}, ports.Clock{NTPTime: random.Uint64(), RTPTime: random.Uint32()})
			}
			time.Sleep(100 * time.Millisecond)
		}
		cam = newCamera("P", to)
		cam.pass = func(kind domain.MediaKind, p *ports.Packet) bool {
			if kind == domain.Video && random.IntN(60) == 0 {
				p.Payload = []byte{0xff, 0xff}
			}
			return true
		}
		cam.play(k)
	})
	last := got.recording.Parts[len(got.recording.Parts)-1]
	if last.Publisher != "P" || last.Pictures < 30 || last.Sounds != cam.sounds {
		t.Errorf("after garbage there is %+v, want media of P", last)
	}
}
