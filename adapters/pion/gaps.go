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
)

// gaps knows which packets of a stream are missing and when to ask for each. It
// belongs to the publisher's goroutine. The zero value has heard of nothing.
type gaps struct {
	begun   bool
	highest uint16
	missing []gap // in the order of their numbers
}

// gap is one packet that is missing.
type gap struct {
	sequence uint16
	requests int
	due      time.Time // of the next
}

// note takes note of a packet that has come.
func (g *gaps) note(sequence uint16, now time.Time) {
	ahead := int16(sequence - g.highest) //nolint:gosec // RTP arithmetic is modulo 2^16
	switch {
	case !g.begun || ahead > maxGaps || ahead < -maxLate: // it begins, or it has jumped
		*g = gaps{begun: true, highest: sequence, missing: g.missing[:0]}
	case ahead <= 0:
		g.missing = slices.DeleteFunc(g.missing, func(m gap) bool { return m.sequence == sequence })
	default:
		for n := g.highest + 1; n != sequence; n++ {
			g.missing = append(g.missing, gap{sequence: n, due: now.Add(reorderPatience)})
		}
		if over := len(g.missing) - maxGaps; over > 0 {
			g.missing = slices.Delete(g.missing, 0, over)
		}
		g.highest = sequence
	}
}

// due appends the packets that are to be asked for now, in their order. Those of a
// publisher so far away that an answer takes a round trip are asked for again after
// one.
func (g *gaps) due(to []uint16, now time.Time, roundTrip time.Duration) []uint16 {
	for i := range g.missing {
		if m := &g.missing[i]; !now.Before(m.due) {
			to = append(to, m.sequence)
			m.requests++
			m.due = now.Add(max(repairInterval, roundTrip))
		}
	}
	g.missing = slices.DeleteFunc(g.missing, func(m gap) bool { return m.requests >= maxRequests })
	return to
}

// next returns when something is to be asked for next, the zero time if nothing is
// missing.
func (g *gaps) next() time.Time {
	var next time.Time
	for _, m := range g.missing {
		if next.IsZero() || m.due.Before(next) {
			next = m.due
		}
	}
	return next
}
