package spool

import (
	"time"

	"rostrum/adapters/spool/container"
	"rostrum/domain"
)

// How much is gathered before it is written. With what is still to be put together it
// stays below a second, which is what kill -9 may cost: at a key frame a fragment may
// end, so that one begins there, then it must.
const (
	shortFragment = 500 * time.Millisecond
	longFragment  = 750 * time.Millisecond
)

// stall is how long the last frame waits for the next one to know how long it lasts,
// and a fragment for more.
const stall = time.Second

// sample is a frame in its place on its program's timeline, in ticks of its kind.
type sample struct {
	kind     domain.MediaKind
	pts, dts int64
	length   int64 // that it has of itself; 0: nobody knows
	key      bool
	data     []byte
	format   *container.VideoFormat // of a key frame
	arrived  time.Time
	lost     domain.GapReason // why something is missing before it; "": nothing is
	dark     time.Duration    // so long, pictures had come before it that could not be shown
}

// part is one media file in the making: samples come in, fragments go out. Times are
// the program's until it is placed, which is when its first fragment goes out: up to
// then it may turn out that sound has begun before the picture.
type part struct {
	file      string
	publisher domain.SessionID
	format    *container.VideoFormat // nil: sound alone
	started   time.Time              // when the first of it came
	noted     bool                   // in the journal

	video, audio lane
	since        time.Time // when the first of what has been gathered came
	from         instant   // when that begins
	origin       instant   // when the part begins; a whole number of ticks of both kinds
	placed       bool
	early        []stretch // gaps that were found before
	gaps         gaps
}

// stretch is a gap in ticks of its kind.
type stretch struct {
	lane     *lane
	from, to int64
	reason   domain.GapReason
}

func newPart(file string, publisher domain.SessionID, format *container.VideoFormat) *part {
	return &part{
		file: file, publisher: publisher, format: format,
		video: lane{kind: domain.Video, tick: second / container.VideoRate, usual: container.VideoRate / 30},
		audio: lane{kind: domain.Audio, tick: second / container.AudioRate, usual: container.AudioRate / 50},
	}
}

func (p *part) lane(kind domain.MediaKind) *lane {
	if kind == domain.Video {
		return &p.video
	}
	return &p.audio
}

// add takes a sample in, and reports whether what has been gathered is to be written.
func (p *part) add(x sample) (cut bool) {
	l := p.lane(x.kind)
	x.dts = max(x.dts, l.next)
	x.pts = max(x.pts, x.dts)
	if p.placed && l.at(x.dts) < p.origin {
		return false // sound from before the picture that the part began with, and late
	}
	if l.blocked && !x.key {
		l.pass(x)
		return false
	}
	if p.started.IsZero() || x.arrived.Before(p.started) && !p.placed {
		p.started = x.arrived
	}
	if from, reason := l.missing(x); reason != "" {
		p.miss(stretch{l, from, x.dts, reason})
	}
	p.gather(l, l.take(x))
	if !p.gathered() {
		return false
	}
	span := (l.at(x.dts) - p.from).duration()
	return span >= longFragment || x.key && x.kind == domain.Video && span >= shortFragment
}

// shows reports whether pictures of a format can be in the part.
func (p *part) shows(format *container.VideoFormat) bool {
	return p.format != nil && p.format.Equal(*format)
}

// pause reports whether a sample comes so long after the one before it that it is
// better shown in another part.
func (p *part) pause(x sample) bool {
	l := p.lane(x.kind)
	return l.begun && x.dts-l.covered > l.lasts(longestPause)
}

// gather takes note that a lane has something for the next fragment.
func (p *part) gather(l *lane, some bool) {
	if !some {
		return
	}
	at := l.at(l.ready[0].DTS)
	if other := p.other(l); len(other.ready) == 0 || at < p.from {
		p.from = at
	}
	if p.since.IsZero() {
		p.since = l.arrived
	}
}

func (p *part) other(l *lane) *lane {
	if l == &p.video {
		return &p.audio
	}
	return &p.video
}

func (p *part) gathered() bool { return len(p.video.ready)+len(p.audio.ready) > 0 }

// tick reports whether what has been gathered is to be written because it is late. A
// last frame that has waited long enough is taken to be as long as is usual.
func (p *part) tick(now time.Time) (cut bool) {
	for _, l := range []*lane{&p.video, &p.audio} {
		if l.held != nil && now.Sub(l.arrived) >= stall {
			p.gather(l, l.let())
		}
	}
	p.hush(now)
	return p.gathered() && now.Sub(p.since) >= stall
}

// mute is how long no sound has come when silence is written before it comes again. By
// then its time is told by its arrival, should its timestamps have stood still.
const mute = 12 * time.Second

// hush gathers silence, by the second, while pictures go on without sound: players want
// both from about the same place of a file.
func (p *part) hush(now time.Time) {
	a, v := &p.audio, &p.video
	if !a.begun || a.held != nil || !v.begun {
		return
	}
	to := a.ticks(min(v.at(v.seen), a.at(a.end)+long(now.Sub(a.arrived))) - long(mute))
	if to-a.covered < a.lasts(time.Second) {
		return
	}
	if !p.gathered() {
		p.since = now
	}
	p.gather(a, a.fill(to))
}

// last gathers what is still held: nothing follows. The outage is that of pictures up
// to now; where there is no sound, its gap is behind the end of the part.
func (p *part) last(o outage) {
	p.gather(&p.video, p.video.let())
	p.gather(&p.audio, p.audio.let())
	v, a := &p.video, &p.audio
	end := v.ticks(max(v.at(v.seen), a.at(a.seen)))
	switch {
	case v.reason != "":
		p.miss(stretch{v, v.end, end, v.reason})
	case o.length <= shortestGap:
	case v.begun:
		p.miss(stretch{v, v.end, max(end, v.end+v.lasts(o.length)), o.reason})
	default:
		p.miss(stretch{v, end - v.lasts(o.length), end, o.reason})
	}
	if a.reason != "" {
		p.miss(stretch{a, a.end, a.seen, a.reason})
	}
}

// outage is for how long pictures have come that could not be shown, and why.
type outage struct {
	length time.Duration
	reason domain.GapReason
}

// miss takes note of a gap.
func (p *part) miss(s stretch) {
	if !p.placed {
		p.early = append(p.early, s)
		return
	}
	from, to := max(s.lane.at(s.from)-p.origin, 0), s.lane.at(s.to)-p.origin
	p.gaps.add(domain.Gap{Kind: s.lane.kind, At: from.duration(), Length: (to - from).duration(), Reason: s.reason})
}

// fragment returns what has been gathered, in the part's own time. It is valid until
// written or refused is called.
func (p *part) fragment() container.Fragment {
	p.place()
	return container.Fragment{Video: p.video.from(p.origin), Audio: p.audio.from(p.origin)}
}

// place decides when the part has begun.
func (p *part) place() {
	if p.placed {
		return
	}
	origin := instant(-1)
	for _, l := range []*lane{&p.video, &p.audio} {
		if first, ok := l.first(); ok && (origin < 0 || first < origin) {
			origin = first
		}
	}
	p.origin, p.placed = max(origin, 0)/grid*grid, true
	for _, s := range p.early {
		p.miss(s)
	}
	p.early = nil
}

// written forgets what has been gathered: it is on the disk.
func (p *part) written() {
	p.video.clear()
	p.audio.clear()
	p.since = time.Time{}
}

// refused forgets what has been gathered: it is missing, and so are the pictures up to
// the next key frame.
func (p *part) refused() {
	for _, l := range []*lane{&p.video, &p.audio} {
		if from, to, missing := l.refuse(p.origin); missing {
			p.miss(stretch{l, from, to, domain.GapDiskFull})
		}
	}
	p.since = time.Time{}
}
