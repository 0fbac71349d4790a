package spool_test

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// sounds returns how long the sound of a part lasts when its packets are played one
// behind the other, as browsers do.
func sounds(t *testing.T, dir string, id domain.RecordingID, p domain.Part) time.Duration {
	t.Helper()
	var said bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "ffmpeg", "-v", "error", "-i", filepath.Join(dir, string(id), p.File), "-map", "0:a", "-ac", "1", "-ar", "48000", "-f", "s16le", "-")
	cmd.Stderr = &said
	samples, err := cmd.Output()
	if err != nil || said.Len() > 0 {
		t.Fatalf("the sound of %s: %v\n%s", p.File, err, said.String())
	}
	return time.Duration(len(samples)/2) * time.Second / 48_000
}

// distance returns by how much sound and pictures are apart in a file at the most: by
// that much a player that reads it from its beginning must read ahead.
func distance(t *testing.T, dir string, id domain.RecordingID, p domain.Part) time.Duration {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "ffprobe", "-v", "error", "-show_entries", "packet=codec_type,pts_time,pos", "-of", "csv=p=0",
		filepath.Join(dir, string(id), p.File)).Output()
	if err != nil {
		t.Fatal(err)
	}
	type packet struct {
		kind string
		at   time.Duration
		pos  int
	}
	var all []packet
	for line := range strings.Lines(string(out)) {
		f := strings.Split(strings.TrimSpace(line), ",")
		pos, _ := strconv.Atoi(f[2])
		all = append(all, packet{f[0], parseSeconds(f[1]), pos})
	}
	slices.SortStableFunc(all, func(a, b packet) int { return a.pos - b.pos })
	last, most := map[string]time.Duration{}, time.Duration(0)
	for _, p := range all {
		last[p.kind] = p.at
		if len(last) == 2 {
			most = max(most, (last["audio"] - last["video"]).Abs())
		}
	}
	return most
}

// Where there is no sound, there is silence in the file: what comes behind is heard
// when it is to be.
func TestNoSoundForAWhile(t *testing.T) {
	between := func(from, to time.Duration, u unit) bool { return u.at >= from && u.at < to }
	for name, c := range map[string]struct {
		absent  func(u unit) bool // of the sound
		lost    bool              // it was sent
		seconds int
		mp4     bool
	}{
		"a packet is lost":              {func(u unit) bool { return between(2*time.Second, 2020*time.Millisecond, u) }, true, 4, false},
		"two seconds are lost":          {func(u unit) bool { return between(2*time.Second, 4*time.Second, u) }, true, 6, true},
		"discontinuous transmission":    {func(u unit) bool { return between(2*time.Second, 6*time.Second, u) && u.at.Milliseconds()/20%20 != 0 }, false, 8, false},
		"the microphone is off, for 5s": {func(u unit) bool { return between(2*time.Second, 7*time.Second, u) }, false, 8, false},
		"the microphone is off, for 1m": {func(u unit) bool { return between(4*time.Second, 64*time.Second, u) }, false, 72, false},
	} {
		t.Run(name, func(t *testing.T) {
			long := time.Duration(c.seconds) * time.Second
			k := demo(t)
			if c.mp4 {
				k = h264(t, 160, 90, 8).with(k)
			}
			sent := clip{codec: k.codec}
			for at := time.Duration(0); at < long; at += 8 * time.Second {
				for _, u := range k.video {
					u.at += at
					sent.video = append(sent.video, u)
				}
				for _, u := range k.audio {
					if u.at += at; c.lost || !c.absent(u) {
						sent.audio = append(sent.audio, u)
					}
				}
			}
			sent = sent.first(long)
			got := take(t, func(to ports.MediaSink) {
				cam := newCamera("P", to)
				start := uint32(0xffff_f000)
				cam.pass = func(kind domain.MediaKind, p *ports.Packet) bool {
					at := time.Duration(p.Timestamp-start) * time.Second / 48_000
					return kind == domain.Video || !c.lost || !c.absent(unit{at: at})
				}
				cam.play(sent)
			})
			p := got.parts(t, 1)[0]
			if heard := sounds(t, got.dir, "A", p); (heard - long).Abs() > 15*time.Millisecond {
				t.Errorf("%s: sound and silence last %v, want %v", p.File, heard, long)
			}
			if gap := len(p.Gaps) > 0; gap != (c.lost && c.seconds > 4) {
				t.Errorf("%s: gaps %+v", p.File, p.Gaps)
			}
			if far := distance(t, got.dir, "A", p); far > 15*time.Second {
				t.Errorf("%s: sound and pictures of one time are %v apart in the file", p.File, far)
			}
		})
	}
}
