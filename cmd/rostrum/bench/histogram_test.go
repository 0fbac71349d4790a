package bench

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// TestQuantilesAreNearTheTruth compares with sorting, over six orders of magnitude.
func TestQuantilesAreNearTheTruth(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{1, 2, 10, 1000, 100_000} {
		var h, half, other histogram
		all := make([]time.Duration, n)
		for i := range all {
			all[i] = time.Duration(random.Float64() * float64(time.Duration(1)<<random.IntN(40)))
			h.record(all[i])
			if i%2 == 0 {
				half.record(all[i])
			} else {
				other.record(all[i])
			}
		}
		half.add(&other)
		if half != h {
			t.Errorf("%d values: two halves are not the whole", n)
		}
		slices.Sort(all)
		for _, q := range []float64{0, 0.5, 0.99, 0.999, 1} {
			truth := all[min(int(q*float64(n)), n-1)]
			if got := h.quantile(q); got < truth || float64(got) > float64(truth)*1.016+1 {
				t.Errorf("quantile %v of %d values is %d, want %d to 1.6 %% more", q, n, got, truth)
			}
		}
		if h.longest != all[n-1] {
			t.Errorf("the longest of %d is %d, want exactly %d", n, h.longest, all[n-1])
		}
	}
}

func TestEveryValueHasAStepThatHoldsIt(t *testing.T) {
	for shift := range 63 {
		for _, v := range []uint64{1<<shift - 1, 1 << shift, 1<<shift + 1} {
			i := step(v)
			if top := upper(i); uint64(top) < v || i > 0 && uint64(upper(i-1)) >= v {
				t.Errorf("%d is counted in step %d, up to %d, after one up to %d", v, i, top, upper(i-1))
			}
		}
	}
}

func TestClocksThatWereSetBackCountAsNothing(t *testing.T) {
	var h histogram
	h.record(-time.Second)
	if h.total != 1 || h.quantile(1) != 0 {
		t.Errorf("%d recorded, the longest %v", h.total, h.quantile(1))
	}
	if (&histogram{}).quantile(0.5) != 0 {
		t.Error("a histogram of nothing has a median")
	}
}
