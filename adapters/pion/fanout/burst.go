package fanout

import "slices"

// burst is packets that leave together: those that one wake-up of the source's
// reader has delivered, or those that a late joiner catches up with.
type burst struct {
	packets        []*Packet
	octets         uint64 // of all payloads
	keys           uint64 // key frames that begin in it
	oldest, newest *Packet
}

func newBurst(packets []*Packet) burst {
	b := burst{packets: packets}
	for _, p := range packets {
		b.octets += uint64(len(p.Payload))
		if p.Keyframe {
			b.keys++
		}
		if b.oldest == nil || p.Sequence < b.oldest.Sequence {
			b.oldest = p
		}
		if b.newest == nil || p.Sequence > b.newest.Sequence {
			b.newest = p
		}
	}
	return b
}

func (b *burst) empty() bool { return len(b.packets) == 0 }

// since returns the part of a burst from a number on: what comes late from before a
// leg began is nothing to it. It allocates only where there is something to leave
// out.
func (b *burst) since(sequence uint64) *burst {
	if b.empty() || b.oldest.Sequence >= sequence {
		return b
	}
	late := func(p *Packet) bool { return p.Sequence < sequence }
	rest := newBurst(slices.DeleteFunc(slices.Clone(b.packets), late))
	return &rest
}
