package container_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"rostrum/adapters/spool/container"
	"rostrum/domain"
)

// tiny is a file of some fragments with few bytes, as it is before and after it is
// finalized.
type tiny struct {
	name     string
	open     []byte
	final    []byte
	ends     []int // of the head and of each fragment
	pictures []int // up to each of those
}

// tinies are one of each container format.
func tinies(t testing.TB) []tiny {
	t.Helper()
	var all []tiny
	for _, codec := range []domain.Codec{domain.H264, domain.VP8} {
		all = append(all, tinyOf(t, codec))
	}
	return all
}

func tinyOf(t testing.TB, codec domain.Codec) tiny {
	t.Helper()
	f := tiny{name: "part-001" + container.Extension(codec)}
	path := filepath.Join(t.TempDir(), f.name)
	w, err := container.Create(path, clipOf(t, codec).format, stereo)
	must(t, err)
	f.ends, f.pictures = []int{int(w.Size())}, []int{0}
	for n := range int64(4) {
		fragment := container.Fragment{}
		for i := range 2 + n%2 {
			at := n*45000 + i*3600
			fragment.Video = append(fragment.Video, container.Sample{DTS: at, PTS: at, Duration: 3600, Key: i == 0, Data: fmt.Appendf(nil, "picture %d", i)})
		}
		for i := range n {
			at := n*24000 + i*960
			fragment.Audio = append(fragment.Audio, container.Sample{DTS: at, PTS: at, Duration: 960, Data: []byte("la")})
		}
		must(t, w.Write(fragment))
		f.ends = append(f.ends, int(w.Size()))
		f.pictures = append(f.pictures, f.pictures[n]+len(fragment.Video))
	}
	must(t, w.Close())
	f.open = read(t, path)
	_, err = container.Finalize(path)
	must(t, err)
	f.final = read(t, path)
	return f
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	must(t, err)
	return data
}

// finalized returns what becomes of a file with that content in a directory.
func (f tiny) finalized(t testing.TB, dir string, content []byte) ([]byte, container.Summary, error) {
	t.Helper()
	path := filepath.Join(dir, f.name)
	must(t, os.WriteFile(path, content, 0o600))
	s, err := container.Finalize(path)
	return read(t, path), s, err
}

func (f tiny) expectFinal(t testing.TB, dir string, content []byte, what string) {
	t.Helper()
	got, _, err := f.finalized(t, dir, content)
	if err != nil || !bytes.Equal(got, f.final) {
		t.Errorf("%s, %s: %d bytes and %v, want the %d bytes of a file that nothing happened to", f.name, what, len(got), err, len(f.final))
	}
}

func TestKilledAtAnyByteWhileRecording(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, f := range tinies(t) {
		whole := map[int][]byte{} // by how many fragments there are
		for n := range len(f.open) {
			got, s, err := f.finalized(t, dir, f.open[:n])
			fragments := 0
			for i, end := range f.ends {
				if n >= end {
					fragments = i
				}
			}
			if fragments == 0 {
				if !errors.Is(err, container.ErrEmpty) || len(got) != n {
					t.Fatalf("%s cut at %d: %v, want ErrEmpty and the file as it was", f.name, n, err)
				}
				continue
			}
			if err != nil || s.Pictures != f.pictures[fragments] {
				t.Fatalf("%s cut at %d: %d pictures and %v, want the %d of %d fragments", f.name, n, s.Pictures, err, f.pictures[fragments], fragments)
			}
			if before, ok := whole[fragments]; ok && !bytes.Equal(got, before) {
				t.Fatalf("%s cut at %d is another file than with fewer bytes", f.name, n)
			}
			whole[fragments] = got
		}
	}
}

func TestKilledAtAnyByteWhileFinalizing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, f := range tinies(t) {
		index := f.final[len(f.open):]
		for n := range index {
			f.expectFinal(t, dir, append(bytes.Clone(f.open), index[:n]...), fmt.Sprintf("%d bytes of the index", n))
		}
		for n := range f.ends[0] {
			if f.final[n] == f.open[n] {
				continue
			}
			torn := append(bytes.Clone(f.final[:n]), f.open[n:]...)
			f.expectFinal(t, dir, append(torn, index...), fmt.Sprintf("%d bytes of the head", n))
		}
	}
}

func TestFinalizingAgainChangesNothing(t *testing.T) {
	for _, f := range tinies(t) {
		path := filepath.Join(t.TempDir(), f.name)
		must(t, os.WriteFile(path, f.final, 0o400)) // not to be written to
		must(t, os.Chmod(path, 0o600))
		before, err := os.Stat(path)
		must(t, err)
		s, err := container.Finalize(path)
		must(t, err)
		after, err := os.Stat(path)
		must(t, err)
		if !bytes.Equal(read(t, path), f.final) || !after.ModTime().Equal(before.ModTime()) {
			t.Errorf("%s has been written to", f.name)
		}
		if s.Pictures != f.pictures[4] || s.Bytes != int64(len(f.final)) {
			t.Errorf("%s: summary %+v, want %d pictures in %d bytes", f.name, s, f.pictures[4], len(f.final))
		}
	}
}

func TestWhatIsLostOfAFinalizedFileIsMadeAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, f := range tinies(t) {
		for n := len(f.open); n < len(f.final); n += 5 {
			f.expectFinal(t, dir, f.final[:n], fmt.Sprintf("cut at %d", n))
			flipped := bytes.Clone(f.final)
			flipped[n] ^= 1
			f.expectFinal(t, dir, flipped, fmt.Sprintf("byte %d flipped", n))
		}
		f.expectFinal(t, dir, append(bytes.Clone(f.final), "more"...), "something behind it")
	}
}

func TestGarbageBehindTheLastFragment(t *testing.T) {
	dir := t.TempDir()
	for _, f := range tinies(t) {
		last := f.open[f.ends[3]:]
		for name, garbage := range map[string][]byte{
			"zeros":                  make([]byte, 5000),
			"text":                   []byte("This is no media at all, but it is quite long."),
			"a fragment once more":   last,
			"half a fragment":        last[:len(last)/2],
			"an older fragment":      f.open[f.ends[1]:f.ends[2]],
			"a size of 0":            {0, 0, 0, 0, 'm', 'o', 'o', 'f'},
			"a size beyond the file": {0xff, 0xff, 0xff, 0xff, 'm', 'o', 'o', 'f'},
			"a size of 64 bits":      {0, 0, 0, 1, 'm', 'o', 'o', 'f', 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
			"a cluster of no size":   {0x1f, 0x43, 0xb6, 0x75, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xe7, 0x88, 0, 0, 0, 0, 0, 0, 0, 9},
		} {
			f.expectFinal(t, dir, append(bytes.Clone(f.open), garbage...), name)
		}
	}
}

// Whatever byte of the third fragment's description is another one, what comes before
// it is kept.
func TestADamagedFragment(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, f := range tinies(t) {
		for at := f.ends[2]; at < f.ends[3]; at++ {
			damaged := bytes.Clone(f.open)
			damaged[at] ^= 0x10
			_, s, err := f.finalized(t, dir, damaged)
			if err != nil || s.Pictures < f.pictures[2] || s.Pictures > f.pictures[4] {
				t.Fatalf("%s damaged at %d: %d pictures and %v, want the %d before it", f.name, at, s.Pictures, err, f.pictures[2])
			}
		}
	}
}

func TestAFileThatIsNotOurs(t *testing.T) {
	dir := t.TempDir()
	ours := tinyOf(t, domain.H264).open
	foreign := map[string][]byte{
		"text.mp4":                  []byte("hello, this is some text\n"),
		"one byte.mp4":              {'x'},
		"zeros.mp4":                 make([]byte, 4096),
		"ftyp and nothing we know":  append(bytes.Clone(ours[:60]), bytes.Repeat([]byte("x"), 2000)...),
		"an EBML file.webm":         append([]byte{0x1a, 0x45, 0xdf, 0xa3, 0x80}, make([]byte, 200)...),
		"a moov without mvex.mp4":   bytes.Replace(ours, []byte("mvex"), []byte("skip"), 1),
		"a moov without tracks.mp4": bytes.ReplaceAll(ours, []byte("trak"), []byte("skip")),
	}
	for name, arguments := range map[string][]string{
		"ordinary.mp4":   {"-c:v", "libx264"},
		"fragmented.mp4": {"-c:v", "libx264", "-movflags", "empty_moov+frag_keyframe"},
		"other.webm":     {"-c:v", "libvpx"},
		"picture.png":    {"-frames:v", "1"},
	} {
		path := filepath.Join(dir, name)
		must(t, ffmpeg(append(append([]string{"-f", "lavfi", "-i", "testsrc2=size=64x64:rate=5:duration=1"}, arguments...), path)...))
		foreign[name] = read(t, path)
	}
	for name, content := range foreign {
		path := filepath.Join(dir, name)
		must(t, os.WriteFile(path, content, 0o600))
		if _, err := container.Finalize(path); !errors.Is(err, container.ErrDamaged) {
			t.Errorf("%s: %v, want ErrDamaged", name, err)
		}
		if !bytes.Equal(read(t, path), content) {
			t.Errorf("%s has been written to", name)
		}
	}
	if _, err := container.Finalize(filepath.Join(dir, "nowhere.mp4")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	must(t, os.WriteFile(filepath.Join(dir, "empty.mp4"), nil, 0o600))
	if _, err := container.Finalize(filepath.Join(dir, "empty.mp4")); !errors.Is(err, container.ErrEmpty) {
		t.Errorf("an empty file: %v, want ErrEmpty", err)
	}
}
