package spool

import (
	"log/slog"
	"slices"
	"time"

	"github.com/bluenviron/mediacommon/v2/pkg/codecs/opus"

	"rostrum/adapters/spool/frames"
	"rostrum/adapters/spool/timeline"
	"rostrum/domain"
	"rostrum/ports"
)

// Bounds for what a recording remembers of its publishers.
const (
	maxReports = 16 // streams whose last report is remembered
	maxPast    = 64 // publishers that are over, and tracks that are left out
)

// maxUnmoved is how many packets may wait for pump: fewer than an assembler takes, as
// many as who joins late gets at once, and what comes until the next turn.
const maxUnmoved = 512

// program is what is recorded of the present publisher: at most one stream of pictures
// and one of sound, on one timeline. Packets go in, samples go to the segmenter.
type program struct {
	log       *slog.Logger
	segmenter *segmenter
	publisher domain.SessionID
	past      []domain.SessionID // publishers before this one
	left      []domain.TrackID   // tracks that are left out
	reports   map[ports.Stream]ports.Clock
	line      *timeline.Timeline
	video     *track // nil: none has come
	audio     *track
	came      []arrival // reused by pump
	unmoved   int       // packets taken in since the last pump
}

// arrival is a frame, and its timestamp as its timeline has it.
type arrival struct {
	frames.Frame
	extended int64
}

// track is one stream that is recorded.
type track struct {
	stream    ports.Stream
	assembler *frames.Assembler
	times     *frames.DecodeTimes
	drops     []uint32  // timestamps from which on packets were dropped on our side
	came      time.Time // when the last packet came, also one that was dropped
	seen      time.Time // when the last frame came, or, before that, the first packet
	dark      time.Time // since when nothing can be shown of what comes; zero: it can
	placed    bool      // something of it is on the timeline
}

func newProgram(log *slog.Logger, s *segmenter) *program {
	return &program{log: log, segmenter: s, reports: map[ports.Stream]ports.Clock{}, line: timeline.New()}
}

// receive takes in packets of a stream that came at a time. Most wait for pump, which is
// to be called when all has been taken in that has come: what comes together tells more.
func (p *program) receive(b batch, one burst) {
	t := p.track(one.stream, one.at)
	if t == nil {
		return
	}
	t.came = one.at
	for i := one.begin; i < one.end; i++ {
		t.assembler.Add(b.packet(i), one.at)
	}
	if p.unmoved += one.end - one.begin; p.unmoved > maxUnmoved {
		p.pump(one.at)
	}
}

// report takes note of a stream's clock, also of one that has not come yet.
func (p *program) report(stream ports.Stream, clock ports.Clock) {
	if _, known := p.reports[stream]; !known && len(p.reports) >= maxReports {
		clear(p.reports)
	}
	p.reports[stream] = clock
	if t := *p.place(stream.Codec.Kind()); t != nil && t.stream == stream && t.placed {
		p.line.Report(stream.Codec.Kind(), clock)
	}
}

// dropped takes note that packets of a stream were dropped on our side.
func (p *program) dropped(d drop) {
	if t := *p.place(d.stream.Codec.Kind()); t != nil && t.stream == d.stream && len(t.drops) < maxPast {
		t.drops, t.came = append(t.drops, d.first), d.last
		if t.dark.IsZero() {
			t.dark = t.seen
		}
	}
}

func (p *program) place(kind domain.MediaKind) **track {
	if kind == domain.Video {
		return &p.video
	}
	return &p.audio
}

// track returns the track that a stream is recorded as, nil if it is not. A stream
// that takes the place of another one ends the part that has something of that.
func (p *program) track(stream ports.Stream, now time.Time) *track {
	if stream.Publisher != p.publisher && !p.follow(stream.Publisher, now) {
		return nil
	}
	place := p.place(stream.Codec.Kind())
	switch t := *place; {
	case t != nil && t.stream == stream:
		return t
	case t != nil && t.stream.Track != stream.Track:
		p.leave(stream)
		return nil
	case t != nil && stream.Epoch < t.stream.Epoch:
		return nil // late: that stream is over
	case t != nil:
		t.assembler.Flush()
		p.pump(now)
		if t.placed {
			p.segmenter.end(p.video.outage())
			p.renew()
		}
	}
	*place = &track{
		stream: stream, assembler: frames.New(stream.Codec), times: frames.NewDecodeTimes(stream.Codec), seen: now,
	}
	return *place
}

// follow makes another publisher the present one, unless it is over.
func (p *program) follow(publisher domain.SessionID, now time.Time) bool {
	if slices.Contains(p.past, publisher) {
		return false
	}
	p.finish(now)
	if p.publisher != "" {
		p.past = append(p.past[max(0, len(p.past)-maxPast+1):], p.publisher)
	}
	p.publisher, p.segmenter.publisher = publisher, publisher
	p.video, p.audio, p.left = nil, nil, nil
	p.renew()
	return true
}

// renew begins another timeline, on which what goes on has no place yet.
func (p *program) renew() {
	p.line = timeline.New()
	for _, t := range []*track{p.video, p.audio} {
		if t != nil {
			t.placed, t.times = false, frames.NewDecodeTimes(t.stream.Codec)
		}
	}
}

func (p *program) leave(stream ports.Stream) {
	if len(p.left) < maxPast && !slices.Contains(p.left, stream.Track) {
		p.left = append(p.left, stream.Track)
		p.log.Info("a track is left out of the recording: there is one of its kind already", "track", stream.Track, "codec", stream.Codec)
	}
}

// finish ends the part: nothing more comes.
func (p *program) finish(now time.Time) {
	for _, t := range []*track{p.video, p.audio} {
		if t != nil {
			t.assembler.Flush()
		}
	}
	p.pump(now)
	p.segmenter.end(p.video.outage())
}

// pump moves on what is ready by now.
func (p *program) pump(now time.Time) {
	p.unmoved = 0
	for _, t := range []*track{p.video, p.audio} {
		if t == nil {
			continue
		}
		for _, f := range p.next(t, now) {
			if t.stream.Codec.Kind() == domain.Audio || p.segmenter.shows(f.Frame) {
				p.segmenter.add(p.sample(t, f))
			}
			t.seen = f.Arrived
		}
		clear(p.came) // their media is somebody else's
		if t.dark.IsZero() && t.assembler.NeedsKeyframe() {
			t.dark = t.seen
		}
	}
}

// next returns the frames of a track that are ready by now. It is valid until the next
// call.
func (p *program) next(t *track, now time.Time) []arrival {
	p.came = p.came[:0]
	for f, ok := t.assembler.Next(now); ok; f, ok = t.assembler.Next(now) {
		p.came = append(p.came, arrival{f, p.line.Arrived(t.stream.Codec.Kind(), f.Timestamp, f.Arrived)})
	}
	return p.came
}

// sample gives a frame its place on the timeline.
func (p *program) sample(t *track, f arrival) sample {
	kind := t.stream.Codec.Kind()
	if !t.placed {
		t.placed = true
		if clock, ok := p.reports[t.stream]; ok {
			p.line.Report(kind, clock)
		}
	}
	x := sample{kind: kind, key: f.Key, data: f.Data, format: f.Format, arrived: f.Arrived, lost: t.lost(f.Frame)}
	x.pts = p.line.Of(kind, f.extended)
	x.dts = x.pts
	if kind == domain.Audio {
		x.length = opus.PacketDuration2(f.Data)
		return x
	}
	x.dts, _ = t.times.Of(f.Frame, x.pts)
	if !t.dark.IsZero() {
		x.dark = max(f.Arrived.Sub(t.dark), 0)
	}
	t.dark = time.Time{}
	return x
}

// lost returns why something is missing before a frame, "" if nothing is.
func (t *track) lost(f frames.Frame) domain.GapReason {
	if !f.Lost {
		return ""
	}
	before := len(t.drops)
	t.drops = slices.DeleteFunc(t.drops, func(at uint32) bool { return int32(f.Timestamp-at) >= 0 }) //nolint:gosec // RTP arithmetic is modulo 2^32
	if len(t.drops) < before {
		return domain.GapSlowDisk
	}
	return domain.GapLost
}

// outage returns for how long pictures have come by now that could not be shown, and
// why.
func (t *track) outage() outage {
	if t == nil || t.dark.IsZero() {
		return outage{}
	}
	o := outage{max(t.came.Sub(t.dark), 0), domain.GapLost}
	if len(t.drops) > 0 {
		o.reason = domain.GapSlowDisk
	}
	return o
}

// blocked reports whether a key frame is needed.
func (p *program) blocked() bool {
	return p.video != nil && (p.video.assembler.NeedsKeyframe() || p.segmenter.blocked())
}
