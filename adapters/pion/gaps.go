package pion

import (
	"slices"
	"time"
)

// How a publisher is asked for what is missing (RFC 4585 §6.2.1). What comes late to
// us comes late to every viewer, so it is asked for soon and often; what has not come
// by then would be of no use.
const (
	reorderPatience = 5 * time.Millisecond  // what comes out of order comes within it
	repairInterval  = 20 * time.Millisecond // between two requests for a packet, at least
	maxRequests     = 10                    // for one packet
	maxGaps         = 256                   // packets; of more the oldest are given up
	maxLate         = 1 << 12               // how far back a packet may be; further back it has jumped
	maxDropout      = 3000                  // how far ahead, likewise (RFC 3550 §A.1); up to there what is between is lost
)

// gaps knows which packets of a track are missing, when to ask for each, and how many
// never came: those that were given up, and did not come afterwards either. It belongs
// to the publisher's goroutine. The zero value has heard of nothing.
type gaps struct {
	begun   bool
	highest uint16
	missing []gap // in the order of their numbers
	lost    uint64
}

// gap is one packet that is missing.
type gap struct {
	sequence uint16
	requests int
	due      time.Time // of the next
}

// note takes note of a packet that has come. It reports whether that has been given
// up, or came before.
func (g *gaps) note(sequence uint16, now time.Time) (unexpected bool) {
	ahead := int16(sequence - g.highest) //nolint:gosec // RTP arithmetic is modulo 2^16
	switch {
	case !g.begun || ahead > maxGaps || ahead < -maxLate: // it begins, or it has jumped
		if g.begun && ahead > maxGaps && ahead <= maxDropout {
			g.lost += uint64(ahead - 1)
		}
		g.beginAnew()
		g.begun, g.highest = true, sequence
	case ahead <= 0:
		before := len(g.missing)
		g.missing = slices.DeleteFunc(g.missing, func(m gap) bool { return m.sequence == sequence })
		return len(g.missing) == before
	default:
		for n := g.highest + 1; n != sequence; n++ {
			g.missing = append(g.missing, gap{sequence: n, due: now.Add(reorderPatience)})
		}
		g.giveUp(len(g.missing) - maxGaps)
		g.highest = sequence
	}
	return false
}

// beginAnew takes note that what comes next has nothing to do with what has come.
func (g *gaps) beginAnew() {
	g.giveUp(len(g.missing))
	g.begun = false
}

// giveUp loses the oldest n packets of those that are missing.
func (g *gaps) giveUp(n int) {
	if n > 0 {
		g.missing = slices.Delete(g.missing, 0, n)
		g.lost += uint64(n)
	}
}

// found takes note that a packet has come for the first time after it was given up.
func (g *gaps) found() {
	if g.lost > 0 { // else it is from before the first that came
		g.lost--
	}
}

// due appends the packets that are to be asked for now, in their order. Those of a
// publisher so far away that an answer takes a round trip are asked for again after
// one. One that has been asked for often enough is given up when the next request
// would be due.
func (g *gaps) due(to []uint16, now time.Time, roundTrip time.Duration) []uint16 {
	before := len(g.missing)
	g.missing = slices.DeleteFunc(g.missing, func(m gap) bool { return m.requests >= maxRequests && !now.Before(m.due) })
	g.lost += uint64(before - len(g.missing)) //nolint:gosec // a count
	for i := range g.missing {
		if m := &g.missing[i]; !now.Before(m.due) {
			to = append(to, m.sequence)
			m.requests++
			m.due = now.Add(max(repairInterval, roundTrip))
		}
	}
	return to
}

// next returns when something is to be asked for or given up next, the zero time if
// nothing is missing.
func (g *gaps) next() time.Time {
	var next time.Time
	for _, m := range g.missing {
		if next.IsZero() || m.due.Before(next) {
			next = m.due
		}
	}
	return next
}
