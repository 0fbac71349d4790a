package container_test

import (
	"bytes"
	"encoding/json"
	"math"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// probed is what ffprobe says of a file.
type probed struct {
	Streams []struct {
		CodecName string `json:"codec_name"`
		CodecType string `json:"codec_type"`
		StartTime string `json:"start_time"`
		Duration  string `json:"duration"`
		Frames    string `json:"nb_read_frames"`
		Width     int    `json:"width"`
		Channels  int    `json:"channels"`
	} `json:"streams"`
	Format struct {
		Duration string `json:"duration"`
	} `json:"format"`
}

// probe decodes the whole file, and fails where there is anything wrong with it.
func probe(t testing.TB, path string) (p probed) {
	t.Helper()
	var trouble bytes.Buffer
	command := exec.Command("ffprobe", "-v", "error", "-count_frames", "-show_streams", "-show_format", "-of", "json", path)
	command.Stderr = &trouble
	out, err := command.Output()
	if err != nil || trouble.Len() > 0 {
		t.Errorf("ffprobe: %v\n%s", err, trouble.String())
	}
	must(t, json.Unmarshal(out, &p))
	return p
}

// near reports whether ffprobe's number is what it should be, to the millisecond.
func near(text string, want float64) bool {
	got, err := strconv.ParseFloat(text, 64)
	return err == nil && math.Abs(got-want) <= 0.001
}

// plays fails where ffmpeg finds anything wrong with a file.
func plays(t testing.TB, path string) {
	t.Helper()
	out, err := exec.Command("ffmpeg", "-v", "error", "-nostdin", "-i", path, "-f", "null", "-").CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("ffmpeg: %v\n%s", err, out)
	}
}

// frameHashes returns the pictures that ffmpeg decodes, or where it is told to go
// somewhere before, the one that it finds there.
func frameHashes(path string, before ...string) ([]string, error) {
	arguments := append([]string{"-v", "error", "-nostdin"}, before...)
	arguments = append(arguments, "-i", path, "-map", "0:v:0", "-vsync", "passthrough", "-f", "framemd5")
	if len(before) > 0 {
		arguments = append(arguments, "-frames:v", "1")
	}
	out, err := exec.Command("ffmpeg", append(arguments, "-")...).Output()
	if err != nil {
		return nil, err
	}
	var hashes []string
	for line := range strings.SplitSeq(string(out), "\n") {
		if fields := strings.Split(line, ","); len(fields) == 6 && !strings.HasPrefix(line, "#") {
			hashes = append(hashes, strings.TrimSpace(fields[5]))
		}
	}
	return hashes, nil
}
