package spool

import (
	"cmp"
	"time"

	"rostrum/adapters/spool/container"
	"rostrum/domain"
)

// lane is one track of a part: its samples in order. The last one is held until the
// next comes, to which it lasts.
type lane struct {
	kind domain.MediaKind
	tick instant

	held    *container.Sample
	arrived time.Time // when that came
	length  int64     // that it has of itself; 0: nobody knows
	ready   []container.Sample
	begun   bool
	next    int64 // no sample is decoded before
	usual   int64 // how long one lasts
	end     int64 // of what has been taken and not refused
	seen    int64 // of what has been taken or passed over
	covered int64 // of what is ready or written; sound has no hole before

	blocked bool             // until a key frame comes
	reason  domain.GapReason // why something is missing behind end; "": nothing is
}

func (l *lane) at(ticks int64) instant      { return instant(ticks) * l.tick }
func (l *lane) ticks(at instant) int64      { return int64(at / l.tick) }
func (l *lane) lasts(d time.Duration) int64 { return l.ticks(long(d)) }

// missing returns from when on something is missing before x, and why; "" where
// nothing is, or not enough to be called a gap.
func (l *lane) missing(x sample) (from int64, reason domain.GapReason) {
	switch {
	case l.begun && l.reason != "":
		from, reason = l.end, l.reason
	case l.begun:
		from, reason = l.end, x.lost
	case x.dark > 0:
		from, reason = x.dts-l.lasts(x.dark), cmp.Or(x.lost, domain.GapLost)
	}
	l.reason = ""
	if x.dts-from <= max(2*l.usual, l.lasts(shortestGap)) {
		return 0, ""
	}
	return from, reason
}

// take takes a sample in, and reports whether the one before it is ready.
func (l *lane) take(x sample) (ready bool) {
	if !l.begun {
		l.covered = x.dts
	}
	if l.held != nil {
		ready = true
		switch lasts := x.dts - l.held.DTS; {
		case l.kind == domain.Audio && lasts >= 2*l.own():
			l.push(l.own()) // nothing came, or it is lost
		case x.lost == "" && lasts < l.lasts(time.Second):
			l.usual = lasts
			l.push(lasts)
		default:
			l.push(lasts)
		}
	}
	l.held = &container.Sample{DTS: x.dts, PTS: x.pts, Key: x.key, Data: x.data}
	l.arrived, l.length = x.arrived, x.length
	l.begun, l.blocked, l.next = true, false, x.dts+1
	l.end = x.dts + l.own()
	l.seen = l.end
	return ready
}

// pass takes note of a sample that is left out.
func (l *lane) pass(x sample) { l.next, l.seen = x.dts+1, x.dts+l.usual }

// let makes the sample that is held ready, as long as it is of itself or as is usual,
// and reports whether there is one.
func (l *lane) let() (ready bool) {
	if l.held == nil {
		return false
	}
	l.push(l.own())
	return true
}

// own returns how long the sample that is held lasts if nothing is known of the next.
func (l *lane) own() int64 {
	if l.length > 0 {
		return l.length
	}
	return l.usual
}

func (l *lane) push(lasts int64) {
	if l.kind == domain.Audio {
		l.fill(l.held.DTS)
	}
	l.held.Duration = lasts
	l.ready = append(l.ready, *l.held)
	l.covered = l.held.DTS + lasts
	l.held = nil
}

// first returns when the first sample is decoded that has not been written.
func (l *lane) first() (instant, bool) {
	switch {
	case len(l.ready) > 0:
		return l.at(l.ready[0].DTS), true
	case l.held != nil:
		return l.at(l.held.DTS), true
	default:
		return 0, false
	}
}

// from moves what is ready into the time of a part that began at origin.
func (l *lane) from(origin instant) []container.Sample {
	shift := l.ticks(origin)
	for i := range l.ready {
		l.ready[i].DTS -= shift
		l.ready[i].PTS -= shift
	}
	return l.ready
}

func (l *lane) clear() {
	clear(l.ready)
	l.ready = l.ready[:0]
}

// refuse forgets what is ready, which from has moved, and what hangs on it. It returns
// what is missing, if the end of that is known; otherwise the next sample tells.
func (l *lane) refuse(origin instant) (from, to int64, known bool) {
	if len(l.ready) == 0 {
		return 0, 0, false
	}
	from = l.ready[0].DTS + l.ticks(origin)
	l.covered = from
	l.clear()
	if l.held != nil && (l.kind == domain.Audio || l.held.Key) {
		return from, l.held.DTS, true
	}
	l.held, l.end, l.reason = nil, from, domain.GapDiskFull
	l.blocked = l.kind == domain.Video
	return from, 0, false
}
