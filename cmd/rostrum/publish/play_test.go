package publish

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/webrtc/v4/pkg/media"

	"rostrum/api/client/rtc"
	"rostrum/cmd/rostrum/clip"
	"rostrum/cmd/rostrum/flow"
)

// tape is a sink that notes when each sample came and where the track's RTP clock stood.
type tape struct {
	clock time.Duration
	wall  []time.Time
	rtp   []time.Duration
	fail  error
	delay func()
}

func (p *tape) WriteSample(s media.Sample) error {
	if len(s.Data) > 0 {
		if p.delay != nil {
			p.delay()
		}
		p.wall, p.rtp = append(p.wall, time.Now()), append(p.rtp, p.clock)
	}
	p.clock += s.Duration
	return p.fail
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func demo(t *testing.T) *clip.Clip {
	t.Helper()
	c, err := clip.Demo()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The demo plays for an hour of synthetic time: no sample may come early or late, and no RTP clock may leave the wall's.
func TestPlayDoesNotDrift(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		picture, sound := &tape{}, &tape{}
		p := player{clip: demo(t), sinks: []sink{picture, sound}, loop: true, log: quiet(), sent: &flow.Flow{}}
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		if err := p.play(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatal(err)
		}
		for name, track := range map[string]*tape{"picture": picture, "sound": sound} {
			if len(track.rtp) < 3590*30 {
				t.Fatalf("%s: only %d samples", name, len(track.rtp))
			}
			for i := range track.rtp {
				if wall := track.wall[i].Sub(start); wall != track.rtp[i] {
					t.Fatalf("%s: sample %d of %d: sent at %v, its clock says %v", name, i, len(track.rtp), wall, track.rtp[i])
				}
				if i > 0 && track.rtp[i]-track.rtp[i-1] > 36*time.Millisecond {
					t.Fatalf("%s: a gap of %v before %v", name, track.rtp[i]-track.rtp[i-1], track.rtp[i])
				}
			}
		}
	})
}

func TestPlayEndsWithTheClip(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		picture, sound := &tape{}, &tape{}
		p := player{clip: demo(t), sinks: []sink{picture, sound}, log: quiet(), sent: &flow.Flow{}}
		start := time.Now()
		if err := p.play(t.Context()); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); (took - 8*time.Second).Abs() > 2*time.Millisecond {
			t.Errorf("eight seconds took %v", took)
		}
		if len(picture.rtp) != 240 || len(sound.rtp) != 400 || p.sent.Result("").Bytes < 400_000 {
			t.Errorf("%d pictures, %d packets of sound, %d bytes", len(picture.rtp), len(sound.rtp), p.sent.Result("").Bytes)
		}
	})
}

// A computer that slept must not burst what it missed: it goes on, at the clip's pace.
func TestPlayGoesOnAfterAPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		picture := &tape{}
		picture.delay = func() {
			if len(picture.wall) == 100 {
				time.Sleep(time.Minute)
			}
		}
		p := player{clip: demo(t), sinks: []sink{picture, &tape{}}, log: quiet(), sent: &flow.Flow{}}
		if err := p.play(t.Context()); err != nil {
			t.Fatal(err)
		}
		for i := 102; i < len(picture.wall); i++ {
			if step := picture.wall[i].Sub(picture.wall[i-1]); step < 30*time.Millisecond {
				t.Fatalf("picture %d came %v after the one before", i, step)
			}
		}
	})
}

func TestPlayStopsWithItsSinkAndItsContext(t *testing.T) {
	broken := errors.New("broken pipe")
	p := player{clip: demo(t), sinks: []sink{&tape{fail: broken}, &tape{}}, log: quiet(), sent: &flow.Flow{}}
	if err := p.play(t.Context()); !errors.Is(err, broken) || !errors.Is(err, rtc.ErrLost) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p = player{clip: demo(t), sinks: []sink{&tape{}, &tape{}}, log: quiet(), sent: &flow.Flow{}}
	if err := p.play(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
