package container

import (
	"bytes"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"rostrum/domain"
)

// memory is a file without a disk.
type memory struct {
	data   []byte
	writes int
}

func (m *memory) ReadAt(to []byte, at int64) (int, error) {
	return bytes.NewReader(m.data).ReadAt(to, at)
}

func (m *memory) WriteAt(from []byte, at int64) (int, error) {
	m.writes++
	if more := int(at) + len(from) - len(m.data); more > 0 {
		m.data = append(m.data, make([]byte, more)...)
	}
	return copy(m.data[at:], from), nil
}

func (m *memory) Truncate(size int64) error {
	m.writes++
	m.data = m.data[:size]
	return nil
}

func (m *memory) Sync() error { return nil }

var _ storage = (*memory)(nil)

// formats are one of each codec, as encoders describe them.
func formats(t testing.TB) []*VideoFormat {
	t.Helper()
	sets := func(texts ...string) (sets [][]byte) {
		for _, text := range texts {
			set, err := hex.DecodeString(text)
			if err != nil {
				t.Fatal(err)
			}
			sets = append(sets, set)
		}
		return sets
	}
	return []*VideoFormat{
		nil,
		{Codec: domain.VP8, Width: 320, Height: 180},
		{Codec: domain.VP9, Width: 320, Height: 180, BitDepth: 8, Subsampling: 1},
		{Codec: domain.H264, Width: 320, Height: 180, ParameterSets: sets("6764000cacb40a0cfcf808800000030080000019078a1550", "68ef0fcb")},
		{Codec: domain.H265, Width: 320, Height: 180, ParameterSets: sets(
			"40010c01ffff01600000030090000003000003003cba0240", "4401c073c189",
			"42010101600000030090000003000003003ca00a080c1f3e5ba4a4c2f0168080000003008000000c84")},
		{Codec: domain.AV1, Width: 320, Height: 180, ParameterSets: sets("0a0b000000043cfeccdaf90040")},
	}
}

// Whatever stands in a file, finalizing it ends, and either leaves it as it is or
// makes one of it that is left as it is.
func FuzzFinalize(f *testing.F) {
	for _, format := range formats(f) {
		open, final := smallFile(f, format)
		f.Add(open)
		f.Add(final)
		f.Add(open[:len(open)-5])
		f.Add(final[:(len(open)+len(final))/2])
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		file := &memory{data: bytes.Clone(content)}
		first, err := finalize(file, int64(len(content)))
		if err != nil {
			if !errors.Is(err, ErrEmpty) && !errors.Is(err, ErrDamaged) {
				t.Errorf("%v, which is neither ErrEmpty nor ErrDamaged", err)
			}
			if file.writes > 0 {
				t.Error("it was written to")
			}
			return
		}
		if samples := first.Pictures + first.Sounds; len(file.data) > 20*len(content)+10_000 || samples == 0 || samples > len(content) {
			t.Errorf("%d bytes with %+v were made of %d", len(file.data), first, len(content))
		}
		again := &memory{data: bytes.Clone(file.data)}
		second, err := finalize(again, int64(len(again.data)))
		if err != nil || second != first || again.writes > 0 || !bytes.Equal(again.data, file.data) {
			t.Errorf("the second time it holds %+v, and %v; the first time %+v", second, err, first)
		}
	})
}

// smallFile returns a file of two fragments before and after it is finalized.
func smallFile(t testing.TB, format *VideoFormat) (open, final []byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "part-001")
	w, err := Create(path, format, &AudioFormat{Channels: 2})
	for at := int64(0); at < 2 && err == nil; at++ {
		fragment := Fragment{Audio: []Sample{{DTS: at * 960, PTS: at * 960, Duration: 960, Data: []byte("la")}}}
		if format != nil {
			fragment.Video = []Sample{
				{DTS: at * 6000, PTS: at*6000 + 3000, Duration: 3000, Key: true, Data: []byte("picture")},
				{DTS: at*6000 + 3000, PTS: at*6000 + 4500, Duration: 3000, Data: []byte("another")},
			}
		}
		err = w.Write(fragment)
	}
	if err == nil {
		err = w.Close()
	}
	if err == nil {
		open, err = os.ReadFile(path)
	}
	if err == nil {
		_, err = Finalize(path)
	}
	if err == nil {
		final, err = os.ReadFile(path)
	}
	if err != nil {
		t.Fatal(err)
	}
	return open, final
}
