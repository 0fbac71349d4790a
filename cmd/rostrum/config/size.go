package config

import (
	"fmt"
	"math"
	"strconv"

	"github.com/dustin/go-humanize"
)

// Size is a number of bytes, written 20GiB or 500MB, or no limit, written off, which
// is also the zero value.
type Size struct{ bytes int64 }

const (
	sizeOff  = "off"
	wantSize = `a size such as 20GiB or 500MB, or "off"`
)

// Bytes returns the size in bytes, 0 for no limit.
func (s Size) Bytes() int64 { return s.bytes }

// UnmarshalText reads a size above 0, or "off". After an error s is what it was.
func (s *Size) UnmarshalText(text []byte) error {
	if string(text) == sizeOff {
		*s = Size{}
		return nil
	}
	n, err := humanize.ParseBytes(string(text))
	if err != nil || n == 0 || n > math.MaxInt64 {
		return fmt.Errorf("must be %s, not %q", wantSize, text)
	}
	s.bytes = int64(n)
	return nil
}

// MarshalText returns what UnmarshalText reads back as the same size.
func (s Size) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// String returns the size exactly, in the largest unit that it is a whole number of.
func (s Size) String() string {
	if s.bytes == 0 {
		return sizeOff
	}
	for _, unit := range []struct {
		name string
		size int64
	}{
		{"TiB", 1 << 40}, {"TB", 1e12}, {"GiB", 1 << 30}, {"GB", 1e9}, {"MiB", 1 << 20}, {"MB", 1e6}, {"KiB", 1 << 10}, {"kB", 1e3},
	} {
		if s.bytes%unit.size == 0 {
			return strconv.FormatInt(s.bytes/unit.size, 10) + unit.name
		}
	}
	return strconv.FormatInt(s.bytes, 10) + "B"
}
