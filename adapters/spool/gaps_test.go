package spool

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/domain"
)

func TestGaps(t *testing.T) {
	gap := func(kind domain.MediaKind, at, length int, reason domain.GapReason) domain.Gap {
		return domain.Gap{Kind: kind, At: time.Duration(at) * time.Millisecond, Length: time.Duration(length) * time.Millisecond, Reason: reason}
	}
	v, a := domain.Video, domain.Audio
	for name, c := range map[string]struct{ added, want []domain.Gap }{
		"each for itself":         {[]domain.Gap{gap(v, 0, 100, domain.GapLost), gap(v, 200, 100, domain.GapLost)}, []domain.Gap{gap(v, 0, 100, domain.GapLost), gap(v, 200, 100, domain.GapLost)}},
		"one that goes on":        {[]domain.Gap{gap(v, 0, 100, domain.GapDiskFull), gap(v, 100, 900, domain.GapDiskFull)}, []domain.Gap{gap(v, 0, 1000, domain.GapDiskFull)}},
		"another kind between":    {[]domain.Gap{gap(v, 0, 100, domain.GapDiskFull), gap(a, 50, 100, domain.GapDiskFull), gap(v, 100, 100, domain.GapDiskFull)}, []domain.Gap{gap(v, 0, 200, domain.GapDiskFull), gap(a, 50, 100, domain.GapDiskFull)}},
		"for another reason":      {[]domain.Gap{gap(v, 0, 100, domain.GapLost), gap(v, 100, 100, domain.GapSlowDisk)}, []domain.Gap{gap(v, 0, 100, domain.GapLost), gap(v, 100, 100, domain.GapSlowDisk)}},
		"none that has no length": {[]domain.Gap{gap(v, 5, 0, domain.GapLost), gap(v, 5, -3, domain.GapLost)}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var g gaps
			for _, one := range c.added {
				g.add(one)
			}
			if diff := cmp.Diff(c.want, g.all); diff != "" {
				t.Errorf("gaps (-want +got):\n%s", diff)
			}
		})
	}
}

// However much is missing, what is remembered of it is bounded, and spans all of it.
func TestGapsAreBounded(t *testing.T) {
	var g gaps
	const many = 3 * maxGaps
	lines := 0
	for i := range many {
		g.add(domain.Gap{Kind: domain.Video, At: time.Duration(i) * time.Second, Length: time.Second / 2, Reason: domain.GapLost})
		lines += len(g.lines())
	}
	g.add(domain.Gap{Kind: domain.Audio, At: 0, Length: time.Second, Reason: domain.GapLost})
	g.add(domain.Gap{Kind: domain.Audio, At: 9 * time.Second, Length: time.Second, Reason: domain.GapLost})
	if len(g.all) != maxGaps+1 || lines != many {
		t.Errorf("%d gaps and %d lines, want %d and %d", len(g.all), lines, maxGaps+1, many)
	}
	last := g.all[maxGaps-1]
	if end := last.At + last.Length; end != (many-1)*time.Second+time.Second/2 {
		t.Errorf("the last gap of video ends at %v, want where the last one that was told ended", end)
	}
	if sound := g.all[maxGaps]; sound.Length != 10*time.Second {
		t.Errorf("the gaps of sound have become %+v, want one of 10 s", sound)
	}
}
