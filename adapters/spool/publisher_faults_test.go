package spool_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// taken is what a recording has come to, and what was to be recorded.
type taken struct {
	dir              string
	recording        domain.Recording
	pictures, sounds int // in all parts
	asked            int // for a key frame
}

// take records what play sends, in a bubble, and finalizes it. Every part must play.
func take(t *testing.T, play func(to ports.MediaSink)) taken {
	t.Helper()
	got := taken{dir: t.TempDir()}
	s := open(t, got.dir, 0)
	listener := &counting{}
	synctest.Test(t, func(t *testing.T) {
		to := record(t, s, "A", listener)
		play(to)
		to.Close()
	})
	got.recording, got.asked = finalize(t, s, "A"), listener.lost
	for _, p := range got.recording.Parts {
		probe(t, got.dir, "A", p)
		got.pictures += p.Pictures
		got.sounds += p.Sounds
	}
	return got
}

// counting is ports.RecordingEvents.
type counting struct{ lost int }

func (c *counting) Began(domain.RecordingID, time.Time) {}
func (c *counting) PictureLost(domain.RecordingID)      { c.lost++ }

// parts checks how many parts there are, and that they follow one another.
func (k taken) parts(t *testing.T, want int) []domain.Part {
	t.Helper()
	parts := k.recording.Parts
	if len(parts) != want {
		t.Fatalf("%d parts, want %d: %+v", len(parts), want, parts)
	}
	for i := 1; i < len(parts); i++ {
		if end := parts[i-1].Started.Add(parts[i-1].Duration); parts[i].Started.Before(end.Add(-100 * time.Millisecond)) {
			t.Errorf("part %d begins at %v, before the one before it ends at %v", i+1, parts[i].Started, end)
		}
	}
	return parts
}

// whole checks that nothing is missing of what cameras have sent.
func (k taken) whole(t *testing.T, cameras ...*camera) {
	t.Helper()
	var pictures, sounds int
	for _, c := range cameras {
		pictures, sounds = pictures+c.pictures, sounds+c.sounds
	}
	if k.pictures != pictures || k.sounds != sounds {
		t.Errorf("%d pictures and %d packets of sound, want %d and %d", k.pictures, k.sounds, pictures, sounds)
	}
	for _, p := range k.recording.Parts {
		if len(p.Gaps) > 0 {
			t.Errorf("%s has gaps %+v", p.File, p.Gaps)
		}
	}
}

func TestNoKeyFrame(t *testing.T) {
	k := demo(t).first(4 * time.Second)
	k.video = slices.DeleteFunc(k.video, func(u unit) bool { return u.key })
	var cam *camera
	got := take(t, func(to ports.MediaSink) {
		cam = newCamera("P", to)
		cam.play(k)
	})
	p := got.parts(t, 1)[0]
	if p.File != "part-001.mp4" || p.Video != "" || got.sounds != cam.sounds {
		t.Errorf("%+v, want all %d packets of sound alone", p, cam.sounds)
	}
	if len(p.Gaps) != 1 || p.Gaps[0].Kind != domain.Video || p.Gaps[0].Reason != domain.GapLost || p.Gaps[0].Length < p.Duration-200*time.Millisecond {
		t.Errorf("gaps %+v, want one of video as long as the part, %v", p.Gaps, p.Duration)
	}
	if got.asked < 5 || got.asked > 9 {
		t.Errorf("in 4 s, a key frame was asked for %d times", got.asked)
	}
}

func TestPictureComesLate(t *testing.T) {
	k := demo(t)
	for name, c := range map[string]struct {
		late  time.Duration
		parts int
	}{
		"a little":  {300 * time.Millisecond, 1},
		"very late": {2 * time.Second, 2},
	} {
		t.Run(name, func(t *testing.T) {
			var cam *camera
			got := take(t, func(to ports.MediaSink) {
				cam = newCamera("P", to)
				cam.play(k.first(c.late).dark())
				cam.play(k.first(2 * time.Second))
			})
			got.parts(t, c.parts)
			got.whole(t, cam)
		})
	}
}

func TestResolutionChangesEverySecond(t *testing.T) {
	sizes := []clip{vp8(t, 160, 90, 1), vp8(t, 240, 136, 1)}
	var cam *camera
	got := take(t, func(to ports.MediaSink) {
		cam = newCamera("P", to)
		for i := range 10 {
			cam.play(sizes[i%2])
		}
	})
	for i, p := range got.parts(t, 10) {
		if want := []int{160, 240}[i%2]; p.Width != want || p.Publisher != "P" || p.Pictures != 30 {
			t.Errorf("part %d: %d pictures, %d wide, of %s; want 30, %d, P", i+1, p.Pictures, p.Width, p.Publisher, want)
		}
	}
	got.whole(t, cam)
}

func TestPublisherChanges(t *testing.T) {
	k := demo(t).first(2 * time.Second)
	var first, second *camera
	got := take(t, func(to ports.MediaSink) {
		first, second = newCamera("P", to), newCamera("Q", to)
		first.play(k)
		time.Sleep(5 * time.Second) // grace
		second.play(k)
		first.play(k) // what comes of one that has been replaced is nobody's
		first.pictures, first.sounds = first.pictures/2, first.sounds/2
	})
	parts := got.parts(t, 2)
	got.whole(t, first, second)
	if parts[0].Publisher != "P" || parts[1].Publisher != "Q" {
		t.Errorf("parts of %s and %s, want P and Q", parts[0].Publisher, parts[1].Publisher)
	}
	if pause := parts[1].Started.Sub(parts[0].Started) - 7*time.Second; pause.Abs() > 100*time.Millisecond {
		t.Errorf("the parts begin at %v and %v, want 7 s between", parts[0].Started, parts[1].Started)
	}
}

func TestCodecChanges(t *testing.T) {
	k := demo(t).first(2 * time.Second)
	other := h264(t, 320, 180, 2).with(k)
	var cam *camera
	got := take(t, func(to ports.MediaSink) {
		cam = newCamera("P", to)
		cam.play(k)
		cam.play(other)
	})
	parts := got.parts(t, 2)
	got.whole(t, cam)
	if parts[0].Video != domain.VP8 || parts[1].Video != domain.H264 {
		t.Errorf("parts in %s and %s, want VP8 and H264", parts[0].Video, parts[1].Video)
	}
}

func TestTracksBeginAnew(t *testing.T) {
	k := demo(t).first(2 * time.Second)
	var cam *camera
	got := take(t, func(to ports.MediaSink) {
		cam = newCamera("P", to)
		cam.play(k)
		cam.epoch, cam.shown, cam.videoNext, cam.audioNext = 1, time.Hour, 7, 9
		cam.play(k)
	})
	got.parts(t, 2)
	got.whole(t, cam)
}

// What follows upon a very long silence is a part of its own, which begins with a key
// frame.
func TestPublisherPausesForLong(t *testing.T) {
	k := demo(t).first(2 * time.Second)
	rest := k
	rest.video = k.video[1:]
	var cam *camera
	got := take(t, func(to ports.MediaSink) {
		cam = newCamera("P", to)
		cam.play(k)
		time.Sleep(2 * time.Hour)
		cam.shown += 2 * time.Hour
		cam.play(rest)
	})
	parts := got.parts(t, 2)
	if want := len(k.video) + len(k.video) - 15; got.pictures != want || got.sounds != cam.sounds {
		t.Errorf("%d pictures and %d packets of sound, want %d and %d", got.pictures, got.sounds, want, cam.sounds)
	}
	if pause := parts[1].Started.Sub(parts[0].Started); pause < 2*time.Hour || len(parts[1].Gaps) != 1 {
		t.Errorf("the second part begins %v after the first and has gaps %+v", pause, parts[1].Gaps)
	}
}
