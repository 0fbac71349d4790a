package bench

import (
	"math/bits"
	"time"
)

// Each power of two is split into 64 steps, so that a quantile is at most 1.6 % above the truth.
const (
	stepBits = 6
	steps    = 1 << stepBits
)

// histogram counts durations. The zero value is empty. It is no bigger for many values than for few, and recording allocates
// nothing.
type histogram struct {
	counts  [steps * (64 - stepBits)]uint64
	total   uint64
	longest time.Duration // exact
}

// record counts one duration; a negative one, of clocks that were set meanwhile, counts as 0.
func (h *histogram) record(d time.Duration) {
	d = max(d, 0)
	h.counts[step(uint64(d))]++
	h.total++
	h.longest = max(h.longest, d)
}

// add counts all that another has counted.
func (h *histogram) add(other *histogram) {
	for i, n := range other.counts {
		h.counts[i] += n
	}
	h.total += other.total
	h.longest = max(h.longest, other.longest)
}

// quantile returns the duration that the share q of all do not exceed, 0 if there are none.
func (h *histogram) quantile(q float64) time.Duration {
	rank := uint64(q * float64(h.total))
	var seen uint64
	for i, n := range h.counts {
		if seen += n; n > 0 && (seen > rank || seen == h.total) {
			return min(upper(i), h.longest)
		}
	}
	return 0
}

// step is where a value is counted: exactly below 128, in 64 steps a power of two from there.
func step(v uint64) int {
	shift := max(bits.Len64(v)-stepBits-1, 0)
	return shift*steps + int(v>>shift) //nolint:gosec // less than 2 * steps
}

// upper is the largest value that is counted there.
func upper(i int) time.Duration {
	if i < 2*steps {
		return time.Duration(i)
	}
	shift := i/steps - 1
	return time.Duration((i-shift*steps+1)<<shift - 1)
}
