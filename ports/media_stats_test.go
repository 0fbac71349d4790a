package ports_test

import (
	"slices"
	"testing"
	"time"

	"rostrum/ports"
)

func TestDurationsSort(t *testing.T) {
	bounds := ports.DurationBounds()
	if !slices.IsSorted(bounds) || bounds[0] != 5*time.Millisecond || bounds[len(bounds)-1] != time.Minute {
		t.Fatalf("the bounds are %v", bounds)
	}
	for i, bound := range bounds {
		var d ports.Durations
		d.Add(bound)
		d.Add(bound + 1)
		if d.Counts[i] != 1 || d.Counts[i+1] != 1 || d.Count() != 2 || d.Sum != 2*bound+1 {
			t.Errorf("%v and a little more are counted as %+v", bound, d)
		}
	}
}

func TestDurationsCopy(t *testing.T) {
	var d ports.Durations
	d.Add(0)
	other := d
	other.Add(time.Hour)
	if d.Count() != 1 || other.Count() != 2 {
		t.Errorf("%+v and its copy %+v", d, other)
	}
	ports.DurationBounds()[0] = time.Hour
	if ports.DurationBounds()[0] == time.Hour {
		t.Error("the bounds can be changed from outside")
	}
}
