package pion

import (
	"sync/atomic"
	"time"
)

// bitrateWindow is how many looks back a bitrate begins: two seconds.
const bitrateWindow = 2

// bitrate is how much media a session carries: the mean since the look before the
// last, so that it is 0 when nothing has come or left between three looks. One
// goroutine looks, any may load. The zero value has not looked.
type bitrate struct {
	value atomic.Uint64 // bit/s
	looks [bitrateWindow]look
}

// look is how much media a session had carried at an instant.
type look struct {
	octets uint64
	at     time.Time
}

// look takes note of how much media has been carried up to now. The first look has
// nothing to compare with: the bitrate stays 0.
func (b *bitrate) look(octets uint64, now time.Time) {
	newest := look{octets, now}
	if b.looks[0].at.IsZero() {
		for i := range b.looks {
			b.looks[i] = newest
		}
		return
	}
	oldest := b.looks[0]
	copy(b.looks[:], b.looks[1:])
	b.looks[bitrateWindow-1] = newest
	if within := now.Sub(oldest.at).Seconds(); within > 0 {
		b.value.Store(uint64(float64(8*(octets-oldest.octets)) / within))
	}
}

func (b *bitrate) load() uint64 { return b.value.Load() }
