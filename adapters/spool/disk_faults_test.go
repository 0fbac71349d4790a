package spool_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"rostrum/adapters/spool"
	"rostrum/adapters/spool/container"
	"rostrum/domain"
	"rostrum/ports"
)

// slowDisk is a file whose next write takes its time.
type slowDisk struct {
	spool.Media
	pause *atomic.Int64
}

func (d slowDisk) Write(f container.Fragment) error {
	time.Sleep(time.Duration(d.pause.Swap(0)))
	return d.Media.Write(f)
}

// A disk that stands still costs the room nothing, and the recording nothing for some
// seconds. Then whole pictures are missing, and the recording says why.
func TestSlowDisk(t *testing.T) {
	k := demo(t)
	for name, c := range map[string]struct {
		pause time.Duration
		gaps  int
	}{
		"for 3 s": {3 * time.Second, 0},
		"for 6 s": {6 * time.Second, 2},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, dir, 0)
			var pause atomic.Int64
			s.SetDisk(func(m spool.Media) spool.Media { return slowDisk{m, &pause} })
			var cam *camera
			synctest.Test(t, func(t *testing.T) {
				take := record(t, s, "A", deaf{})
				defer take.Close()
				cam = newCamera("P", punctual{t, take})
				cam.play(k.first(2 * time.Second))
				pause.Store(int64(c.pause))
				cam.play(k)
				cam.play(k.first(2 * time.Second))
			})
			r := finalize(t, s, "A")
			p := r.Parts[0]
			probe(t, dir, "A", p)
			dark, silence := missing(t, p, domain.GapSlowDisk)
			if len(r.Parts) != 1 || len(p.Gaps) != c.gaps {
				t.Errorf("parts %+v, want one with %d gaps", r.Parts, c.gaps)
			}
			// The first picture behind the gap is a key frame: one comes every half second.
			if want := c.pause - 4*time.Second; c.gaps > 0 && (dark < want-200*time.Millisecond || dark > want+time.Second) {
				t.Errorf("pictures are missing for %v, want about %v", dark, want)
			}
			if shown := time.Duration(p.Pictures) * time.Second / 30; (shown + dark - 12*time.Second).Abs() > 100*time.Millisecond {
				t.Errorf("%v of pictures and gaps of %v do not make 12 s", shown, dark)
			}
			if want := c.pause - 4*time.Second; c.gaps > 0 && (silence-want).Abs() > 200*time.Millisecond {
				t.Errorf("sound is missing for %v, want about %v", silence, want)
			}
			if heard := sounds(t, dir, "A", p); (heard - 12*time.Second).Abs() > 100*time.Millisecond {
				t.Errorf("sound and silence last %v, want 12 s", heard)
			}
		})
	}
}

// A disk that stands still up to the end of a recording: the last of it is missing,
// and that is told as well.
func TestSlowDiskToTheEnd(t *testing.T) {
	k := demo(t)
	s := open(t, t.TempDir(), 0)
	var pause atomic.Int64
	s.SetDisk(func(m spool.Media) spool.Media { return slowDisk{m, &pause} })
	synctest.Test(t, func(t *testing.T) {
		to := record(t, s, "A", deaf{})
		cam := newCamera("P", to)
		cam.play(k.first(2 * time.Second))
		pause.Store(int64(time.Minute))
		cam.play(k)
		to.Close()
	})
	p := finalize(t, s, "A").Parts[0]
	dark, _ := missing(t, p, domain.GapSlowDisk)
	if shown := time.Duration(p.Pictures) * time.Second / 30; (shown + dark - 10*time.Second).Abs() > 100*time.Millisecond {
		t.Errorf("%v of pictures and gaps of %v do not make 10 s", shown, dark)
	}
}

// punctual fails the test when what it passes on takes any time.
type punctual struct {
	t *testing.T
	ports.MediaSink
}

func (p punctual) Receive(stream ports.Stream, packets []ports.Packet) {
	began := time.Now()
	p.MediaSink.Receive(stream, packets)
	if blocked := time.Since(began); blocked > 0 {
		p.t.Errorf("Receive blocked for %v", blocked)
	}
}

// missing adds the gaps of a part up, of pictures and of sound, all of which must have
// one reason.
func missing(t *testing.T, p domain.Part, reason domain.GapReason) (dark, silence time.Duration) {
	t.Helper()
	for _, g := range p.Gaps {
		if g.Reason != reason {
			t.Errorf("gap %+v, want it for %s", g, reason)
		}
		if g.Kind == domain.Video {
			dark += g.Length
		} else {
			silence += g.Length
		}
	}
	return dark, silence
}

// What has been written before the directory was removed is there again, and what
// comes afterwards too.
func TestSpoolDirectoryGone(t *testing.T) {
	k := demo(t)
	for name, remove := range map[string]func(dir string) error{
		"the spool": os.RemoveAll,
		"the recording": func(dir string) error {
			return os.RemoveAll(filepath.Join(dir, "A"))
		},
		"its file": func(dir string) error {
			return os.Remove(filepath.Join(dir, "A", "part-001.webm"))
		},
		"its journal": func(dir string) error {
			return os.Remove(filepath.Join(dir, "A", "journal.jsonl"))
		},
		"moved away": func(dir string) error {
			return os.Rename(filepath.Join(dir, "A"), filepath.Join(dir, "elsewhere"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "data", "spool")
			s := open(t, dir, 0)
			var cam *camera
			synctest.Test(t, func(t *testing.T) {
				take := record(t, s, "A", deaf{})
				cam = newCamera("P", take)
				cam.play(k.first(3 * time.Second))
				if err := remove(dir); err != nil {
					t.Fatal(err)
				}
				cam.play(k.first(3 * time.Second))
				take.Close()
				if status := take.Status(); status.Trouble != "" || status.Gaps != 0 {
					t.Errorf("status %+v, want no trouble", status)
				}
			})
			if other, err := spool.Open(spool.Config{Dir: dir}); err == nil {
				other.Close()
				t.Error("the directory that was made anew is not locked")
			}
			r := finalize(t, s, "A")
			if len(r.Parts) != 1 || r.Parts[0].Pictures != cam.pictures || r.Parts[0].Sounds != cam.sounds {
				t.Errorf("%+v, want %d pictures and %d packets of sound", r.Parts, cam.pictures, cam.sounds)
			}
			probe(t, dir, "A", r.Parts[0])
		})
	}
}

// A directory that cannot be made anew is trouble, which the status tells, and ends.
func TestSpoolDirectoryStaysAway(t *testing.T) {
	k, dir := demo(t), filepath.Join(t.TempDir(), "spool")
	s := open(t, dir, 0)
	var cam *camera
	synctest.Test(t, func(t *testing.T) {
		take := record(t, s, "A", deaf{})
		cam = newCamera("P", take)
		cam.play(k.first(2 * time.Second))
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(dir, nil, 0o600); err != nil { // something else is in its place
			t.Fatal(err)
		}
		cam.play(k.first(3 * time.Second))
		if status := take.Status(); !strings.Contains(status.Trouble, dir) {
			t.Errorf("status %+v, want it to name %s", status, dir)
		}
		if err := os.Remove(dir); err != nil {
			t.Fatal(err)
		}
		cam.play(k.first(3 * time.Second))
		take.Close()
		if status := take.Status(); status.Trouble != "" {
			t.Errorf("trouble is over, and the status is %+v", status)
		}
	})
	r := finalize(t, s, "A")
	p := r.Parts[0]
	probe(t, dir, "A", p)
	dark, _ := missing(t, p, domain.GapDiskFull)
	if shown := time.Duration(p.Pictures) * time.Second / 30; len(r.Parts) != 1 || dark < 2*time.Second || (shown+dark-8*time.Second).Abs() > 100*time.Millisecond {
		t.Errorf("%v of pictures and gaps of %v do not make 8 s: %+v", shown, dark, r.Parts)
	}
}

// A publisher that falls silent leaves nothing unwritten: what it sent last is in the
// file a second later, not only when the recording ends.
func TestPublisherFallsSilent(t *testing.T) {
	k, dir := demo(t).first(2*time.Second), t.TempDir()
	s := open(t, dir, 0)
	crashed := t.TempDir()
	var cam *camera
	synctest.Test(t, func(t *testing.T) {
		take := record(t, s, "A", deaf{})
		defer take.Close()
		cam = newCamera("P", take)
		cam.play(k)
		time.Sleep(2500 * time.Millisecond)
		if err := os.CopyFS(crashed, os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		cam.shown += 12500 * time.Millisecond
		cam.play(k)
	})
	p := finalize(t, open(t, crashed, 0), "A").Parts[0]
	if p.Pictures != cam.pictures/2 || p.Sounds != cam.sounds/2 {
		t.Errorf("after the silence %d pictures and %d packets of sound are in the file, want %d and %d", p.Pictures, p.Sounds, cam.pictures/2, cam.sounds/2)
	}
	r := finalize(t, s, "A")
	p = r.Parts[0]
	got := probe(t, dir, "A", p)
	if len(r.Parts) != 1 || len(p.Gaps) > 0 || got.pictures != cam.pictures || (p.Duration-16500*time.Millisecond).Abs() > 100*time.Millisecond {
		t.Errorf("%+v, want one part of 16.5 s without a gap", r.Parts)
	}
}

// A receiver of events that blocks costs nothing for some seconds.
func TestEventsBlock(t *testing.T) {
	k := demo(t).first(5 * time.Second)
	s := open(t, t.TempDir(), 0)
	var cam *camera
	synctest.Test(t, func(t *testing.T) {
		take := record(t, s, "A", slowListener{})
		defer take.Close()
		cam = newCamera("P", punctual{t, take})
		cam.play(k)
	})
	if p := finalize(t, s, "A").Parts[0]; p.Pictures != cam.pictures || p.Sounds != cam.sounds || len(p.Gaps) > 0 {
		t.Errorf("%+v, want %d pictures and %d packets of sound", p, cam.pictures, cam.sounds)
	}
}

type slowListener struct{ deaf }

func (slowListener) Began(domain.RecordingID, time.Time) { time.Sleep(3 * time.Second) }
