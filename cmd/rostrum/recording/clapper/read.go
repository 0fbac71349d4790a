package clapper

import (
	"bytes"
	"encoding/binary"
	"os/exec"
	"regexp"
	"strconv"
	"testing"
	"time"
)

const (
	white   = 128             // from this luminance on, of 16 to 235, the mean of a picture is a flash
	loud    = 3000            // from this level on, of 32,767, a sample is of a beep
	silence = time.Second / 5 // without a loud sample lies between two beeps
	rate    = 48_000          // samples a second
)

// picture is one as FFmpeg tells of it, with its mean luminance.
var picture = regexp.MustCompile(`pts_time:(\S+)\s+lavfi\.signalstats\.YAVG=(\S+)`)

// flashes returns when the picture turns white.
func flashes(t *testing.T, file string) (at []time.Duration) {
	t.Helper()
	said, _ := ffmpeg(t, file, "-map", "0:v:0", "-vf", "signalstats,metadata=mode=print:key=lavfi.signalstats.YAVG:file=-", "-f", "null", "-")
	before := false
	for _, p := range picture.FindAllSubmatch(said, -1) {
		now := number(t, p[2]) >= white
		if now && !before {
			at = append(at, seconds(number(t, p[1])))
		}
		before = now
	}
	return at
}

// sound is a run of samples as FFmpeg tells of it.
var sound = regexp.MustCompile(`pts_time:(\S+) .*nb_samples:(\d+)`)

// beeps returns when tones begin. The samples have the times of the packets that they
// were in, so that what is missing between two of them moves nothing.
func beeps(t *testing.T, file string) (at []time.Duration) {
	t.Helper()
	samples, said := ffmpeg(t, file, "-map", "0:a:0", "-af", "aformat=sample_rates=48000,ashowinfo", "-ac", "1", "-f", "s16le", "-")
	last := -silence
	for _, run := range sound.FindAllSubmatch(said, -1) {
		begin, n := seconds(number(t, run[1])), int(number(t, run[2]))
		if len(samples) < 2*n {
			t.Fatalf("FFmpeg tells of more samples than it gives")
		}
		for i := range n {
			level := int16(binary.LittleEndian.Uint16(samples[2*i:])) //nolint:gosec // its two's complement
			if level < loud && level > -loud {
				continue
			}
			now := begin + time.Duration(i)*time.Second/rate
			if now-last >= silence {
				at = append(at, now)
			}
			last = now
		}
		samples = samples[2*n:]
	}
	if len(samples) > 0 {
		t.Fatalf("FFmpeg gives %d octets that it tells nothing of", len(samples))
	}
	return at
}

// ffmpeg reads a file in its own time and returns what is written, and what is said.
func ffmpeg(t *testing.T, file string, args ...string) (written, said []byte) {
	t.Helper()
	//nolint:gosec // the file is the test's own
	cmd := exec.CommandContext(t.Context(), "ffmpeg", append([]string{"-nostdin", "-nostats", "-copyts", "-i", file}, args...)...)
	var out, log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &log
	if err := cmd.Run(); err != nil {
		t.Fatalf("read %s: %v\n%s", file, err, log.Bytes())
	}
	return out.Bytes(), log.Bytes()
}

func number(t *testing.T, text []byte) float64 {
	t.Helper()
	n, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
