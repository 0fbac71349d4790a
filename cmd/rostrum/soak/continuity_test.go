//go:build soak

package soak

import (
	"fmt"
	"sync"
)

// continuity is what is known of one stream's packets: which are missing, and how
// many frames there were.
type continuity struct {
	kind string

	mu       sync.Mutex
	packets  int
	frames   int // those that have ended
	newest   uint16
	missing  map[uint16]bool
	repaired int
	faults   []string
}

// longAgo is how many packets back one can be repaired. A gap that is older has
// come to stay.
const longAgo = 1024

// note takes note of a packet.
func (c *continuity) note(sequence uint16, marker, again bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.packets++; c.packets == 1 {
		c.newest, c.missing = sequence-1, map[uint16]bool{}
	}
	switch ahead := sequence - c.newest; {
	case ahead == 0 || ahead >= 1<<15 && !c.missing[sequence]:
		c.packets--
		if !again { // what was asked for twice may come twice
			c.faults = append(c.faults, fmt.Sprintf("packet %d of %s came twice", sequence, c.kind))
		}
		return
	case ahead >= 1<<15:
		delete(c.missing, sequence)
		c.repaired++
	default:
		for n := c.newest + 1; n != sequence; n++ {
			c.missing[n] = true
		}
		c.newest = sequence
	}
	if marker {
		c.frames++
	}
}

// lost returns how many packets are missing that cannot come any more.
func (c *continuity) lost() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	lost := 0
	for n := range c.missing {
		if c.newest-n > longAgo {
			lost++
		}
	}
	return lost
}

// whole reports whether nothing is missing.
func (c *continuity) whole() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.missing) == 0
}

// counts returns how many packets have come, of them late as repairs, and how many
// frames they are.
func (c *continuity) counts() (packets, repaired, frames int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.packets, c.repaired, c.frames
}
