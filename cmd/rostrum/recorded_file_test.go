package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"rostrum/cmd/rostrum/rig"
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
	Video    struct {
		Codec                   string
		Width, Height, Pictures int
	}
	Audio struct {
		Codec   string
		Packets int
	}
}

// pictures returns how many pictures all parts have.
func (r recorded) pictures() (n int) {
	for _, p := range r.Parts {
		n += p.Video.Pictures
	}
	return n
}

// storedOf waits until the one recording of a room is stored, and returns it.
func storedOf(t *testing.T, server, room string) recorded {
	t.Helper()
	var list struct{ Recordings []recorded }
	rig.Eventually(t, "the recording is stored", func() bool {
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
	if said := run(t, "ffmpeg", "-nostdin", "-v", "error", "-i", name, "-enc_time_base", "-1", "-f", "null", "-"); said != "" {
		t.Errorf("%s does not play: %s", p.File, said)
	}
	read := probed{
		pictures: times(t, name, "v:0", "frame=pts_time"),
		sounds:   times(t, name, "a:0", "packet=pts_time"),
	}
	read.duration = secondsOf(t, strings.TrimSpace(run(t, "ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", name)))
	if len(read.pictures) != p.Video.Pictures || len(read.sounds) != p.Audio.Packets {
		t.Errorf("%s has %d pictures and %d packets of sound, its manifest says %d and %d", p.File, len(read.pictures), len(read.sounds), p.Video.Pictures, p.Audio.Packets)
	}
	if (read.duration - seconds(p.Duration)).Abs() > exact {
		t.Errorf("%s lasts %v by ffprobe, its manifest says %v s", p.File, read.duration, p.Duration)
	}
	return read
}

// probed is what FFmpeg says of a file.
type probed struct {
	duration time.Duration
	pictures []time.Duration // when each that can be decoded is shown
	sounds   []time.Duration // when each packet begins
}

// at returns when the picture begins that is seen at a time: the last one of those that
// have begun, or the first one.
func (p probed) at(at time.Duration) time.Duration {
	after := slices.IndexFunc(p.pictures, func(begins time.Duration) bool { return begins > at })
	if after < 0 {
		after = len(p.pictures)
	}
	return p.pictures[max(after-1, 0)]
}

// times returns those that ffprobe tells of a stream.
func times(t *testing.T, file, stream, which string) (all []time.Duration) {
	t.Helper()
	for line := range strings.Lines(run(t, "ffprobe", "-v", "error", "-select_streams", stream, "-show_entries", which, "-of", "csv=p=0", file)) {
		all = append(all, secondsOf(t, strings.Trim(line, ",\n")))
	}
	return all
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
