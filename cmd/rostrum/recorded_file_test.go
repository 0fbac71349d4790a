package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// recorded is what the API says of a recording.
type recorded struct {
	ID, Room, State string
	Parts           []recordedPart
}

type recordedPart struct {
	File     string
	Started  time.Time
	Duration float64 `json:"duration_seconds"`
	Video    *struct {
		Width, Height int
		Codec    string
		Pictures int
	}
	Audio *struct{ Codec string }
}

// pictures returns how many pictures all parts have.
func (r recorded) pictures() (n int) {
	for _, p := range r.Parts {
		if p.Video != nil {
			n += p.Video.Pictures
		}
	}
	return n
}

// storedOf waits until the one recording of a room is stored, and returns it.
func storedOf(t *testing.T, server, room string) recorded {
	t.Helper()
	var list struct{ Recordings []recorded }
	waitFor(t, time.Minute, "the recording is stored", func() bool {
		list.Recordings = nil
		fetch(t, server+"/api/recordings?room="+room, &list)
		return len(list.Recordings) == 1 && list.Recordings[0].State == "stored"
	})
	var r recorded
	fetch(t, server+"/api/recordings/"+list.Recordings[0].ID, &r)
	return r
}

func fetch(t *testing.T, url string, into any) {
	t.Helper()
	a := send(t, http.MethodGet, url, nil)
	if a.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %s: %s", url, a.Status, a.body)
	}
	if err := json.Unmarshal(a.body, into); err != nil {
		t.Fatalf("GET %s: %v: %s", url, err, a.body)
	}
}

// download saves the part's file, and returns its name.
func (p recordedPart) download(t *testing.T, server, recording string) string {
	t.Helper()
	a := send(t, http.MethodGet, server+"/api/recordings/"+recording+"/media?part="+p.File, nil)
	if a.StatusCode != http.StatusOK {
		t.Fatalf("download %s: %s: %s", p.File, a.Status, a.body)
	}
	name := filepath.Join(t.TempDir(), p.File)
	if err := os.WriteFile(name, a.body, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// read decodes all of the part, which must be what the API says it is.
func (p recordedPart) read(t *testing.T, server, recording string) probed {
	t.Helper()
	name := p.download(t, server, recording)
	if said := run(t, "ffmpeg", "-nostdin", "-v", "error", "-i", name, "-f", "null", "-"); said != "" {
		t.Errorf("%s does not play: %s", p.File, said)
	}
	var read probed
	for line := range strings.Lines(run(t, "ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "frame=pts_time", "-of", "csv=p=0", name)) {
		read.pictures = append(read.pictures, secondsOf(t, strings.Trim(line, ",\n")))
	}
	read.duration = secondsOf(t, strings.TrimSpace(run(t, "ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", name)))
	if p.Video != nil && len(read.pictures) != p.Video.Pictures {
		t.Errorf("%s has %d pictures, its manifest says %d", p.File, len(read.pictures), p.Video.Pictures)
	}
	if (read.duration - seconds(p.Duration)).Abs() > exact {
		t.Errorf("%s lasts %v by ffprobe, its manifest says %v s", p.File, read.duration, p.Duration)
	}
	return read
}

// probed is what FFmpeg says of a file.
type probed struct {
	duration time.Duration
	pictures []time.Duration // when each is shown
}

// at returns when the picture began that is to be seen at a time.
func (p probed) at(at time.Duration) (begin time.Duration) {
	for _, b := range p.pictures {
		if b <= at {
			begin = max(begin, b)
		}
	}
	return begin
}

// run returns what a command writes, and what it complains of.
func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	var said bytes.Buffer
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, said.Bytes())
	}
	return said.String()
}

func secondsOf(t *testing.T, text string) time.Duration {
	t.Helper()
	s, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return seconds(s)
}
