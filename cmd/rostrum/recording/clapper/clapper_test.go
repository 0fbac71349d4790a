package clapper_test

import (
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"rostrum/cmd/rostrum/recording/clapper"
)

// What is measured is what is there: a film whose sound has been moved shows by how
// much, either way.
func TestClaps(t *testing.T) {
	for _, encoder := range []string{"libvpx", "libx264"} {
		t.Run(encoder, func(t *testing.T) {
			film := clapper.Film(t, encoder, seconds)
			made := offsets(t, film)
			t.Logf("as made, sound comes after the picture by %v", made)
			if made.Worst().Abs() > 20*time.Millisecond { // the muxers make room for what the encoder of sound adds
				t.Errorf("sound is late by %v in a film where nothing is", made)
			}
			for name, by := range map[string]time.Duration{"late": 120 * time.Millisecond, "early": -80 * time.Millisecond} {
				now := offsets(t, moved(t, film, by))
				for i := range now {
					if (now[i] - made[i] - by).Abs() > 10*time.Millisecond { // WebM by FFmpeg has sound earlier by 6.5 ms each time that it is written
						t.Errorf("sound that is %s by %v is measured at %v, before that at %v", name, by, now, made)
						break
					}
				}
			}
		})
	}
}

const seconds = 4

// offsets are those of a film, which must have a clap each second.
func offsets(t *testing.T, film string) clapper.Offsets {
	t.Helper()
	claps := clapper.Claps(t, film)
	if len(claps) != seconds {
		t.Fatalf("%d claps of %d: %v", len(claps), seconds, claps)
	}
	return clapper.OffsetsOf(claps)
}

// moved returns a copy of a film whose sound is late by so much.
func moved(t *testing.T, film string, by time.Duration) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), filepath.Base(film))
	out, err := exec.Command("ffmpeg", "-v", "error", "-i", film, "-itsoffset", by.String(), "-i", film,
		"-map", "0:v", "-map", "1:a", "-c", "copy", name).CombinedOutput()
	if err != nil {
		t.Fatalf("move the sound: %v\n%s", err, out)
	}
	return name
}
