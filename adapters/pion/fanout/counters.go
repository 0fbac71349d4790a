package fanout

import (
	"sync/atomic"
	"time"
)

// Sent is what a leg has sent so far. Packets, Bytes (of payload) and Keyframes are
// without what was sent again; that is Resent, and what was asked for again in vain
// because it was too much is ResendsRefused.
type Sent struct {
	Packets, Bytes, Keyframes uint64
	Resent, ResendsRefused    uint64
}

// Sent returns the leg's counters. Any goroutine may call it.
func (l *Leg) Sent() Sent {
	c := &l.counted
	return Sent{
		Packets: c.packets.Load(), Bytes: c.octets.Load(), Keyframes: c.keys.Load(),
		Resent: c.resent.Load(), ResendsRefused: c.refused.Load(),
	}
}

// counters are written by the flush and by who refuses, and read by anybody.
type counters struct {
	packets, octets, keys atomic.Uint64
	resent, refused       atomic.Uint64
	keyAt                 atomic.Int64 // when the last key frame left, in Unix nanoseconds
}

func (c *counters) add(b *burst, at time.Time) {
	c.packets.Add(uint64(len(b.packets)))
	c.octets.Add(b.octets)
	if b.keys > 0 {
		c.keys.Add(b.keys)
		c.keyAt.Store(at.UnixNano())
	}
}

// hadKeyframe reports whether a key frame has left since a time ago.
func (c *counters) hadKeyframe(ago time.Duration) bool {
	at := c.keyAt.Load()
	return at != 0 && time.Since(time.Unix(0, at)) < ago
}
