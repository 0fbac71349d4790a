package publish

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/pion/webrtc/v4"
	"github.com/pion/webrtc/v4/pkg/media"

	"rostrum/api/client/rtc"
	"rostrum/cmd/rostrum/clip"
	"rostrum/cmd/rostrum/flow"
)

// sink takes the samples of one track: a *webrtc.TrackLocalStaticSample.
type sink interface {
	WriteSample(media.Sample) error
}

// player sends a clip by an absolute clock: each sample is due at the start plus its time, so that nothing adds up over
// hours, and sound and picture stay together.
type player struct {
	clip  *clip.Clip
	sinks []sink // one a track
	loop  bool
	log   *slog.Logger
	sent  *flow.Flow

	clocks []time.Duration // how far each track's RTP timestamps have come
	begun  []bool          // whether the track has had a sample to start decoding with
}

// tooLate is when a delay, of a computer that slept for one, is taken as a pause instead of being caught up with.
const tooLate = time.Second

// play returns nil at the clip's end, ctx's error when that comes first, or an error of the clip, or
// rtc.ErrLost when a sink fails.
func (p *player) play(ctx context.Context) error {
	p.clocks = make([]time.Duration, len(p.sinks))
	p.begun = make([]bool, len(p.sinks))
	start := time.Now()
	var pass, length time.Duration // when this pass began, and how long it is so far
	for {
		s, err := p.clip.Next()
		if over(err) && length > 0 {
			if errors.Is(err, clip.ErrTruncated) {
				p.log.Warn("the clip ends early", "reason", err.Error())
			}
			pass, length = pass+length, 0
			if !p.loop {
				return until(ctx, start.Add(pass))
			}
			if err := p.clip.Rewind(); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		length = max(length, s.PTS+s.Duration)
		due := start.Add(pass + s.PTS)
		if err := until(ctx, due); err != nil {
			return err
		}
		if late := time.Since(due); late > tooLate {
			p.log.Warn("sending was held up; going on from here", "for", late.Round(time.Millisecond).String())
			start = start.Add(late)
		}
		if err := p.write(s, pass+s.PTS); err != nil {
			return err
		}
	}
}

func over(err error) bool { return errors.Is(err, io.EOF) || errors.Is(err, clip.ErrTruncated) }

// write moves the track's RTP clock to the sample's time, and sends it. The clock is set by times and not by durations, which
// containers round or leave out; a sample without data makes pion move it.
func (p *player) write(s clip.Sample, at time.Duration) error {
	if p.begun[s.Track] = p.begun[s.Track] || s.Key; !p.begun[s.Track] {
		return nil
	}
	to := p.sinks[s.Track]
	if step := at - p.clocks[s.Track]; step > 0 {
		if err := to.WriteSample(media.Sample{Duration: step}); err != nil {
			return fmt.Errorf("%w: %w", rtc.ErrLost, err)
		}
		p.clocks[s.Track] = at
	}
	if err := to.WriteSample(media.Sample{Data: s.Data}); err != nil {
		return fmt.Errorf("%w: %w", rtc.ErrLost, err)
	}
	p.sent.Add(len(s.Data))
	return nil
}

func until(ctx context.Context, due time.Time) error {
	wait := time.Until(due)
	if wait <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

var _ sink = (*webrtc.TrackLocalStaticSample)(nil)
