package container

import (
	"bytes"
	"errors"
	"testing"
)

var errKilled = errors.New("killed")

// mortal is a file whose process is killed when it has written some bytes more
// (a truncation counts as one).
type mortal struct {
	memory
	life int
}

func (m *mortal) WriteAt(from []byte, at int64) (int, error) {
	n := min(len(from), m.life)
	m.life -= n
	if n > 0 {
		_, _ = m.memory.WriteAt(from[:n], at)
	}
	if n < len(from) {
		return n, errKilled
	}
	return n, nil
}

func (m *mortal) Truncate(size int64) error {
	if m.life == 0 {
		return errKilled
	}
	m.life--
	return m.memory.Truncate(size)
}

func (m *mortal) Sync() error {
	if m.life == 0 {
		return errKilled
	}
	return nil
}

// Finalizing is killed between two of the things that it does to the file, in their
// order, or in the middle of one: the next one makes the same file of it.
func TestKilledAtAnyWriteOfFinalizing(t *testing.T) {
	for _, format := range formats(t) {
		open, final := smallFile(t, format)
		lost := bytes.Clone(final)
		lost[len(lost)-1] ^= 1
		for name, begun := range map[string][]byte{
			"a file that was recorded":           open,
			"one with garbage behind it":         append(bytes.Clone(open), "garbage"...),
			"one of which the index is damaged":  lost,
			"one of which the index is cut off":  final[:len(open)+20],
			"one of which the last byte is gone": final[:len(final)-1],
		} {
			killed := errKilled
			for life := 0; killed != nil; life += 1 + life/20 {
				file := &mortal{memory: memory{data: bytes.Clone(begun)}, life: life}
				_, killed = finalize(file, int64(len(begun)))
				again := &memory{data: file.data}
				if _, err := finalize(again, int64(len(again.data))); err != nil || !bytes.Equal(again.data, final) {
					t.Fatalf("%+v: %s, killed after %d bytes: %v, or another file than that of one that was not", format, name, life, err)
				}
			}
		}
	}
}
