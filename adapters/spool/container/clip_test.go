package container_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/Eyevinn/mp4ff/mp4"
	"github.com/pion/webrtc/v4/pkg/media/ivfreader"

	"rostrum/adapters/spool/container"
	"rostrum/domain"
)

// clip is what an encoder has made: two seconds of a test picture, 25 times a second,
// and of a tone.
type clip struct {
	format *container.VideoFormat
	video  []container.Sample
	audio  []container.Sample
	hashes []string // of the pictures as they are shown, one after another
}

var (
	stereo = &container.AudioFormat{Channels: 2}
	tone   = sync.OnceValues(sound)
	clips  = map[domain.Codec]func() (clip, error){
		domain.H264: sync.OnceValues(func() (clip, error) {
			return encodeMP4(domain.H264, "libx264", "-preset", "veryfast", "-bf", "0", "-g", "25")
		}),
		domain.H265: sync.OnceValues(func() (clip, error) {
			return encodeMP4(domain.H265, "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:bframes=0:keyint=25", "-tag:v", "hvc1")
		}),
		domain.VP9: sync.OnceValues(func() (clip, error) {
			return encodeMP4(domain.VP9, "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-g", "25", "-lag-in-frames", "0")
		}),
		domain.AV1: sync.OnceValues(func() (clip, error) {
			return encodeMP4(domain.AV1, "libaom-av1", "-usage", "realtime", "-cpu-used", "8", "-g", "25", "-lag-in-frames", "0")
		}),
		domain.VP8: sync.OnceValues(encodeVP8),
	}
	reordered = sync.OnceValues(func() (clip, error) {
		return encodeMP4(domain.H264, "libx264", "-preset", "veryfast", "-bf", "2", "-g", "25")
	})
)

// clipOf returns the clip in a codec; "" is the sound alone.
func clipOf(t testing.TB, codec domain.Codec) clip {
	t.Helper()
	var c clip
	var err error
	if codec != "" {
		c, err = clips[codec]()
		must(t, err)
	}
	c.audio, err = tone()
	must(t, err)
	return c
}

func encodeMP4(codec domain.Codec, encoder string, options ...string) (clip, error) {
	return temporarily("clip.mp4", func(path string) (clip, error) {
		arguments := append([]string{"-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=2",
			"-pix_fmt", "yuv420p", "-c:v", encoder}, options...)
		if err := ffmpeg(append(arguments, "-video_track_timescale", "90000", path)...); err != nil {
			return clip{}, err
		}
		trak, samples, err := readMP4(path)
		if err != nil {
			return clip{}, err
		}
		hashes, err := frameHashes(path)
		return clip{format: formatOf(codec, trak), video: samples, hashes: hashes}, err
	})
}

func sound() ([]container.Sample, error) {
	return temporarily("tone.mp4", func(path string) ([]container.Sample, error) {
		err := ffmpeg("-f", "lavfi", "-i", "sine=frequency=1000:sample_rate=48000:duration=2", "-ac", "2", "-c:a", "libopus", path)
		if err != nil {
			return nil, err
		}
		_, samples, err := readMP4(path)
		return samples, err
	})
}

func encodeVP8() (clip, error) {
	return temporarily("clip.ivf", func(path string) (clip, error) {
		err := ffmpeg("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=2", "-pix_fmt", "yuv420p",
			"-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-g", "25", "-auto-alt-ref", "0", path)
		if err != nil {
			return clip{}, err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return clip{}, err
		}
		hashes, err := frameHashes(path)
		if err != nil {
			return clip{}, err
		}
		c := clip{format: &container.VideoFormat{Codec: domain.VP8, Width: 320, Height: 180}, hashes: hashes}
		ivf, _, err := ivfreader.NewWith(bytes.NewReader(data))
		if err != nil {
			return clip{}, err
		}
		for n := int64(0); ; n++ {
			frame, _, err := ivf.ParseNextFrame()
			if errors.Is(err, io.EOF) {
				return c, nil
			}
			if err != nil {
				return clip{}, err
			}
			c.video = append(c.video, container.Sample{DTS: n * 3600, PTS: n * 3600, Duration: 3600, Key: frame[0]&1 == 0, Data: frame})
		}
	})
}

func temporarily[R any](name string, do func(path string) (R, error)) (result R, err error) {
	dir, err := os.MkdirTemp("", "rostrum")
	if err != nil {
		return result, err
	}
	defer os.RemoveAll(dir)
	return do(filepath.Join(dir, name))
}

func ffmpeg(arguments ...string) error {
	var trouble bytes.Buffer
	command := exec.Command("ffmpeg", append([]string{"-v", "error", "-nostdin", "-y"}, arguments...)...)
	command.Stderr = &trouble
	if err := command.Run(); err != nil {
		return fmt.Errorf("ffmpeg %s: %w\n%s", strings.Join(arguments, " "), err, trouble.String())
	}
	return nil
}

// readMP4 returns the only track of an ordinary MP4 file and its samples.
func readMP4(path string) (*mp4.TrakBox, []container.Sample, error) {
	file, err := mp4.ReadMP4File(path)
	if err != nil {
		return nil, nil, err
	}
	trak := file.Moov.Trak
	stbl := trak.Mdia.Minf.Stbl
	var samples []container.Sample
	for n := uint32(1); n <= stbl.Stsz.SampleNumber; n++ {
		ranges, err := trak.GetRangesForSampleInterval(n, n)
		if err != nil {
			return nil, nil, err
		}
		data, err := file.Mdat.ReadData(int64(ranges[0].Offset), int64(ranges[0].Size), nil)
		if err != nil { // the library does not read the last byte of an mdat
			data = file.Mdat.Data[ranges[0].Offset-file.Mdat.PayloadAbsoluteOffset():]
		}
		dts, duration := stbl.Stts.GetDecodeTime(n)
		s := container.Sample{DTS: int64(dts), PTS: int64(dts), Duration: int64(duration), Data: data}
		if stbl.Ctts != nil {
			s.PTS += int64(stbl.Ctts.GetCompositionTimeOffset(n))
		}
		s.Key = stbl.Stss == nil || stbl.Stss.IsSyncSample(n)
		samples = append(samples, s)
	}
	return trak, samples, nil
}

func formatOf(codec domain.Codec, trak *mp4.TrakBox) *container.VideoFormat {
	entry := trak.Mdia.Minf.Stbl.Stsd.Children[0].(*mp4.VisualSampleEntryBox)
	f := &container.VideoFormat{Codec: codec, Width: int(entry.Width), Height: int(entry.Height)}
	switch codec {
	case domain.H264:
		f.ParameterSets = append(append(f.ParameterSets, entry.AvcC.SPSnalus...), entry.AvcC.PPSnalus...)
	case domain.H265:
		for _, array := range entry.HvcC.NaluArrays {
			f.ParameterSets = append(f.ParameterSets, array.Nalus...)
		}
	case domain.AV1:
		f.ParameterSets = [][]byte{entry.Av1C.ConfigOBUs}
	case domain.VP9:
		f.Profile, f.BitDepth, f.Subsampling = entry.VppC.Profile, entry.VppC.BitDepth, entry.VppC.ChromaSubsampling
	}
	return f
}

// fragments cuts a clip into pieces of half a second.
func (c clip) fragments() []container.Fragment {
	var cut []container.Fragment
	for n := int64(0); ; n++ {
		f := container.Fragment{
			Video: between(c.video, n*container.VideoRate/2, container.VideoRate/2),
			Audio: between(c.audio, n*container.AudioRate/2, container.AudioRate/2),
		}
		if len(f.Video)+len(f.Audio) > 0 {
			cut = append(cut, f)
		} else if n > 100 {
			return cut
		}
	}
}

func between(samples []container.Sample, from, length int64) (found []container.Sample) {
	for _, s := range samples {
		if s.DTS >= from && s.DTS < from+length {
			found = append(found, s)
		}
	}
	return found
}

// delayed returns samples that come later.
func delayed(samples []container.Sample, by int64) (later []container.Sample) {
	for _, s := range samples {
		s.DTS += by
		s.PTS += by
		later = append(later, s)
	}
	return later
}

// write writes a clip to a new file, and returns its name.
func (c clip) write(t testing.TB, audio *container.AudioFormat) string {
	t.Helper()
	codec := domain.Codec("")
	if c.format != nil {
		codec = c.format.Codec
	}
	path := filepath.Join(t.TempDir(), "part-001"+container.Extension(codec))
	w, err := container.Create(path, c.format, audio)
	must(t, err)
	for _, f := range c.fragments() {
		must(t, w.Write(f))
	}
	must(t, w.Close())
	info, err := os.Stat(path)
	must(t, err)
	if info.Size() != w.Size() {
		t.Errorf("the file has %d bytes, and its writer says %d", info.Size(), w.Size())
	}
	return path
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
