// Package clapper tells in tests whether sound and picture of a recording go together,
// as a clapperboard does: at one instant the picture turns white and there is a beep.
package clapper

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// Tolerance is by how much sound and picture may be apart in what is recorded.
const Tolerance = 40 * time.Millisecond

// Clap is one instant of what was filmed, as a file shows it.
type Clap struct {
	Flash time.Duration // when the first white picture is shown
	Beep  time.Duration // when the tone begins, to the sample
}

// Offset returns by how much the sound comes after the picture.
func (c Clap) Offset() time.Duration { return c.Beep - c.Flash }

// Claps reads a file by FFmpeg and returns its claps, the first flash with the first
// beep, and so on. A file that has more of one than of the other fails the test.
func Claps(t *testing.T, file string) []Clap {
	t.Helper()
	flashes, beeps := flashes(t, file), beeps(t, file)
	if len(flashes) != len(beeps) {
		t.Fatalf("there are %d flashes, at %v, and %d beeps, at %v", len(flashes), flashes, len(beeps), beeps)
	}
	claps := make([]Clap, len(flashes))
	for i := range claps {
		claps[i] = Clap{flashes[i], beeps[i]}
	}
	return claps
}

// Offsets are those of some claps, in ascending order.
type Offsets []time.Duration

// OffsetsOf returns by how much sound comes after the picture in each of the claps.
func OffsetsOf(claps []Clap) Offsets {
	var all Offsets
	for _, c := range claps {
		all = append(all, c.Offset())
	}
	slices.Sort(all)
	return all
}

// Median returns the one in the middle, 0 of none.
func (o Offsets) Median() time.Duration {
	if len(o) == 0 {
		return 0
	}
	return o[len(o)/2]
}

// Worst returns the one that is furthest from 0.
func (o Offsets) Worst() (worst time.Duration) {
	for _, one := range o {
		if one.Abs() > worst.Abs() {
			worst = one
		}
	}
	return worst
}

// Mean returns the mean, 0 of none.
func (o Offsets) Mean() (mean time.Duration) {
	for _, one := range o {
		mean += one / time.Duration(len(o))
	}
	return mean
}

// String tells all of them in milliseconds.
func (o Offsets) String() string {
	var b strings.Builder
	for i, one := range o {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(one.Round(100 * time.Microsecond).String())
	}
	return b.String()
}
