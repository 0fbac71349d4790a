package spool

import (
	"time"

	"rostrum/domain"
)

// maxGaps is how many gaps of a part are told singly. Those that come behind the last
// ones of a kind are told together with it, from the first to the last of them.
const maxGaps = 1000

// shortestGap is how much may be missing without being called a gap, and at least
// two frames may.
const shortestGap = 60 * time.Millisecond

// gaps are those of a part, in the order in which they were found.
type gaps struct {
	all     []domain.Gap
	changed []int // the numbers of those that are to be written down
}

// add takes a gap in. One that goes on where the last of its kind and reason ended
// makes that longer.
func (g *gaps) add(gap domain.Gap) {
	if gap.Length <= 0 {
		return
	}
	last := g.last(gap.Kind)
	switch {
	case last >= 0 && (g.follows(last, gap) || len(g.all) >= maxGaps):
		g.all[last].Length = gap.At + gap.Length - g.all[last].At
		g.change(last)
	case len(g.all) < maxGaps+1: // one more for a kind that has none yet
		g.all = append(g.all, gap)
		g.change(len(g.all) - 1)
	}
}

// last returns the number of the last gap of a kind, -1 if there is none.
func (g *gaps) last(kind domain.MediaKind) int {
	for i := len(g.all) - 1; i >= 0; i-- {
		if g.all[i].Kind == kind {
			return i
		}
	}
	return -1
}

func (g *gaps) follows(last int, gap domain.Gap) bool {
	before := g.all[last]
	return before.Reason == gap.Reason && gap.At-(before.At+before.Length) < time.Millisecond
}

func (g *gaps) change(number int) {
	if n := len(g.changed); n == 0 || g.changed[n-1] != number {
		g.changed = append(g.changed, number)
	}
}

// lines returns the journal's lines for what has changed since the last call. A gap
// that grows with each picture is written down each time that something is written.
func (g *gaps) lines() []entry {
	var lines []entry
	for _, i := range g.changed {
		gap := g.all[i]
		lines = append(lines, entry{Gap: &journalGap{i, gap.Kind, gap.At, gap.Length, gap.Reason}})
	}
	g.changed = g.changed[:0]
	return lines
}
