package clip

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestRefusalsSayWhatAndWhatToDo(t *testing.T) {
	text := filepath.Join(t.TempDir(), "notes.webm")
	if err := os.WriteFile(text, []byte("not media, whatever the name says"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path string
		want error
		says string
	}{
		{text, ErrNotMedia, "it reads WebM"},
		{"testdata/none.webm", os.ErrNotExist, "none.webm"},
		{"testdata", nil, "is a directory"},
		{"testdata/bframes.mp4", ErrReordered, "-bf 0"},
		{"testdata/bframes.h264", ErrReordered, "-bf 0"},
		{"testdata/only-aac.mp4", ErrNoTrack, "-c:a libopus"},
		{"testdata/flac.ogg", ErrNoTrack, "-c:a libopus"},
	} {
		_, err := Open(c.path)
		var file *FileError
		if !errors.As(err, &file) || (c.want != nil && !errors.Is(err, c.want)) {
			t.Errorf("%s: %v, want %v", c.path, err, c.want)
			continue
		}
		if !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), filepath.Base(c.path)) {
			t.Errorf("%s: %q doesn't say %q", c.path, err, c.says)
		}
	}
}

// What a recording that was cut off still holds is handed out before the error.
func TestCutFilesArePlayedUpToTheCut(t *testing.T) {
	for name, part := range map[string]float64{
		"vp8.webm": 0.7, "live.webm": 0.7, "h264.mkv": 0.7, "vp8.ivf": 0.7, "packets.ogg": 0.7, "fragmented.mp4": 0.8,
	} {
		data := seed(t, name)
		c, err := read(name, bytes.NewReader(data[:int(part*float64(len(data)))]))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		n := 0
		for ; err == nil; n++ {
			_, err = c.Next()
		}
		if !errors.Is(err, ErrTruncated) || n < 10 {
			t.Errorf("%s: after %d samples: %v", name, n, err)
		}
	}
}

func TestMP4WithoutIndexIsRefused(t *testing.T) {
	data := seed(t, "h264.mp4")
	_, err := read("cut.mp4", bytes.NewReader(data[:len(data)/2]))
	if !errors.Is(err, ErrBroken) || !strings.Contains(err.Error(), "moov") {
		t.Error(err)
	}
}

func TestRareKeyFramesAreWarnedOf(t *testing.T) {
	ivf := func(keyEvery uint64) []byte {
		file := append([]byte("DKIF"), 0, 0, 32, 0)
		file = append(file, "VP80"...)
		file = append(file, 16, 0, 16, 0, 10, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) // 10 frames a second
		for n := range uint64(120) {
			frame := []byte{1, 0, 0}
			if n%keyEvery == 0 {
				frame[0] = 0
			}
			file = binary.LittleEndian.AppendUint32(file, uint32(len(frame)))
			file = append(binary.LittleEndian.AppendUint64(file, n), frame...)
		}
		return file
	}
	for every, want := range map[uint64]int{20: 0, 120: 1} {
		c, err := read("keys.ivf", bytes.NewReader(ivf(every)))
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Warnings) != want {
			t.Errorf("a key frame every %d frames: %q", every, c.Warnings)
		}
	}
}

func TestOpusDuration(t *testing.T) {
	for _, c := range []struct {
		packet []byte
		want   time.Duration
	}{
		{nil, 0},
		{[]byte{31 << 3}, 20 * time.Millisecond},
		{[]byte{28<<3 | 1}, 5 * time.Millisecond}, // two of 2.5
		{[]byte{3 << 3}, 60 * time.Millisecond},
		{[]byte{12 << 3}, 10 * time.Millisecond},
		{[]byte{15<<3 | 3, 3}, 60 * time.Millisecond}, // three of 20
		{[]byte{15<<3 | 3}, 0},
	} {
		if got := opusDuration(c.packet); got != c.want {
			t.Errorf("%x: %v, want %v", c.packet, got, c.want)
		}
	}
}

// FuzzOpen: whatever the bytes are, reading them ends, in io.EOF or an error that names the file.
func FuzzOpen(f *testing.F) {
	files, err := filepath.Glob("testdata/*.*")
	if err != nil || len(files) < 20 {
		f.Fatalf("%d seeds: %v", len(files), err)
	}
	for _, name := range files {
		data := seed(f, filepath.Base(name))
		f.Add(data)
		f.Add(data[:len(data)/2])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := read("fuzz", bytes.NewReader(data))
		for n := 0; err == nil; n++ {
			if _, err = c.Next(); n > len(data)+1 {
				t.Fatalf("%d samples out of %d bytes", n, len(data))
			}
		}
		var file *FileError
		if !errors.Is(err, io.EOF) && !errors.As(err, &file) {
			t.Fatalf("an error without a name: %v", err)
		}
	})
}

// A file far larger than memory should hold is played without holding it: here four gigabytes, nearly all of them a hole.
func TestBigFilesAreStreamed(t *testing.T) {
	data := seed(t, "fragmented.mp4")
	begins := int64(binary.BigEndian.Uint32(data)) // after ftyp
	const hole = 4 << 30
	path := filepath.Join(t.TempDir(), "big.mp4")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	free := append([]byte{0, 0, 0, 1, 'f', 'r', 'e', 'e'}, binary.BigEndian.AppendUint64(nil, hole)...)
	for at, part := range map[int64][]byte{0: data[:begins], begins: free, begins + hole: data[begins:]} {
		if _, err := file.WriteAt(part, at); err != nil {
			t.Fatal(err)
		}
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	c, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	n := len(drain(t, c))
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; n != 71 || used > 8<<20 {
		t.Errorf("%d samples, %d bytes of memory", n, used)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}
