package recording

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"rostrum/cmd/rostrum/rig"
)

// clipRate is how many pictures a second the clips of the tests have.
const clipRate = 30

// unsent is how many pictures may be missing at the end, since they were still on their
// way when the publisher left: on a busy machine DELETE comes before them.
const unsent = clipRate / 2

// clips are those that have been made, by how.
var clips sync.Map

// clipFile makes a file of a codec and of so many seconds, with a picture that moves and
// a tone, and a key frame each second. The same one is made once for all tests.
func clipFile(t *testing.T, codec string, seconds int, options ...string) string {
	t.Helper()
	made, _ := clips.LoadOrStore(fmt.Sprint(codec, seconds, options), sync.OnceValues(func() (string, error) {
		return makeClip(codec, seconds, options...)
	}))
	file, err := made.(func() (string, error))()
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func makeClip(codec string, seconds int, options ...string) (string, error) {
	folder, err := os.MkdirTemp(rig.Folder(), "clip")
	if err != nil {
		return "", err
	}
	name := filepath.Join(folder, codec+".webm")
	if codec == "libx264" || codec == "libx265" {
		name = filepath.Join(folder, codec+".mp4")
	}
	length, rate := strconv.Itoa(seconds), strconv.Itoa(clipRate)
	args := []string{
		"-v", "error", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=" + rate, "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000",
		"-t", length, "-c:v", codec, "-g", rate, "-keyint_min", rate, "-b:v", "400k", "-pix_fmt", "yuv420p", "-c:a", "libopus", "-b:a", "48k",
	}
	switch codec {
	case "libvpx", "libvpx-vp9":
		args = append(args, "-deadline", "realtime", "-cpu-used", "8", "-lag-in-frames", "0")
	case "libx264":
		args = append(args, "-preset", "ultrafast", "-tune", "zerolatency", "-profile:v", "baseline")
	}
	if out, err := exec.Command("ffmpeg", append(append(args, options...), "-y", name)...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("make a clip: %w\n%s", err, out)
	}
	return name, nil
}

// twoSeconds makes a clip of them.
func twoSeconds(t *testing.T, codec string) string {
	t.Helper()
	return clipFile(t, codec, 2)
}

// publisher is a `rostrum publish`.
type publisher struct {
	*rig.Process
	t *testing.T
}

// publish sends a clip into a room. It ends with the clip unless flags say otherwise.
func (s *stand) publish(room, clip string, flags ...string) *publisher {
	s.t.Helper()
	args := append([]string{"publish", "--server", s.url, "--token", token}, flags...)
	process, err := rig.Start(rig.Command(append(args, clip, room)...))
	if err != nil {
		s.t.Fatal(err)
	}
	p := &publisher{process, s.t}
	s.t.Cleanup(p.kill)
	return p
}

// wait returns when the clip is over.
func (p *publisher) wait() {
	p.t.Helper()
	select {
	case <-p.Exited():
	case <-time.After(rig.Patience):
		p.t.Fatalf("the publisher does not end\n%s", p.Log)
	}
}

// stop has the publisher end its session.
func (p *publisher) stop() {
	p.t.Helper()
	p.Signal(syscall.SIGINT)
	p.wait()
}

// kill ends the publisher without a word, if it has not ended.
func (p *publisher) kill() {
	p.t.Helper()
	if err := p.Kill(); err != nil {
		p.t.Error(err)
	}
}
