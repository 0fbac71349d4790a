package spool_test

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"rostrum/domain"
)

// probed is what ffprobe finds in a file.
type probed struct {
	pictures, sounds int
	duration         time.Duration
	start            map[string]time.Duration // of "video" and "audio"
	width, height    int
}

// probe reads a part as a player does: ffprobe must decode all of it without a word, and
// find what the part tells.
func probe(t *testing.T, dir string, id domain.RecordingID, p domain.Part) probed {
	t.Helper()
	path := filepath.Join(dir, string(id), p.File)
	var said bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "ffprobe", "-v", "error", "-count_frames", "-show_streams", "-show_format", "-of", "json", path)
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil || said.Len() > 0 {
		t.Fatalf("%s does not decode silently: %v\n%.2000s", path, err, said.String())
	}
	got := parse(t, out)
	if got.pictures != p.Pictures || got.sounds != p.Sounds {
		t.Errorf("%s has %d pictures and %d packets of sound, and is told to have %d and %d", p.File, got.pictures, got.sounds, p.Pictures, p.Sounds)
	}
	if got.width != p.Width || got.height != p.Height {
		t.Errorf("%s is %d x %d, and told to be %d x %d", p.File, got.width, got.height, p.Width, p.Height)
	}
	if off := got.duration - p.Duration; off.Abs() > 100*time.Millisecond {
		t.Errorf("%s is %v long, and told to be %v", p.File, got.duration, p.Duration)
	}
	return got
}

func parse(t *testing.T, out []byte) probed {
	t.Helper()
	var told struct {
		Streams []struct {
			Kind   string `json:"codec_type"`
			Frames string `json:"nb_read_frames"`
			Start  string `json:"start_time"`
			Width  int
			Height int
		}
		Format struct{ Duration string }
	}
	if err := json.Unmarshal(out, &told); err != nil {
		t.Fatal(err)
	}
	p := probed{start: map[string]time.Duration{}, duration: parseSeconds(told.Format.Duration)}
	for _, s := range told.Streams {
		n, _ := strconv.Atoi(s.Frames)
		p.start[s.Kind] = parseSeconds(s.Start)
		if s.Kind == "video" {
			p.pictures, p.width, p.height = n, s.Width, s.Height
		} else {
			p.sounds = n
		}
	}
	return p
}

func parseSeconds(text string) time.Duration {
	f, _ := strconv.ParseFloat(text, 64)
	return time.Duration(f * float64(time.Second))
}
