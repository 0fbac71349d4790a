package spool

import "time"

// instant is a time, or a length of time, that sound and pictures tell alike: in parts
// of a second of which both kinds of ticks have a whole number.
type instant int64

const (
	second instant = 720_000
	grid   instant = second / 6_000 // a whole number of ticks of both kinds
)

// long returns how long a duration is.
func long(d time.Duration) instant { return instant(d/time.Microsecond) * (second / 10_000) / 100 }

func (i instant) duration() time.Duration {
	return time.Duration(i/second)*time.Second + time.Duration(i%second)*time.Second/time.Duration(second)
}
