package clapper

import (
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// Rate is how many pictures a second a Film has.
const Rate = 30

// Film makes a file of so many seconds, encoded by one of FFmpeg's encoders of video
// and by Opus, with a clap half-way through each second: a tenth of a second of white
// and of 1 kHz, in what is black and silent otherwise.
func Film(t *testing.T, encoder string, seconds int) string {
	t.Helper()
	name, options := filepath.Join(t.TempDir(), "film.webm"), []string{"-deadline", "realtime", "-cpu-used", "8", "-lag-in-frames", "0"}
	if encoder == "libx264" {
		name, options = filepath.Join(t.TempDir(), "film.mp4"), []string{"-preset", "ultrafast", "-tune", "zerolatency", "-profile:v", "baseline"}
	}
	args := append([]string{
		"-v", "error",
		"-f", "lavfi", "-i", "color=black:size=320x180:rate=30,drawbox=color=white:thickness=fill:enable='lt(mod(n+15,30),3)'",
		"-f", "lavfi", "-i", "aevalsrc=0.5*sin(2*PI*1000*t)*lt(mod(t+0.5\\,1)\\,0.1):sample_rate=48000",
		"-t", strconv.Itoa(seconds), "-c:v", encoder, "-pix_fmt", "yuv420p", "-g", strconv.Itoa(Rate), "-b:v", "400k",
		"-c:a", "libopus", "-b:a", "48k",
	}, options...)
	//nolint:gosec // the encoder is the test's own
	if out, err := exec.CommandContext(t.Context(), "ffmpeg", append(args, "-y", name)...).CombinedOutput(); err != nil {
		t.Fatalf("make a film: %v\n%s", err, out)
	}
	return name
}
