package spool_test

import (
	"testing"
	"testing/synctest"
	"time"

	"rostrum/ports"
)

// What is received is in the file, frame for frame, and plays. The recording is made in
// a bubble, where time passes when nothing else does.
func TestMedia(t *testing.T) {
	for name, c := range map[string]struct {
		clip func(t *testing.T) clip
		file string
	}{
		"VP8 and Opus":  {demo, "part-001.webm"},
		"VP8 alone":     {func(t *testing.T) clip { return demo(t).first(3 * time.Second).silent() }, "part-001.webm"},
		"H264 and Opus": {func(t *testing.T) clip { return h264(t, 320, 180, 4).with(demo(t).first(4 * time.Second)) }, "part-001.mp4"},
		"H264 alone":    {func(t *testing.T) clip { return h264(t, 320, 180, 3) }, "part-001.mp4"},
		"H265 and Opus": {func(t *testing.T) clip { return h265(t, 320, 180, 2).with(demo(t).first(2 * time.Second)) }, "part-001.mp4"},
		"VP9 and Opus":  {func(t *testing.T) clip { return vp9(t, 320, 180, 2).with(demo(t).first(2 * time.Second)) }, "part-001.mp4"},
		"AV1 and Opus":  {func(t *testing.T) clip { return av1(t, 320, 180, 2).with(demo(t).first(2 * time.Second)) }, "part-001.mp4"},
		"Opus alone":    {func(t *testing.T) clip { return demo(t).dark() }, "part-001.mp4"},
	} {
		t.Run(name, func(t *testing.T) {
			k, dir := c.clip(t), t.TempDir()
			s := open(t, dir, 0)
			var cam *camera
			synctest.Test(t, func(t *testing.T) {
				take := record(t, s, "A", deaf{})
				cam = newCamera("P", take)
				cam.play(k)
				take.Close()
			})
			r := finalize(t, s, "A")
			if len(r.Parts) != 1 || r.Parts[0].File != c.file || len(r.Parts[0].Gaps) > 0 {
				t.Fatalf("parts %+v, want one, %s, without a gap", r.Parts, c.file)
			}
			got := probe(t, dir, "A", r.Parts[0])
			if got.pictures != cam.pictures || got.sounds != cam.sounds {
				t.Errorf("%d pictures and %d packets of sound, want %d and %d", got.pictures, got.sounds, cam.pictures, cam.sounds)
			}
			if off := got.duration - k.length(); off.Abs() > 100*time.Millisecond {
				t.Errorf("it is %v long, want %v", got.duration, k.length())
			}
			if off := got.start["video"] - got.start["audio"]; len(got.start) == 2 && off.Abs() > 20*time.Millisecond {
				t.Errorf("the picture begins at %v, the sound at %v", got.start["video"], got.start["audio"])
			}
		})
	}
}

// Sound that is late on its way is in step with the picture by sender reports, also by
// those that come before the media; without them it is as late as it came.
func TestSoundComesLate(t *testing.T) {
	k := demo(t).first(2 * time.Second)
	k.late = 150 * time.Millisecond
	for name, c := range map[string]struct {
		reported bool
		want     time.Duration
	}{
		"with reports":    {true, 0},
		"without reports": {false, 150 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			got := take(t, func(to ports.MediaSink) {
				cam := newCamera("P", to)
				if c.reported {
					cam.report(k)
				}
				cam.play(k)
				time.Sleep(time.Second)
			})
			p := got.parts(t, 1)[0]
			start := probe(t, got.dir, "A", p).start
			if off := start["audio"] - start["video"] - c.want; off.Abs() > 10*time.Millisecond {
				t.Errorf("the sound begins at %v and the picture at %v, want %v between", start["audio"], start["video"], c.want)
			}
		})
	}
}
