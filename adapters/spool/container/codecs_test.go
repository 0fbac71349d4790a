package container_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"rostrum/adapters/spool/container"
	"rostrum/domain"
)

func TestEveryCodecPlaysBeforeAndAfterItIsFinalized(t *testing.T) {
	for codec := range clips {
		t.Run(string(codec), func(t *testing.T) {
			t.Parallel()
			c := clipOf(t, codec)
			path := c.write(t, stereo)
			plays(t, path)
			expectFrames(t, path, len(c.video), len(c.audio))
			expectPictures(t, path, c.hashes)

			s, err := container.Finalize(path)
			must(t, err)
			want := container.Summary{Video: codec, Audio: domain.Opus, Width: 320, Height: 180, Pictures: len(c.video), Sounds: len(c.audio)}
			end := c.end()
			if s.Duration-end > time.Millisecond || end-s.Duration > time.Millisecond {
				t.Errorf("it lasts %v, want %v", s.Duration, end)
			}
			want.Duration, want.Bytes = s.Duration, s.Bytes
			if s != want {
				t.Errorf("summary %+v, want %+v", s, want)
			}
			plays(t, path)
			p := expectFrames(t, path, len(c.video), len(c.audio))
			if !near(p.Format.Duration, end.Seconds()) {
				t.Errorf("ffprobe says it lasts %s, want %v", p.Format.Duration, end)
			}
			expectPictures(t, path, c.hashes)
			expectSeeking(t, path, c)
		})
	}
}

// end returns when the last sample ends.
func (c clip) end() time.Duration {
	var end time.Duration
	for _, s := range c.video {
		end = max(end, time.Duration(s.PTS+s.Duration)*time.Second/container.VideoRate)
	}
	for _, s := range c.audio {
		end = max(end, time.Duration(s.PTS+s.Duration)*time.Second/container.AudioRate)
	}
	return end
}

func expectFrames(t *testing.T, path string, pictures, sounds int) probed {
	t.Helper()
	p := probe(t, path)
	got := map[string]string{}
	for _, s := range p.Streams {
		got[s.CodecType] = s.Frames
	}
	if pictures > 0 && got["video"] != strconv.Itoa(pictures) || sounds > 0 && got["audio"] != strconv.Itoa(sounds) {
		t.Errorf("ffprobe counts %v, want %d pictures and %d sounds", got, pictures, sounds)
	}
	return p
}

func expectPictures(t *testing.T, path string, want []string) {
	t.Helper()
	got, err := frameHashes(path)
	must(t, err)
	if !slices.Equal(got, want) {
		t.Errorf("%d pictures that differ from the %d that were encoded", len(got), len(want))
	}
}

// expectSeeking goes to some pictures, of which some are no key frames.
func expectSeeking(t *testing.T, path string, c clip) {
	t.Helper()
	first := c.video[0].PTS
	for _, n := range []int{5, 30} {
		at := time.Duration(first+int64(n)*3600) * time.Second / container.VideoRate
		got, err := frameHashes(path, "-ss", strconv.FormatFloat(at.Seconds()-0.002, 'f', 4, 64))
		must(t, err)
		if len(got) == 0 || got[0] != c.hashes[n] {
			t.Errorf("at %v there is another picture than the one numbered %d", at, n)
		}
	}
}

func TestReorderedPicturesAreShownInOrder(t *testing.T) {
	c, err := reordered()
	must(t, err)
	if c.audio, err = tone(); err != nil {
		t.Fatal(err)
	}
	path := c.write(t, stereo)
	plays(t, path)
	expectPictures(t, path, c.hashes)
	_, err = container.Finalize(path)
	must(t, err)
	plays(t, path)
	expectPictures(t, path, c.hashes)
	expectSeeking(t, path, c)
	p := expectFrames(t, path, len(c.video), len(c.audio))
	expectTimes(t, p, "video", float64(c.video[0].PTS)/container.VideoRate)
	if !near(p.Format.Duration, c.end().Seconds()) {
		t.Errorf("ffprobe says it lasts %s, want %v", p.Format.Duration, c.end())
	}
}

func expectTimes(t *testing.T, p probed, kind string, start float64) {
	t.Helper()
	for _, s := range p.Streams {
		if s.CodecType == kind && !near(s.StartTime, start) {
			t.Errorf("ffprobe says that %s starts at %s, want %v", kind, s.StartTime, start)
		}
	}
}
