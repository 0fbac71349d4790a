// Package timeline maps the timestamps of a stream of sound and one of pictures to one
// time, so that both are in step: by when packets came, until sender reports say it
// exactly.
package timeline

import (
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// Ticks per second of what Of returns.
const (
	VideoRate = 90_000
	AudioRate = 48_000
)

// Begin is when the first frame of all is. There is time before it since what comes
// behind it can be older: the pictures since the last key frame, which whoever joins
// late gets at once.
const Begin = 10 * time.Minute

const (
	// moments is how long arrival is looked at. A packet can come late and never
	// early, so that the one that was delayed the least tells the most; later on, the
	// clocks would have drifted apart.
	moments = 10 * time.Second

	// absurd is by how much timestamps may differ from arrival, and reports from what
	// is known, to be believed.
	absurd = 10 * time.Second

	// clockSet is by how much a publisher's wall clock is off the one before when it
	// has been set. Drift and the errors of reports are well below.
	clockSet = 100 * time.Millisecond

	// tolerance is by how much sound and picture may be out of step, in ticks of
	// pictures, before those are moved.
	tolerance = VideoRate * 3 / 1_000
)

// Timeline is the time of one part. Sound is never stretched: two of its timestamps are
// as far apart in time as they are in ticks, unless they have jumped or stood still.
// Pictures are moved to be in step with sound, by what never changes their order. It
// belongs to one goroutine.
type Timeline struct {
	audio, video stream
	epoch        time.Time // when the first packet came
	ntp          uint64    // the publisher's time in the first report
	reports      bool      // reports have been believed

	// lead is by how much the first picture was captured later than the first sound,
	// as far as is known.
	lead time.Duration

	sound    int64 // added to timestamps of sound, once it is placed
	pictures shift // likewise, of pictures
}

// New returns the timeline of streams that have not begun.
func New() *Timeline {
	return &Timeline{audio: stream{rate: AudioRate}, video: stream{rate: VideoRate}}
}

// Arrived takes note that the frame of a timestamp came at a time of which only the
// monotonic clock counts, and returns the timestamp as Of wants it: extended to 64
// bits. Frames are told in the order in which they are decoded, and those that come
// together before Of is asked for the first of them: the last one tells the most.
func (t *Timeline) Arrived(kind domain.MediaKind, rtp uint32, at time.Time) (extended int64) {
	s := t.stream(kind)
	if t.epoch.IsZero() {
		t.epoch = at
	}
	s.arrived(rtp, at, at.Sub(t.epoch))
	if !t.reports && t.audio.begun && t.video.begun {
		t.lead = t.video.delay - t.audio.delay
	}
	t.compare()
	return s.count
}

// Report takes note of a sender report. One that is absurd is not believed.
func (t *Timeline) Report(kind domain.MediaKind, c ports.Clock) {
	if c.NTPTime == 0 { // the sender has no clock (RFC 3550 §6.4.1)
		return
	}
	if t.ntp == 0 {
		t.ntp = c.NTPTime
	}
	s, other := t.stream(kind), &t.audio
	if kind == domain.Audio {
		other = &t.video
	}
	if s.report(c.RTPTime, ntpSince(c.NTPTime, t.ntp)) {
		other.clock.stale = true
	}
	t.compare()
}

// compare takes the lead from the reports of both streams, when both have one that is
// of the same setting of the publisher's clock. Where pictures would have to go back by
// a second or more later on, it is the sound that has stood still: it goes on later.
func (t *Timeline) compare() {
	a, v := &t.audio, &t.video
	if !a.reported() || !v.reported() {
		return
	}
	lead := v.clock.offset - a.clock.offset
	change := lead - t.lead
	if change.Abs() > absurd {
		return
	}
	if t.reports && change < -time.Second {
		t.sound += ticks(-change, AudioRate)
	}
	t.lead, t.reports = lead, true
}

// Of returns the time of an extended timestamp, in ticks of its kind, 0 or more. At
// [Begin] is the first frame of those that had arrived when Of was first called. It is
// 0 while nothing of the kind has arrived.
func (t *Timeline) Of(kind domain.MediaKind, extended int64) int64 {
	s := t.stream(kind)
	if !s.begun {
		return 0
	}
	if !s.placed {
		t.place(s)
	}
	if kind == domain.Audio {
		return max(extended+t.sound, 0)
	}
	t.follow()
	return max(extended+t.pictures.of(extended), 0)
}

// place finds the place of a stream: in step with the other one, or so that the first
// frame of both is at [Begin].
func (t *Timeline) place(s *stream) {
	switch {
	case s == &t.video && t.audio.placed:
		t.pictures = standing(t.step())
	case s == &t.video:
		t.pictures = standing(ticks(Begin+max(t.lead, 0), VideoRate))
	case t.video.placed:
		t.sound = ticks(max(duration(t.pictures.to, VideoRate)-t.lead, 0), AudioRate)
	default:
		t.sound = ticks(Begin+max(-t.lead, 0), AudioRate)
	}
	s.placed = true
}

// step returns the shift by which pictures are in step with sound.
func (t *Timeline) step() int64 {
	return ticks(t.lead+duration(t.sound, AudioRate), VideoRate)
}

// follow moves the pictures when they are out of step.
func (t *Timeline) follow() {
	if !t.audio.placed || !t.pictures.done() {
		return
	}
	if off := t.step() - t.pictures.to; off < -tolerance || off > tolerance {
		t.pictures.move(off)
	}
}

func (t *Timeline) stream(kind domain.MediaKind) *stream {
	if kind == domain.Audio {
		return &t.audio
	}
	return &t.video
}
