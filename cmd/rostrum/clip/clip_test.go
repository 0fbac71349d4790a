package clip

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pion/webrtc/v4"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// drain reads what is left of one pass.
func drain(t *testing.T, c *Clip) []Sample {
	t.Helper()
	var all []Sample
	for {
		s, err := c.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("after %d samples: %v", len(all), err)
		}
		all = append(all, s)
	}
}

func open(t *testing.T, name string, opts ...Option) *Clip {
	t.Helper()
	c, err := Open(filepath.Join("testdata", name), opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// of keeps the samples of one codec.
func of(c *Clip, samples []Sample, mime string) []Sample {
	var kept []Sample
	for _, s := range samples {
		if c.Tracks[s.Track].Codec.MimeType == mime {
			kept = append(kept, s)
		}
	}
	return kept
}

// Each file of testdata is one second: 20 pictures with a key frame every 10, and Opus packets of 20 ms.
func TestEveryFormatIsReadInTime(t *testing.T) {
	const vp8, vp9, av1 = webrtc.MimeTypeVP8, webrtc.MimeTypeVP9, webrtc.MimeTypeAV1
	const h264, h265, opus = webrtc.MimeTypeH264, webrtc.MimeTypeH265, webrtc.MimeTypeOpus
	for name, codecs := range map[string][]string{
		"vp8.ivf": {vp8}, "vp9.ivf": {vp9}, "av1.ivf": {av1},
		"plain.h264": {h264}, "plain.h265": {h265},
		"pages.ogg": {opus}, "packets.ogg": {opus},
		"vp8.webm": {vp8, opus}, "live.webm": {vp9, opus},
		"av1.mkv": {av1, opus}, "h264.mkv": {h264, opus}, "h265.mkv": {h265, opus},
		"h264.mp4": {h264, opus}, "h265.mp4": {h265, opus}, "av1.mp4": {av1, opus}, "vp9.mp4": {vp9, opus},
		"fragmented.mp4": {h264, opus}, "separate.mp4": {h264, opus},
		"aac.mp4": {h264},
	} {
		t.Run(name, func(t *testing.T) {
			var opts []Option
			if name == "plain.h265" { // alone in not telling its frame rate
				opts = append(opts, FrameRate(20))
			}
			c := open(t, name, opts...)
			var got []string
			for _, track := range c.Tracks {
				got = append(got, track.Codec.MimeType)
			}
			if diff := cmp.Diff(codecs, got); diff != "" {
				t.Fatal(diff)
			}
			all := drain(t, c)
			for _, codec := range codecs {
				if codec == opus {
					checkTiming(t, of(c, all, codec), 51, 51, 20*time.Millisecond)
				} else {
					checkTiming(t, of(c, all, codec), 20, 2, 50*time.Millisecond)
				}
			}
			for i := 1; i < len(all); i++ {
				if all[i].PTS < all[i-1].PTS-20*time.Millisecond {
					t.Errorf("sample %d comes %v after one that is due later", i, all[i-1].PTS-all[i].PTS)
				}
			}
		})
	}
}

// checkTiming allows the millisecond that Matroska rounds to, and that sound begins earlier by Opus's 6.5 ms of priming,
// which a copy into another container doubles.
func checkTiming(t *testing.T, samples []Sample, want, wantKeys int, step time.Duration) {
	t.Helper()
	keys := 0
	for i, s := range samples {
		if off := (s.PTS - time.Duration(i)*step).Abs(); off > 15*time.Millisecond {
			t.Errorf("sample %d of track %d is at %v", i, s.Track, s.PTS)
		}
		if i > 0 && i < len(samples)-1 && (s.Duration-step).Abs() > time.Millisecond {
			t.Errorf("sample %d of track %d lasts %v", i, s.Track, s.Duration)
		}
		if s.Key {
			keys++
		}
	}
	if len(samples) != want || keys != wantKeys {
		t.Errorf("%d samples with %d key frames, want %d with %d", len(samples), keys, want, wantKeys)
	}
	if len(samples) > 0 && !samples[0].Key {
		t.Error("the first sample is no key frame")
	}
}

// The same encoded media was put into each container, so the media that comes out must be the same to the byte.
func TestContainersAgree(t *testing.T) {
	for _, group := range []struct {
		codec string
		files []string
		core  func([]byte) []byte
	}{
		{webrtc.MimeTypeVP8, []string{"vp8.ivf", "vp8.webm"}, bytes.Clone},
		{webrtc.MimeTypeVP9, []string{"vp9.ivf", "live.webm", "vp9.mp4"}, bytes.Clone},
		{webrtc.MimeTypeAV1, []string{"av1.ivf", "av1.mkv", "av1.mp4"}, withoutDelimiter},
		{webrtc.MimeTypeH264, []string{"plain.h264", "h264.mkv", "h264.mp4", "fragmented.mp4", "separate.mp4"}, slices264},
		{webrtc.MimeTypeH265, []string{"plain.h265", "h265.mkv", "h265.mp4"}, slices265},
		{webrtc.MimeTypeOpus, []string{"pages.ogg", "packets.ogg", "vp8.webm", "av1.mkv", "h264.mp4", "separate.mp4"}, bytes.Clone},
	} {
		var want [][]byte
		for _, name := range group.files {
			c := open(t, name)
			var got [][]byte
			for _, s := range of(c, drain(t, c), group.codec) {
				got = append(got, group.core(s.Data))
			}
			if want == nil {
				want = got
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s and %s differ:\n%.300s", group.files[0], name, diff)
			}
		}
	}
}

func slices264(frame []byte) []byte { return slicesOf(webrtc.MimeTypeH264, frame) }
func slices265(frame []byte) []byte { return slicesOf(webrtc.MimeTypeH265, frame) }

func slicesOf(mime string, frame []byte) (out []byte) {
	for nal := range nals(frame) {
		if slice, _ := role(mime, nal); slice {
			out = append(out, nal...)
		}
	}
	return out
}

func withoutDelimiter(unit []byte) []byte { return bytes.TrimPrefix(unit, []byte{0x12, 0x00}) }

// A viewer can only begin with a key frame that brings its parameters along.
func TestKeyFramesCarryTheirParameters(t *testing.T) {
	for _, name := range []string{"plain.h264", "h264.mkv", "h264.mp4", "fragmented.mp4", "plain.h265", "h265.mkv", "h265.mp4"} {
		c := open(t, name)
		for i, s := range drain(t, c) {
			mime := c.Tracks[s.Track].Codec.MimeType
			sets := 0
			for nal := range nals(s.Data) {
				if nalParameters(mime, nal) {
					sets++
				}
			}
			want := map[string]int{webrtc.MimeTypeH264: 2, webrtc.MimeTypeH265: 3}[mime]
			if s.Key && want > 0 && sets != want {
				t.Errorf("%s: key frame %d has %d parameter sets, want %d", name, i, sets, want)
			}
		}
	}
}

func TestRewindRepeatsTheClip(t *testing.T) {
	for _, name := range []string{"vp8.ivf", "pages.ogg", "plain.h265", "live.webm", "h264.mp4", "separate.mp4"} {
		c := open(t, name)
		first := drain(t, c)
		if err := c.Rewind(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first, drain(t, c)); diff != "" {
			t.Errorf("%s: the second pass differs:\n%.300s", name, diff)
		}
	}
}

func TestFrameRateOfRawVideoCanBeSaid(t *testing.T) {
	all := drain(t, open(t, "plain.h264", FrameRate(10)))
	if last := all[len(all)-1]; last.PTS+last.Duration != 2*time.Second {
		t.Errorf("20 pictures at 10 a second end at %v", last.PTS+last.Duration)
	}
	if c := open(t, "plain.h265"); len(c.Warnings) != 1 || !strings.Contains(c.Warnings[0], "--fps") {
		t.Errorf("a guessed frame rate is not told: %q", c.Warnings)
	}
}

func TestDemoIsWhatItPromises(t *testing.T) {
	if len(demo) > 500_000 {
		t.Errorf("demo.webm has %d bytes", len(demo))
	}
	c, err := Demo()
	if err != nil {
		t.Fatal(err)
	}
	all := drain(t, c)
	picture, sound := of(c, all, webrtc.MimeTypeVP8), of(c, all, webrtc.MimeTypeOpus)
	if len(picture) != 240 || len(sound) != 400 {
		t.Fatalf("%d pictures and %d packets of sound", len(picture), len(sound))
	}
	for i, s := range picture {
		if s.Key != (i%15 == 0) {
			t.Errorf("picture %d: key is %v", i, s.Key)
		}
	}
	for _, track := range [][]Sample{picture, sound} {
		last := track[len(track)-1]
		if seam := (last.PTS + last.Duration - 8*time.Second).Abs(); track[0].PTS != 0 || seam > 2*time.Millisecond {
			t.Errorf("a track goes from %v to %v", track[0].PTS, last.PTS+last.Duration)
		}
	}
	if len(c.Warnings) > 0 {
		t.Error(c.Warnings)
	}
}

func TestWhatIsLeftOutIsTold(t *testing.T) {
	c := open(t, "aac.mp4")
	if len(c.Warnings) != 1 || !strings.Contains(c.Warnings[0], "AAC") ||
		!strings.Contains(c.Warnings[0], "ffmpeg -i testdata/aac.mp4 -c:v copy -c:a libopus converted.mkv") {
		t.Errorf("warnings: %q", c.Warnings)
	}
	var choice chooser
	choice.take(video(webrtc.MimeTypeVP8), "V_VP8", false, true)
	if choice.take(video(webrtc.MimeTypeVP9), "V_VP9", false, true) || len(choice.tracks) != 1 || !choice.left[0].second {
		t.Errorf("a second video track: %+v", choice)
	}
}

func seed(t testing.TB, name string) []byte {
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}
