package container_test

import (
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"rostrum/adapters/spool/container"
	"rostrum/domain"
)

func TestWhatComesLateOrNeverIsShownSo(t *testing.T) {
	const never = -1
	codecs := []domain.Codec{domain.H264, domain.VP8}
	for name, at := range map[string]struct{ video, audio time.Duration }{
		"sound comes 200 ms late":    {0, 200 * time.Millisecond},
		"the picture comes late":     {1500 * time.Millisecond, 0},
		"both come late":             {700 * time.Millisecond, 333 * time.Millisecond},
		"no sound comes":             {0, never},
		"no picture comes":           {never, 0},
		"no picture, and late sound": {never, 1234 * time.Millisecond},
	} {
		for _, codec := range codecs {
			t.Run(name+", "+string(codec), func(t *testing.T) {
				t.Parallel()
				c := clipOf(t, codec)
				c.video = delayed(c.video, int64(at.video*container.VideoRate/time.Second))
				c.audio = delayed(c.audio, int64(at.audio*container.AudioRate/time.Second))
				if at.video == never {
					c.video = nil
				}
				if at.audio == never {
					c.audio = nil
				}
				expectInStep(t, c, at.video.Seconds(), at.audio.Seconds())
			})
		}
	}
}

// expectInStep writes a clip, and expects its tracks to start at those times.
func expectInStep(t *testing.T, c clip, video, audio float64) {
	t.Helper()
	path := c.write(t, stereo)
	p := expectFrames(t, path, len(c.video), len(c.audio))
	expectStarts(t, p, c, video, audio)

	s, err := container.Finalize(path)
	must(t, err)
	if len(c.audio) == 0 || len(c.video) == 0 { // the announced track must not disturb
		plays(t, path)
	}
	p = expectFrames(t, path, len(c.video), len(c.audio))
	expectStarts(t, p, c, video, audio)
	tracks := 0
	for _, samples := range [][]container.Sample{c.video, c.audio} {
		if len(samples) > 0 {
			tracks++
		}
	}
	if len(p.Streams) != tracks {
		t.Errorf("%d tracks where samples came of %d", len(p.Streams), tracks)
	}
	start := min(video, audio)
	switch {
	case len(c.video) == 0:
		start = audio
	case len(c.audio) == 0:
		start = video
	}
	if got := s.Start.Seconds(); got < start-0.001 || got > start+0.001 {
		t.Errorf("it starts at %v, want %v", got, start)
	}
	if got, want := s.Duration, c.end(); got < want-time.Millisecond || got > want+time.Millisecond {
		t.Errorf("it lasts %v, want %v", got, want)
	}
}

func expectStarts(t *testing.T, p probed, c clip, video, audio float64) {
	t.Helper()
	if len(c.video) > 0 {
		expectTimes(t, p, "video", video)
	}
	if len(c.audio) > 0 {
		expectTimes(t, p, "audio", audio)
	}
}

func TestSoundAlone(t *testing.T) {
	c := clipOf(t, "")
	path := c.write(t, &container.AudioFormat{Channels: 1})
	plays(t, path)
	s, err := container.Finalize(path)
	must(t, err)
	plays(t, path)
	p := expectFrames(t, path, 0, len(c.audio))
	if len(p.Streams) != 1 || p.Streams[0].CodecName != "opus" || p.Streams[0].Channels != 1 || !near(p.Format.Duration, c.end().Seconds()) {
		t.Errorf("ffprobe sees %+v, want one channel of Opus for %v", p, c.end())
	}
	want := container.Summary{Audio: domain.Opus, Sounds: len(c.audio), Duration: s.Duration, Bytes: s.Bytes}
	if s != want {
		t.Errorf("summary %+v, want %+v", s, want)
	}
}

// The fragment in the middle is missing, as when the disk was full: what comes behind
// it stays where it was.
func TestAGapStaysAGap(t *testing.T) {
	for _, codec := range []domain.Codec{domain.H264, domain.VP8} {
		t.Run(string(codec), func(t *testing.T) {
			c := clipOf(t, codec)
			c.video = append(c.video[:13:13], c.video[25:]...)
			c.audio = append(c.audio[:25:25], c.audio[50:]...)
			expectInStep(t, c, 0, 0)
		})
	}
}

func TestAPauseOfMinutesInOneFragment(t *testing.T) {
	for _, codec := range []domain.Codec{domain.H264, domain.VP8} {
		t.Run(string(codec), func(t *testing.T) {
			c := clipOf(t, codec)
			late := delayed(c.video[25:], 300*container.VideoRate)
			c.video = append(c.video[:13:13], late...)
			c.audio = nil
			path := filepath.Join(t.TempDir(), "part-001"+container.Extension(codec))
			w, err := container.Create(path, c.format, nil)
			must(t, err)
			must(t, w.Write(container.Fragment{Video: c.video}))
			must(t, w.Close())
			s, err := container.Finalize(path)
			must(t, err)
			if want := c.end(); s.Duration != want || s.Pictures != len(c.video) {
				t.Errorf("%d pictures in %v, want %d in %v", s.Pictures, s.Duration, len(c.video), want)
			}
			plays(t, path)
			expectPictures(t, path, append(c.hashes[:13:13], c.hashes[25:]...))
		})
	}
}

// TestPicturesALateJoinerGotAtOnce are a thirty-second of their distance apart, less than a
// millisecond, which is what WebM counts in.
func TestPicturesALateJoinerGotAtOnce(t *testing.T) {
	c := clipOf(t, domain.VP8)
	c.video = slices.Clone(c.video)
	const atOnce = 12
	for i := range atOnce {
		c.video[i].DTS, c.video[i].PTS = squeezed(c.video[atOnce].DTS, i-atOnce), squeezed(c.video[atOnce].PTS, i-atOnce)
	}
	path := c.write(t, stereo)
	out, err := exec.Command("ffmpeg", "-v", "error", "-nostdin", "-i", path, "-fps_mode", "passthrough", "-enc_time_base", "-1", "-f", "null", "-").CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("ffmpeg: %v\n%s", err, out)
	}
	expectFrames(t, path, len(c.video), len(c.audio))
}

// squeezed returns the time of a picture that stands so many pictures behind another, half
// a millisecond each.
func squeezed(of int64, pictures int) int64 { return of + int64(pictures)*container.VideoRate/2000 }
