package fanout

import (
	"sync/atomic"
	"time"
)

// Firsts is when a stream got on, the zero time where it has not: its first packet and the
// first of its first key frame came or left, and a key frame had left whole, so that there
// was something to see. A track's pictures are those that left to somebody who watches.
type Firsts struct {
	Media, Keyframe, Picture time.Time
}

// firsts is written by the source or the workers, and read by anybody.
type firsts struct {
	media, keyframe, picture once
}

func (f *firsts) times() Firsts {
	return Firsts{Media: f.media.time(), Keyframe: f.keyframe.time(), Picture: f.picture.time()}
}

// once is when something happened that happens once. The zero value has not happened.
type once struct{ at atomic.Pointer[time.Time] }

func (o *once) happened() bool { return o.at.Load() != nil }

// happen takes note that it happens, unless it has happened. It may be called by several at
// once.
func (o *once) happen(at time.Time) {
	if !o.happened() {
		o.set(at)
	}
}

// set is apart from happen, which would allocate each time.
func (o *once) set(at time.Time) { o.at.CompareAndSwap(nil, &at) }

// time returns when it happened, the zero time if it has not.
func (o *once) time() time.Time {
	if at := o.at.Load(); at != nil {
		return *at
	}
	return time.Time{}
}

// keyframe is a key frame on its way through a leg.
type keyframe struct {
	timestamp  uint32
	begin, end uint64 // numbers of its first packet and its last; 0: have not left
	sent       uint64 // packets of it that have left
	whole      bool   // this one has, or there is none to wait for
}

// add takes note of packets that leave, and reports whether a key frame is whole by them:
// with every packet from its first on to the one with the marker, or to the one before the
// next frame. It is called no more once one was.
func (k *keyframe) add(packets []*Packet) bool {
	for _, p := range packets {
		if p.Keyframe && (k.begin == 0 || p.Timestamp != k.timestamp) {
			*k = keyframe{timestamp: p.Timestamp, begin: p.Sequence}
		}
		if k.begin == 0 || p.Sequence < k.begin {
			continue
		}
		k.note(p)
		k.whole = k.end > 0 && k.sent == k.end-k.begin+1
		if k.whole {
			return true
		}
	}
	return false
}

// note takes note of a packet that does not come before the key frame.
func (k *keyframe) note(p *Packet) {
	end := p.Sequence
	switch {
	case p.Timestamp != k.timestamp:
		end-- // at the latest
	case p.Marker:
		k.sent++
	default:
		k.sent++
		return
	}
	if k.end == 0 || end < k.end {
		k.end = end
	}
}
