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
	First                     Firsts
}

// Sent returns the leg's counters. Any goroutine may call it.
func (l *Leg) Sent() Sent {
	c := &l.counted
	return Sent{
		Packets: c.packets.Load(), Bytes: c.octets.Load(), Keyframes: c.keys.Load(),
		Resent: c.resent.Load(), ResendsRefused: c.refused.Load(),
		First: c.first.times(),
	}
}

// counters are written by the flush and by who refuses, and read by anybody.
type counters struct {
	packets, octets, keys atomic.Uint64
	resent, refused       atomic.Uint64
	keyAt                 atomic.Int64 // when the last key frame left, in Unix nanoseconds
	first                 firsts
}

func (c *counters) add(b *burst, at time.Time) {
	c.packets.Add(uint64(len(b.packets)))
	c.octets.Add(b.octets)
	if b.keys > 0 {
		c.keys.Add(b.keys)
		c.keyAt.Store(at.UnixNano())
		c.first.keyframe.happen(at)
	}
}

// hadKeyframe reports whether a key frame has left since a time ago.
func (c *counters) hadKeyframe(ago time.Duration) bool {
	at := c.keyAt.Load()
	return at != 0 && time.Since(time.Unix(0, at)) < ago
}

// Received is what has come from a track's source so far: packets, bytes of payload
// and key frames.
type Received struct {
	Packets, Bytes, Keyframes uint64
	First                     Firsts
}

// Received returns the track's counters. Any goroutine may call it.
func (f *TrackFanout) Received() Received {
	c := &f.received
	return Received{Packets: c.packets.Load(), Bytes: c.octets.Load(), Keyframes: c.keys.Load(), First: c.first.times()}
}

// received is written by the source and read by anybody.
type received struct {
	packets, octets, keys atomic.Uint64
	first                 firsts
}

// add counts a packet that has come now.
func (r *received) add(p *Packet) {
	if !r.first.media.happened() {
		r.first.media.set(time.Now())
	}
	r.packets.Add(1)
	r.octets.Add(uint64(len(p.Payload)))
	if p.Keyframe {
		if r.keys.Add(1) == 1 {
			r.first.keyframe.set(time.Now())
		}
	}
}
