package fanout

import (
	"slices"
	"time"
)

// burst is what leaves together: the packets that one wake-up of the source's
// reader has delivered.
type burst struct {
	packets []*Packet // never empty as it comes
	octets  uint64    // of all payloads
	keys    uint64    // key frames that begin in it
	newest  *Packet
	at      time.Time
}

func newBurst(packets []*Packet, at time.Time) burst {
	b := burst{packets: packets, at: at}
	for _, p := range packets {
		b.octets += uint64(len(p.Payload))
		if p.Keyframe {
			b.keys++
		}
		if b.newest == nil || p.Sequence > b.newest.Sequence {
			b.newest = p
		}
	}
	return b
}

// since returns the part of a burst from a sequence number on, empty if there is
// none: late packets from before a leg began are nothing to it. It allocates only
// where there are some.
func (b burst) since(sequence uint64) burst {
	late := func(p *Packet) bool { return p.Sequence < sequence }
	if !slices.ContainsFunc(b.packets, late) {
		return b
	}
	return newBurst(slices.DeleteFunc(slices.Clone(b.packets), late), b.at)
}
