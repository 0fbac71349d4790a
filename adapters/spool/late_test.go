package spool_test

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// A recording that begins while a publication goes on gets the pictures since the last
// key frame at once, and sound from then on or from a moment before. They are in step,
// and the past takes the time that it took.
func TestRecordingBeginsLate(t *testing.T) {
	const late = 1900 * time.Millisecond // in the clip: when the pictures come
	k := demo(t).first(5 * time.Second)
	for name, c := range map[string]struct {
		before time.Duration // so long, sound has come by then
		parts  int
	}{
		"pictures first":        {-10 * time.Millisecond, 1},
		"sound first":           {40 * time.Millisecond, 1},
		"sound long first":      {800 * time.Millisecond, 1},
		"sound alone, for long": {1200 * time.Millisecond, 2},
	} {
		t.Run(name, func(t *testing.T) {
			var all []timed
			for _, u := range k.sequence() {
				if u.kind == domain.Video {
					u.due = max(u.at, late)
				}
				if u.kind == domain.Video || u.due >= late-c.before {
					all = append(all, u)
				}
			}
			slices.SortStableFunc(all, func(a, b timed) int { return cmp.Compare(a.due, b.due) })
			var cam *camera
			got := take(t, func(to ports.MediaSink) {
				cam = newCamera("P", to)
				begin := time.Now().Add(-all[0].due)
				for _, u := range all {
					time.Sleep(time.Until(begin.Add(u.due)))
					cam.send(k, u)
				}
			})
			got.whole(t, cam)
			parts := got.recording.Parts
			if len(parts) != c.parts {
				t.Fatalf("%d parts, want %d: %+v", len(parts), c.parts, parts)
			}
			last := parts[len(parts)-1]
			if off := last.Duration - 5*time.Second; off.Abs() > 50*time.Millisecond {
				t.Errorf("the pictures last %v, want 5 s", last.Duration)
			}
			start := probe(t, got.dir, "A", last).start
			if want := 5*time.Second - time.Duration(last.Sounds)*20*time.Millisecond; (start["audio"] - start["video"] - want).Abs() > 50*time.Millisecond {
				t.Errorf("the sound begins %v after the picture, want %v", start["audio"]-start["video"], want)
			}
		})
	}
}

// apart is a sink of which the sound is of another stream from some time on.
type apart struct {
	ports.MediaSink
	epoch uint32
}

func (a *apart) Receive(s ports.Stream, packets []ports.Packet) {
	if s.Codec == domain.Opus {
		s.Epoch = a.epoch
	}
	a.MediaSink.Receive(s, packets)
}

// Sound that goes on as another stream makes a part of its own, in which the pictures
// have their time.
func TestSoundBeginsAnew(t *testing.T) {
	k := demo(t).first(2 * time.Second)
	var cam *camera
	got := take(t, func(to ports.MediaSink) {
		sink := &apart{MediaSink: to}
		cam = newCamera("P", sink)
		cam.play(k)
		sink.epoch, cam.audioNext = 1, 9
		cam.play(k)
	})
	last := got.parts(t, 2)[1]
	if got.sounds != cam.sounds || last.Pictures < len(k.video)-16 {
		t.Errorf("%d packets of sound and %d pictures in the last part, want %d and all from a key frame on", got.sounds, last.Pictures, cam.sounds)
	}
	if start := probe(t, got.dir, "A", last).start; start["video"] > 600*time.Millisecond || last.Duration > 2100*time.Millisecond {
		t.Errorf("the pictures begin at %v of %v, want within a key frame's time", start["video"], last.Duration)
	}
}
