package recording

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"rostrum/cmd/rostrum/rig"
)

// recording is what the API says of one.
type recording struct {
	ID       string    `json:"id"`
	Room     string    `json:"room"`
	State    string    `json:"state"`
	Key      string    `json:"key"`
	Started  time.Time `json:"started"`
	Duration float64   `json:"duration_seconds"`
	Bytes    int64     `json:"bytes"`
	Parts    []part    `json:"parts"`
	Failure  *struct {
		During, Reason string
		Attempts       int
	} `json:"failure"`
}

type part struct {
	File     string  `json:"file"`
	Duration float64 `json:"duration_seconds"`
	Bytes    int64   `json:"bytes"`
	SHA256   string  `json:"sha256"`
	Video    *struct {
		Codec         string
		Width, Height int
		Pictures      int
	} `json:"video"`
	Audio *struct {
		Codec   string
		Packets int
	} `json:"audio"`
	Gaps []struct {
		Kind    string
		At      float64 `json:"at_seconds"`
		Seconds float64
		Reason  string
	} `json:"gaps"`
}

// pictures returns how many pictures all parts have.
func (r recording) pictures() (n int) {
	for _, p := range r.Parts {
		if p.Video != nil {
			n += p.Video.Pictures
		}
	}
	return n
}

// call makes a request of the API and returns its status and its body.
func (s *stand) call(method, path string) (int, []byte) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil // no server runs
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, nil // it was killed
	}
	return res.StatusCode, body
}

// live is what the API says of who publishes into a room: nothing while nobody does.
type live struct{ Packets, Keyframes int64 }

func (s *stand) live(room string) live {
	s.t.Helper()
	var r struct{ Live struct{ Publisher live } }
	if status, body := s.call(http.MethodGet, "/api/rooms/"+room); status == http.StatusOK {
		if err := json.Unmarshal(body, &r); err != nil {
			s.t.Fatalf("%v in %s", err, body)
		}
	}
	return r.Live.Publisher
}

// filmed waits until a publisher of one of the clips, which have a key frame each second,
// has sent so many seconds.
func (s *stand) filmed(room string, seconds int64) {
	s.t.Helper()
	rig.Eventually(s.t, strconv.FormatInt(seconds, 10)+" s have come", func() bool { return s.live(room).Keyframes > seconds })
}

// recordings returns every recording there is, the newest first.
func (s *stand) recordings() []recording {
	s.t.Helper()
	var all []recording
	for path := "/api/recordings?limit=200"; path != ""; {
		status, body := s.call(http.MethodGet, path)
		if status != http.StatusOK {
			return nil
		}
		var page struct {
			Recordings []recording
			Next       string `json:"next_cursor"`
		}
		if err := json.Unmarshal(body, &page); err != nil {
			s.t.Fatalf("%v in %s", err, body)
		}
		all = append(all, page.Recordings...)
		path = ""
		if page.Next != "" {
			path = "/api/recordings?limit=200&cursor=" + page.Next
		}
	}
	return all
}

// recording returns all that is known of one recording.
func (s *stand) recording(id string) recording {
	s.t.Helper()
	var r recording
	status, body := s.call(http.MethodGet, "/api/recordings/"+id)
	if status != http.StatusOK {
		s.t.Fatalf("recording %s: %d %s", id, status, body)
	}
	if err := json.Unmarshal(body, &r); err != nil {
		s.t.Fatalf("%v in %s", err, body)
	}
	return r
}

// stored waits until there are so many recordings and all of them are stored, and
// returns them with all that is known of each.
func (s *stand) stored(n int) []recording {
	s.t.Helper()
	var all []recording
	rig.Eventually(s.t, strconv.Itoa(n)+" recordings are stored", func() bool {
		all = s.recordings()
		done := 0
		for _, r := range all {
			if r.State == "stored" {
				done++
			}
		}
		return done == n && len(all) == n
	})
	for i := range all {
		all[i] = s.recording(all[i].ID)
	}
	return all
}

// read downloads every part of a recording, and checks that it is what the API says
// and plays without an error. It returns how many pictures are in them.
func (s *stand) read(r recording) (pictures int) {
	s.t.Helper()
	for _, p := range r.Parts {
		status, body := s.call(http.MethodGet, "/api/recordings/"+r.ID+"/media?part="+p.File)
		if status != http.StatusOK || int64(len(body)) != p.Bytes {
			s.t.Fatalf("%s of %s: %d, %d bytes, want %d", p.File, r.ID, status, len(body), p.Bytes)
		}
		if sum := sha256.Sum256(body); hex.EncodeToString(sum[:]) != p.SHA256 {
			s.t.Errorf("%s of %s is not the file that its checksum is of", p.File, r.ID)
		}
		name := filepath.Join(s.t.TempDir(), p.File)
		if err := os.WriteFile(name, body, 0o600); err != nil {
			s.t.Fatal(err)
		}
		plays(s.t, name)
		n := probe(s.t, name).pictures
		if p.Video != nil && n != p.Video.Pictures {
			s.t.Errorf("%s of %s has %d pictures, its manifest says %d", p.File, r.ID, n, p.Video.Pictures)
		}
		pictures += n
	}
	return pictures
}

// plays decodes a file from its beginning to its end, which must not give an error. The
// times are left as they are: FFmpeg would else bring them to a regular rate.
func plays(t *testing.T, name string) {
	t.Helper()
	out, err := exec.Command("ffmpeg", "-v", "error", "-i", name, "-fps_mode", "passthrough", "-enc_time_base", "-1", "-f", "null", "-").CombinedOutput()
	if err != nil || len(bytes.TrimSpace(out)) > 0 {
		t.Errorf("%s does not play: %v\n%s", filepath.Base(name), err, out)
	}
}

// probed is what ffprobe says of a file.
type probed struct {
	pictures, sounds int
	duration         float64
	videoAt, soundAt float64 // where each begins
}

func probe(t *testing.T, name string) probed {
	t.Helper()
	out, err := exec.Command("ffprobe", "-v", "error", "-count_packets", "-show_entries",
		"stream=codec_type,nb_read_packets,start_time:format=duration", "-of", "json", name).Output()
	if err != nil {
		t.Fatalf("ffprobe %s: %v", filepath.Base(name), err)
	}
	var said struct {
		Streams []struct {
			Kind    string `json:"codec_type"`
			Packets string `json:"nb_read_packets"`
			Start   string `json:"start_time"`
		}
		Format struct{ Duration string }
	}
	if err := json.Unmarshal(out, &said); err != nil {
		t.Fatal(err)
	}
	var p probed
	p.duration, _ = strconv.ParseFloat(said.Format.Duration, 64)
	for _, s := range said.Streams {
		n, _ := strconv.Atoi(s.Packets)
		at, _ := strconv.ParseFloat(s.Start, 64)
		if s.Kind == "video" {
			p.pictures, p.videoAt = n, at
		} else {
			p.sounds, p.soundAt = n, at
		}
	}
	return p
}

// objects returns the names of all objects in a directory store.
func (s *stand) objects() []string {
	s.t.Helper()
	var names []string
	_ = filepath.WalkDir(s.store(), func(name string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			names = append(names, strings.TrimPrefix(name, s.store()+"/"))
		}
		return nil
	})
	return names
}
