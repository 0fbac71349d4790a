package container_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"rostrum/adapters/spool/container"
	"rostrum/domain"
)

func TestCreate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "part-001.mp4")
	w, err := container.Create(path, nil, stereo)
	must(t, err)
	must(t, w.Close())
	info, err := os.Stat(path)
	must(t, err)
	if info.Mode().Perm() != 0o600 || info.Size() != w.Size() {
		t.Errorf("mode %v and %d bytes, want 0600 and %d", info.Mode(), info.Size(), w.Size())
	}
	if _, err := container.Create(path, nil, stereo); !errors.Is(err, fs.ErrExist) {
		t.Errorf("where a file is already: %v, want fs.ErrExist", err)
	}
	if _, err := container.Create(filepath.Join(path, "below"), nil, stereo); err == nil {
		t.Error("there is a file below a file")
	}
}

func TestAFormatThatCannotBeDescribed(t *testing.T) {
	c := clipOf(t, domain.H264)
	for name, format := range map[string]*container.VideoFormat{
		"H264 without parameter sets":   {Codec: domain.H264, Width: 320, Height: 180},
		"H264 without a picture's":      {Codec: domain.H264, Width: 320, Height: 180, ParameterSets: c.format.ParameterSets[:1]},
		"H264 with an empty one":        {Codec: domain.H264, Width: 320, Height: 180, ParameterSets: [][]byte{nil, {0x67}, {0x68}}},
		"H265 without parameter sets":   {Codec: domain.H265, Width: 320, Height: 180, ParameterSets: [][]byte{nil}},
		"AV1 without a sequence header": {Codec: domain.AV1, Width: 320, Height: 180},
		"AV1 with garbage for it":       {Codec: domain.AV1, Width: 320, Height: 180, ParameterSets: [][]byte{{1, 2, 3}}},
		"VP9 without a size":            {Codec: domain.VP9},
		"VP9 larger than MP4 has it":    {Codec: domain.VP9, Width: 70000, Height: 100},
		"VP8 without a size":            {Codec: domain.VP8},
		"no codec":                      {Width: 320, Height: 180},
		"sound":                         {Codec: domain.Opus, Width: 320, Height: 180},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "part-001.mp4")
			if w, err := container.Create(path, format, stereo); err == nil {
				w.Close()
				t.Error("a file was made")
			}
			if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("something is there: %v", err)
			}
		})
	}
	if _, err := container.Create(filepath.Join(t.TempDir(), "part-001.mp4"), nil, nil); err == nil {
		t.Error("a file of nothing was made")
	}
}

func TestSamplesThatDoNotFollow(t *testing.T) {
	sample := func(dts, pts, duration int64) container.Sample {
		return container.Sample{DTS: dts, PTS: pts, Duration: duration, Key: true, Data: []byte("x")}
	}
	good := container.Fragment{Video: []container.Sample{sample(90000, 90000, 3000)}}
	for name, f := range map[string]container.Fragment{
		"time stands still":          {Video: []container.Sample{sample(90000, 90000, 3000)}},
		"time goes back":             {Video: []container.Sample{sample(93000, 93000, 3000), sample(92999, 93000, 3000)}},
		"before the beginning":       {Audio: []container.Sample{sample(-1, 0, 960)}},
		"shown before it is decoded": {Video: []container.Sample{sample(93000, 92000, 3000)}},
		"a negative duration":        {Video: []container.Sample{sample(93000, 93000, -1)}},
		"a pause of a day":           {Video: []container.Sample{sample(86400*90000, 86400*90000, 3000)}},
		"it lasts a day":             {Video: []container.Sample{sample(93000, 93000, 86400*90000)}},
		"an empty sample":            {Audio: []container.Sample{{Duration: 960}}},
	} {
		for _, codec := range []domain.Codec{domain.H264, domain.VP8} {
			t.Run(name+", "+string(codec), func(t *testing.T) {
				path := filepath.Join(t.TempDir(), "part-001")
				w, err := container.Create(path, clipOf(t, codec).format, stereo)
				must(t, err)
				must(t, w.Write(good))
				before := read(t, path)
				if err := w.Write(f); err == nil {
					t.Error("it was written")
				}
				if !bytes.Equal(read(t, path), before) || w.Size() != int64(len(before)) {
					t.Error("the file is another one than before")
				}
				must(t, w.Write(container.Fragment{Video: []container.Sample{sample(93000, 93000, 3000)}}))
				must(t, w.Close())
				if s, err := container.Finalize(path); err != nil || s.Pictures != 2 {
					t.Errorf("%d pictures and %v, want 2", s.Pictures, err)
				}
			})
		}
	}
}

func TestATrackThatWasNotAnnounced(t *testing.T) {
	w, err := container.Create(filepath.Join(t.TempDir(), "part-001.mp4"), nil, stereo)
	must(t, err)
	defer w.Close()
	if err := w.Write(container.Fragment{Video: []container.Sample{{Data: []byte("x")}}}); err == nil {
		t.Error("a picture was written to a file of sound alone")
	}
}

func TestTheFilesNameIsGone(t *testing.T) {
	for _, codec := range []domain.Codec{domain.H264, domain.VP8} {
		t.Run(string(codec), func(t *testing.T) {
			c := clipOf(t, codec)
			dir := filepath.Join(t.TempDir(), "recording")
			path := filepath.Join(dir, "part-001")
			must(t, os.Mkdir(dir, 0o700))
			w, err := container.Create(path, c.format, stereo)
			must(t, err)
			defer w.Close()
			fragments := c.fragments()
			must(t, w.Write(fragments[0]))
			must(t, os.RemoveAll(dir))
			must(t, w.Write(fragments[1]))
			if err := w.Restore(path); !errors.Is(err, fs.ErrNotExist) {
				t.Fatalf("restored where there is no directory: %v", err)
			}
			must(t, os.Mkdir(dir, 0o700))
			must(t, w.Restore(path))
			if err := w.Restore(path); !errors.Is(err, fs.ErrExist) {
				t.Errorf("restored over a file: %v, want fs.ErrExist", err)
			}
			for _, f := range fragments[2:] {
				must(t, w.Write(f))
			}
			there, err := os.Stat(path)
			must(t, err)
			open, err := w.Stat()
			must(t, err)
			if !os.SameFile(there, open) {
				t.Error("it writes to another file than the restored one")
			}
			s, err := container.Finalize(path)
			must(t, err)
			if s.Pictures != len(c.video) || s.Sounds != len(c.audio) {
				t.Errorf("%+v, want all of %d and %d samples", s, len(c.video), len(c.audio))
			}
			plays(t, path)
		})
	}
}

func TestFormatsThatCanBeInOneFile(t *testing.T) {
	a := container.VideoFormat{Codec: domain.H264, Width: 320, Height: 180, ParameterSets: [][]byte{{1}, {2}}}
	same := a
	same.ParameterSets = [][]byte{{1}, {2}}
	if !a.Equal(same) {
		t.Error("the same formats differ")
	}
	for name, change := range map[string]func(*container.VideoFormat){
		"codec":         func(f *container.VideoFormat) { f.Codec = domain.H265 },
		"width":         func(f *container.VideoFormat) { f.Width++ },
		"height":        func(f *container.VideoFormat) { f.Height++ },
		"parameter set": func(f *container.VideoFormat) { f.ParameterSets = [][]byte{{1}, {3}} },
		"fewer sets":    func(f *container.VideoFormat) { f.ParameterSets = [][]byte{{1}} },
		"profile":       func(f *container.VideoFormat) { f.Profile++ },
		"bit depth":     func(f *container.VideoFormat) { f.BitDepth++ },
		"subsampling":   func(f *container.VideoFormat) { f.Subsampling++ },
		"range":         func(f *container.VideoFormat) { f.FullRange = true },
	} {
		other := a
		change(&other)
		if a.Equal(other) || other.Equal(a) {
			t.Errorf("another %s, and they can be in one file", name)
		}
	}
}
