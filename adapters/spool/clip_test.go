package spool_test

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/at-wat/ebml-go"
	"github.com/at-wat/ebml-go/webm"
	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
	"github.com/pion/webrtc/v4/pkg/media/ivfreader"

	"rostrum/domain"
)

// clip is media as a publisher sends it.
type clip struct {
	video, audio []unit
	codec        domain.Codec  // of the pictures
	late         time.Duration // by so much, sound comes later than the picture of its time
}

// unit is a frame, in the payloads of its packets.
type unit struct {
	at       time.Duration
	key      bool
	payloads [][]byte
}

// first returns the clip's beginning.
func (c clip) first(length time.Duration) clip {
	until := func(all []unit) []unit {
		return slices.DeleteFunc(slices.Clone(all), func(u unit) bool { return u.at >= length })
	}
	c.video, c.audio = until(c.video), until(c.audio)
	return c
}

func (c clip) silent() clip { c.audio = nil; return c }
func (c clip) dark() clip   { c.video = nil; return c }

// demo is the clip that the product brings along: 8 s of VP8, 960 x 540 at 30 pictures
// a second, and Opus.
func demo(t *testing.T) clip {
	t.Helper()
	return readWebM(t, filepath.Join("..", "..", "cmd", "rostrum", "clip", "demo.webm"))
}

// vp8 makes a clip with a key frame every half second.
func vp8(t *testing.T, width, height, seconds int) clip {
	t.Helper()
	path := filepath.Join(t.TempDir(), "clip.webm")
	encode(t, path, width, height, seconds, "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-g", "15", "-b:v", "300k",
		"-c:a", "libopus", "-b:a", "24k")
	return readWebM(t, path)
}

func encode(t *testing.T, path string, width, height, seconds int, args ...string) {
	t.Helper()
	args = append([]string{
		"-v", "error", "-nostdin", "-y",
		"-f", "lavfi", "-i", fmt.Sprintf("testsrc2=s=%dx%d:r=30:d=%d", width, height, seconds),
		"-f", "lavfi", "-i", fmt.Sprintf("sine=f=440:r=48000:d=%d", seconds),
	}, args...)
	if out, err := exec.CommandContext(t.Context(), "ffmpeg", append(args, path)...).CombinedOutput(); err != nil {
		t.Fatalf("ffmpeg %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

func readWebM(t *testing.T, path string) clip {
	t.Helper()
	c, err := readWebMFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func readWebMFile(path string) (clip, error) {
	file, err := os.Open(path)
	if err != nil {
		return clip{}, err
	}
	defer file.Close()
	var read struct {
		Header  webm.EBMLHeader `ebml:"EBML"`
		Segment webm.Segment    `ebml:"Segment"`
	}
	if err := ebml.Unmarshal(file, &read, ebml.WithIgnoreUnknown(true)); err != nil {
		return clip{}, fmt.Errorf("%s: %w", path, err)
	}
	video := uint64(1)
	for _, track := range read.Segment.Tracks.TrackEntry {
		if track.TrackType == 1 {
			video = track.TrackNumber
		}
	}
	c := clip{codec: domain.VP8}
	payloader := &codecs.VP8Payloader{EnablePictureID: true}
	for _, cluster := range read.Segment.Cluster {
		for _, block := range cluster.SimpleBlock {
			at := max(0, time.Duration(int64(cluster.Timecode)+int64(block.Timecode))*time.Millisecond)
			if block.TrackNumber == video {
				c.video = append(c.video, unit{at, block.Keyframe, payloader.Payload(1100, block.Data[0])})
			} else {
				c.audio = append(c.audio, unit{at: at, payloads: [][]byte{block.Data[0]}})
			}
		}
	}
	return c, nil
}

// h264 makes a clip as vp8 does, without sound.
func h264(t *testing.T, width, height, seconds int) clip {
	t.Helper()
	stream := elementary(t, "h264", width, height, seconds, "-c:v", "libx264", "-preset", "ultrafast", "-bf", "0",
		"-x264-params", "aud=1:keyint=15:scenecut=0")
	return annexB(domain.H264, stream, []byte{0, 0, 0, 1, 9}, []byte{0, 0, 1, 0x65}, &codecs.H264Payloader{})
}

// h265 makes a clip as h264 does.
func h265(t *testing.T, width, height, seconds int) clip {
	t.Helper()
	stream := elementary(t, "hevc", width, height, seconds, "-c:v", "libx265", "-preset", "ultrafast",
		"-x265-params", "log-level=none:aud=1:bframes=0:keyint=15:scenecut=0")
	return annexB(domain.H265, stream, []byte{0, 0, 0, 1, 0x46, 1}, []byte{0, 0, 1, 0x26}, &codecs.H265Payloader{})
}

// vp9 and av1 make clips as h264 does.
func vp9(t *testing.T, width, height, seconds int) clip {
	t.Helper()
	stream := elementary(t, "ivf", width, height, seconds, "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-g", "15")
	return ivf(t, domain.VP9, stream, &codecs.VP9Payloader{})
}

func av1(t *testing.T, width, height, seconds int) clip {
	t.Helper()
	stream := elementary(t, "ivf", width, height, seconds, "-c:v", "libaom-av1", "-usage", "realtime", "-cpu-used", "8", "-g", "15", "-lag-in-frames", "0")
	return ivf(t, domain.AV1, stream, &codecs.AV1Payloader{})
}

func elementary(t *testing.T, format string, width, height, seconds int, args ...string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "clip."+format)
	args = append([]string{"-map", "0:v", "-pix_fmt", "yuv420p", "-b:v", "300k"}, args...)
	encode(t, path, width, height, seconds, append(args, "-f", format)...)
	stream, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return stream
}

// annexB reads a stream whose pictures begin with a delimiter each.
func annexB(codec domain.Codec, stream, delimiter, key []byte, payloader rtp.Payloader) clip {
	c := clip{codec: codec}
	for i, access := range bytes.Split(stream, delimiter)[1:] {
		units := access[bytes.Index(access, []byte{0, 0, 1}):] // behind the rest of the delimiter
		c.video = append(c.video, unit{atPicture(i), bytes.Contains(access, key), payloader.Payload(1100, units)})
	}
	return c
}

func ivf(t *testing.T, codec domain.Codec, stream []byte, payloader rtp.Payloader) clip {
	t.Helper()
	reader, _, err := ivfreader.NewWith(bytes.NewReader(stream))
	if err != nil {
		t.Fatal(err)
	}
	c := clip{codec: codec}
	for i := 0; ; i++ {
		frame, _, err := reader.ParseNextFrame()
		if errors.Is(err, io.EOF) {
			return c
		}
		if err != nil {
			t.Fatal(err)
		}
		c.video = append(c.video, unit{atPicture(i), i%15 == 0, payloader.Payload(1100, frame)})
	}
}

func atPicture(n int) time.Duration { return time.Duration(n) * time.Second / 30 }

// with returns the clip with the sound of another one.
func (c clip) with(sound clip) clip { c.audio = sound.audio; return c }

// sequence returns all units in the order in which they are sent.
func (c clip) sequence() []timed {
	var all []timed
	for _, u := range c.video {
		all = append(all, timed{u, domain.Video, u.at})
	}
	for _, u := range c.audio {
		all = append(all, timed{u, domain.Audio, u.at + c.late})
	}
	slices.SortStableFunc(all, func(a, b timed) int { return cmp.Compare(a.due, b.due) })
	return all
}

type timed struct {
	unit
	kind domain.MediaKind
	due  time.Duration // when it is sent
}
