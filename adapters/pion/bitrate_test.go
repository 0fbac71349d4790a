package pion

import (
	"testing"
	"time"
)

func TestBitrate(t *testing.T) {
	var b bitrate
	at := time.Unix(1, 0)
	for i, step := range []struct {
		octets uint64 // so far
		after  time.Duration
		want   uint64
	}{
		{octets: 5_000_000, after: time.Hour, want: 0}, // nothing to compare with
		{octets: 5_001_000, after: time.Second, want: 8_000},
		{octets: 5_003_000, after: time.Second, want: 12_000},
		{octets: 5_003_000, after: 3 * time.Second, want: 4_000}, // a look that came late
		{octets: 5_003_000, after: time.Second, want: 0},         // nothing within the window
		{octets: 5_003_000, after: 0, want: 0},
		{octets: 5_103_000, after: time.Second, want: 800_000},
		{octets: 5_103_000, after: time.Second, want: 400_000},
		{octets: 5_103_000, after: time.Second, want: 0},
	} {
		at = at.Add(step.after)
		b.look(step.octets, at)
		if got := b.load(); got != step.want {
			t.Errorf("look %d: %d bit/s, want %d", i, got, step.want)
		}
	}
}
