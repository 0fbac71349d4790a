package fanout

import (
	"time"

	"rostrum/domain"
)

// Flush sends what there is to send: to every leg what has been received since the
// last flush, then what its subscriber has asked for again, then the publisher's
// clock if that is news; and to legs that have joined what they begin with. It returns
// when the workers have sent all of it, and costs next to nothing if there is nothing.
func (f *TrackFanout) Flush() {
	all := len(f.burst) > 0 || f.clock.news
	if !all && !f.roster.due.Load() {
		return
	}
	if f.ring.key > f.flushed {
		f.keyframes.Met()
	}
	legs, whole, joined := f.roster.open(all)
	defer f.roster.close()
	if len(legs) > 0 {
		f.send(legs, joined)
	}
	f.wait(whole, len(legs) > 0 && f.pass.waiting.Load())
	for _, p := range f.burst {
		p.queued = false
	}
	f.burst, f.flushed, f.clock.news = f.burst[:0], f.ring.highest, false
}

// send makes a pass of what there is and has the workers send it.
func (f *TrackFanout) send(legs []*Leg, joined bool) {
	p := &f.pass
	p.track, p.epoch, p.codec, p.at, p.before = f, f.epoch, f.codec, time.Now(), f.flushed
	p.burst = newBurst(f.burst)
	p.entry = f.entry(&p.burst, joined)
	p.clock, p.report = nil, f.clock.news
	if f.clock.known {
		p.clock = &f.clock.Clock
	}
	if p.legs, p.first = legs, p.first+1; p.first >= len(legs) {
		p.first = 0
	}
	p.waiting.Store(false)
	f.workers.send(p)
}

// entry returns what a leg gets that begins with this flush: sound at once, a picture
// from the key frame on that has just come, else, if somebody may be in need of it,
// all since the last one as far as the ring has it.
func (f *TrackFanout) entry(b *burst, joined bool) entry {
	switch {
	case f.kind != domain.Video:
		return entry{burst: *b}
	case f.ring.key > f.flushed:
		return entry{burst: *b.since(f.ring.key)}
	case joined || f.waiting.Load():
		f.pass.past = f.ring.sinceKey(f.pass.past[:0], maxCatchUp)
		newest := f.ring.slot(f.ring.highest)
		return entry{newBurst(f.pass.past), f.ring.highest + 1, newest.Timestamp}
	default:
		return entry{}
	}
}

// wait takes note of whether a leg waits for a key frame, which is asked for when one
// begins to. A flush to a part of the legs says nothing of the others.
func (f *TrackFanout) wait(whole, waits bool) {
	if waits || whole {
		if before := f.waiting.Swap(waits); waits && !before {
			f.AskKeyframe()
		}
	}
}
