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

// near is how far a beep may be from its flash. Claps are a second apart.
const near = 500 * time.Millisecond

// Claps reads a file by FFmpeg and returns its claps: each flash that has a beep near it.
// What has none is logged, and left to who knows how many claps there were: a camera with
// no time for a picture shows no flash.
func Claps(t *testing.T, file string) []Clap {
	t.Helper()
	flashes, beeps := flashes(t, file), beeps(t, file)
	var claps []Clap
	for _, flash := range flashes {
		i := slices.IndexFunc(beeps, func(beep time.Duration) bool { return (beep - flash).Abs() < near })
		if i >= 0 {
			claps = append(claps, Clap{flash, beeps[i]})
		}
	}
	if len(claps) != len(flashes) || len(claps) != len(beeps) {
		t.Logf("there are %d flashes, at %v, and %d beeps, at %v", len(flashes), flashes, len(beeps), beeps)
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

// Together reports whether all are within the Tolerance but one in three, which is not
// further from it than the publisher may have been late. One that had no time to send reports
// for a moment what it did not keep, and is believed.
func (o Offsets) Together(late time.Duration) bool {
	apart := 0
	for _, one := range o {
		if one.Abs() > Tolerance {
			apart++
		}
	}
	return apart*3 <= len(o) && o.Worst().Abs() <= Tolerance+late
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
