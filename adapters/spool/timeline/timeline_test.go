package timeline_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"rostrum/adapters/spool/timeline"
	"rostrum/domain"
	"rostrum/ports"
)

var start = time.Now()

// line is a timeline that is asked for timestamps as they are: those near to the last
// one that came.
type line struct {
	*timeline.Timeline
	last     map[domain.MediaKind]uint32
	extended map[domain.MediaKind]int64
}

func newLine() *line {
	return &line{timeline.New(), map[domain.MediaKind]uint32{}, map[domain.MediaKind]int64{}}
}

func (l *line) Arrived(kind domain.MediaKind, rtp uint32, at time.Time) {
	l.last[kind], l.extended[kind] = rtp, l.Timeline.Arrived(kind, rtp, at)
}

func (l *line) Of(kind domain.MediaKind, rtp uint32) int64 {
	return l.Timeline.Of(kind, l.extended[kind]+int64(int32(rtp-l.last[kind])))
}

// publisher captures sound and pictures at one instant, and tells of it by two clocks
// of its own and by a wall clock. Times are seconds since it began.
type publisher struct {
	audioDrift, videoDrift float64 // 0.0002 is 200 ppm
	audioDelay, videoDelay float64 // on the way
	jitter                 float64 // what comes on top, at the most
	every, late            float64 // how often reports are sent, and how late they come; every 0: never
	begin                  uint32  // the timestamps
	wall                   func(at float64) float64
	stamp                  func(kind domain.MediaKind, at float64) float64 // nil: timestamps follow the clock
	sees                   func(c ports.Clock) ports.Clock                 // what becomes of reports; nil: nothing
}

func (p publisher) rtp(kind domain.MediaKind, at float64) uint32 {
	if p.stamp != nil {
		at = p.stamp(kind, at)
	}
	if kind == domain.Audio {
		return p.begin + uint32(int64(math.Round(at*(1+p.audioDrift)*timeline.AudioRate)))
	}
	return p.begin + uint32(int64(math.Round(at*(1+p.videoDrift)*timeline.VideoRate)))
}

func (p publisher) report(kind domain.MediaKind, at float64) ports.Clock {
	wall := 3.9e9 + at
	if p.wall != nil {
		wall = 3.9e9 + p.wall(at)
	}
	whole, rest := math.Modf(wall)
	c := ports.Clock{NTPTime: uint64(whole)<<32 | uint64(rest*(1<<32)), RTPTime: p.rtp(kind, at)}
	if p.sees != nil {
		c = p.sees(c)
	}
	return c
}

// reports gives the timeline what comes between at and the step before it.
func (p publisher) reports(tl *line, kind domain.MediaKind, at, first float64) {
	if p.every == 0 {
		return
	}
	sent := first + math.Floor((at-p.late-first)/p.every)*p.every
	if sent >= 0 && at-p.late-sent < 1.0/300 && !p.still(kind, sent) {
		tl.Report(kind, p.report(kind, sent))
	}
}

// still reports whether nothing is captured: no time passes by the timestamps.
func (p publisher) still(kind domain.MediaKind, at float64) bool {
	return at > 0 && p.rtp(kind, at) == p.rtp(kind, at-1.0/300)
}

// moment is a picture, and how it goes with the sound of the same instant.
type moment struct {
	at      float64 // when it was captured
	shown   float64 // when the timeline has it
	outstep float64 // by how much the picture comes after its sound
}

// run feeds a timeline for so many seconds, 50 packets of sound and 30 pictures each,
// and checks what is promised always.
func (p publisher) run(t *testing.T, tl *line, from, to float64) (moments []moment) {
	t.Helper()
	random := rand.New(rand.NewPCG(7, 8))
	arrival := func(at, delay float64) time.Time {
		return start.Add(time.Duration((at + delay + random.Float64()*p.jitter) * float64(time.Second)))
	}
	lastSound, lastPicture := int64(-1), int64(-1)
	for step := int(math.Ceil(from * 300)); step < int(to*300); step++ { // ticks of 1/300 s
		at := float64(step) / 300
		p.reports(tl, domain.Audio, at, 0)
		p.reports(tl, domain.Video, at, p.every/3)
		if step%6 == 0 && !p.still(domain.Audio, at) {
			rtp := p.rtp(domain.Audio, at)
			tl.Arrived(domain.Audio, rtp, arrival(at, p.audioDelay))
			now := tl.Of(domain.Audio, rtp)
			if now <= lastSound {
				t.Fatalf("at %.3f s, the time of sound goes from %d to %d", at, lastSound, now)
			}
			lastSound = now
		}
		if step%10 == 0 && !p.still(domain.Video, at) {
			rtp := p.rtp(domain.Video, at)
			tl.Arrived(domain.Video, rtp, arrival(at, p.videoDelay))
			now := tl.Of(domain.Video, rtp)
			if now < lastPicture || now < 0 {
				t.Fatalf("at %.3f s, the time of pictures goes from %d to %d", at, lastPicture, now)
			}
			lastPicture = now
			shown := float64(now) / timeline.VideoRate
			sound := float64(tl.Of(domain.Audio, p.rtp(domain.Audio, at))) / timeline.AudioRate
			moments = append(moments, moment{at: at, shown: shown, outstep: shown - sound})
		}
	}
	return moments
}

func TestSoundAndPictureAreInStep(t *testing.T) {
	const good, arrival = 0.005, 0.040
	for name, test := range map[string]struct {
		publisher
		seconds float64
		within  map[float64]float64 // seconds out of step, from when on
	}{
		"no jitter, no reports":        {publisher{}, 10, map[float64]float64{0: good}},
		"by arrival alone":             {publisher{jitter: 0.030}, 60, map[float64]float64{0: arrival}},
		"by reports":                   {publisher{jitter: 0.030, every: 2}, 60, map[float64]float64{0: arrival, 4: good}},
		"reports that are late":        {publisher{jitter: 0.030, every: 5, late: 3}, 60, map[float64]float64{0: arrival, 6: good}},
		"pictures on a longer way":     {publisher{jitter: 0.030, every: 5, late: 3, videoDelay: 0.4}, 60, map[float64]float64{0: 0.5, 6: good}},
		"pictures on a far longer way": {publisher{jitter: 0.030, every: 5, late: 3, videoDelay: 2}, 60, map[float64]float64{0: 2.1, 12: good}},
		"sound on a longer way":        {publisher{jitter: 0.030, every: 5, late: 3, audioDelay: 0.4}, 60, map[float64]float64{0: 0.5, 6: good}},
		"timestamps that wrap":         {publisher{jitter: 0.030, every: 5, begin: math.MaxUint32 - 1e6}, 120, map[float64]float64{0: arrival, 7: good}},
		"fast clock of sound":          {publisher{jitter: 0.030, every: 5, late: 3, audioDrift: 2e-4}, 1800, map[float64]float64{0: arrival, 6: good}},
		"slow clock of sound":          {publisher{jitter: 0.030, every: 5, late: 3, audioDrift: -2e-4}, 1800, map[float64]float64{0: arrival, 6: good}},
		"clocks that drift apart":      {publisher{jitter: 0.030, every: 5, audioDrift: 1e-4, videoDrift: -1e-4}, 1800, map[float64]float64{0: arrival, 7: good}},
		"reports without a clock":      {publisher{jitter: 0.030, every: 5, sees: func(c ports.Clock) ports.Clock { c.NTPTime = 0; return c }}, 60, map[float64]float64{0: arrival}},
		"reports of any number":        {publisher{jitter: 0.030, every: 5, sees: scatter()}, 60, map[float64]float64{0: arrival}},
		"wall clock set ahead":         {publisher{jitter: 0.030, every: 5, wall: set(21, 2)}, 60, map[float64]float64{0: arrival, 7: good}},
		"wall clock set back":          {publisher{jitter: 0.030, every: 5, wall: set(21, -3_600)}, 60, map[float64]float64{0: arrival, 7: good}},
		"wall clock set, one is new":   {publisher{jitter: 0.030, every: 6, wall: set(19, 2)}, 60, map[float64]float64{0: arrival, 8: good}},
		"pictures jump ahead":          {publisher{jitter: 0.030, every: 5, stamp: jump(domain.Video, 21, 9_000)}, 60, map[float64]float64{0: arrival, 29: good}},
		"pictures jump back":           {publisher{jitter: 0.030, every: 5, stamp: jump(domain.Video, 21, -9_000)}, 60, map[float64]float64{0: arrival, 29: good}},
		"sound jumps ahead":            {publisher{jitter: 0.030, every: 5, stamp: jump(domain.Audio, 21, 9_000)}, 60, map[float64]float64{0: arrival, 29: good}},
		"sound jumps back":             {publisher{jitter: 0.030, every: 5, stamp: jump(domain.Audio, 21, -9_000)}, 60, map[float64]float64{0: arrival, 29: good}},
		"sound stands still":           {publisher{jitter: 0.030, every: 5, stamp: stand(domain.Audio, 21, 5)}, 60, map[float64]float64{0: 5.1, 34: good}},
		"pictures stand still":         {publisher{jitter: 0.030, every: 5, stamp: stand(domain.Video, 21, 5)}, 60, map[float64]float64{0: 5.1, 34: good}},
		"sound stands still briefly":   {publisher{jitter: 0.030, every: 5, stamp: stand(domain.Audio, 21, 0.4)}, 60, map[float64]float64{0: 0.5, 34: good}},
	} {
		t.Run(name, func(t *testing.T) {
			p := test.publisher
			if p.stamp != nil {
				p.audioDelay, p.videoDelay = 0.020, 0.020
			}
			worst := map[float64]float64{}
			for _, m := range p.run(t, newLine(), 0, test.seconds) {
				for from, limit := range test.within {
					if m.at >= from && math.Abs(m.outstep) > limit {
						t.Fatalf("at %.3f s, the picture comes %.1f ms after its sound", m.at, m.outstep*1000)
					}
					if m.at >= from {
						worst[from] = max(worst[from], math.Abs(m.outstep))
					}
				}
			}
			t.Logf("seconds out of step at the most, from when on: %.4f", worst)
		})
	}
}

// set returns a wall clock that is set at a time.
func set(when, by float64) func(float64) float64 {
	return func(at float64) float64 {
		if at >= when {
			return at + by
		}
		return at
	}
}

// jump returns timestamps of which one kind jumps at a time.
func jump(kind domain.MediaKind, when, by float64) func(domain.MediaKind, float64) float64 {
	return func(k domain.MediaKind, at float64) float64 {
		if k == kind && at >= when {
			return at + by
		}
		return at
	}
}

// stand returns timestamps of which one kind goes on after a pause as if there had
// been none.
func stand(kind domain.MediaKind, when, length float64) func(domain.MediaKind, float64) float64 {
	return func(k domain.MediaKind, at float64) float64 {
		if k == kind && at >= when {
			return max(when, at-length)
		}
		return at
	}
}

// scatter makes nonsense of reports.
func scatter() func(ports.Clock) ports.Clock {
	random := rand.New(rand.NewPCG(9, 10))
	return func(c ports.Clock) ports.Clock {
		c.NTPTime = random.Uint64()
		return c
	}
}

// TestSoundIsNeverStretched compares it with the clock that it came by.
func TestSoundIsNeverStretched(t *testing.T) {
	p := publisher{jitter: 0.030, every: 5, late: 3, videoDelay: 2, audioDrift: 2e-4, videoDrift: -1e-4}
	tl := newLine()
	p.run(t, tl, 0, 1)
	at := tl.Of(domain.Audio, p.rtp(domain.Audio, 1))
	p.run(t, tl, 1, 600)
	passed := int64(p.rtp(domain.Audio, 599) - p.rtp(domain.Audio, 1))
	if got := tl.Of(domain.Audio, p.rtp(domain.Audio, 599)) - at; got != passed {
		t.Fatalf("%d ticks of sound have become %d", passed, got)
	}
}

func TestWhereAPartBegins(t *testing.T) {
	type frame struct {
		kind domain.MediaKind
		at   float64
	}
	const audio, video = domain.Audio, domain.Video
	never := -timeline.Begin.Seconds()
	for name, test := range map[string]struct {
		known []frame // have arrived when the first is asked for
		later []frame
		want  map[frame]float64
	}{
		"sound first":                    {[]frame{{audio, 1}, {video, 1.2}}, nil, map[frame]float64{{audio, 1}: 0, {video, 1.2}: 0.2}},
		"picture first":                  {[]frame{{video, 1}, {audio, 1.2}}, nil, map[frame]float64{{audio, 1.2}: 0.2, {video, 1}: 0}},
		"sound alone":                    {[]frame{{audio, 1}}, nil, map[frame]float64{{audio, 1}: 0, {audio, 3}: 2}},
		"pictures alone":                 {[]frame{{video, 1}}, nil, map[frame]float64{{video, 1}: 0, {video, 3}: 2}},
		"sound comes later":              {[]frame{{video, 1}}, []frame{{audio, 6}}, map[frame]float64{{video, 1}: 0, {audio, 6}: 5}},
		"pictures come later":            {[]frame{{audio, 1}}, []frame{{video, 6}}, map[frame]float64{{audio, 1}: 0, {video, 6}: 5}},
		"a picture from before":          {[]frame{{audio, 1}}, []frame{{video, 0.9}}, map[frame]float64{{audio, 1}: 0, {video, 0.9}: -0.1}},
		"sound from before":              {[]frame{{video, 1}}, []frame{{audio, 0.9}}, map[frame]float64{{audio, 0.9}: -0.1, {audio, 1.9}: 0.9}},
		"a picture decoded before it is": {[]frame{{video, 1}, {audio, 1}}, nil, map[frame]float64{{video, 0.9}: -0.1, {video, 1.1}: 0.1}},
		"pictures without any":           {nil, nil, map[frame]float64{{video, 1}: never, {audio, 1}: never}},
	} {
		t.Run(name, func(t *testing.T) {
			tl, p := newLine(), publisher{begin: math.MaxUint32 - 10}
			arrive := func(frames []frame) {
				for _, f := range frames {
					tl.Arrived(f.kind, p.rtp(f.kind, f.at), start.Add(time.Duration(f.at*float64(time.Second))))
				}
				for _, f := range frames {
					tl.Of(f.kind, p.rtp(f.kind, f.at))
				}
			}
			arrive(test.known)
			arrive(test.later)
			for f, want := range test.want {
				rate := float64(timeline.AudioRate)
				if f.kind == video {
					rate = timeline.VideoRate
				}
				if got := float64(tl.Of(f.kind, p.rtp(f.kind, f.at)))/rate - timeline.Begin.Seconds(); math.Abs(got-want) > 0.0001 {
					t.Errorf("%s of %v s is at %v s, want %v", f.kind, f.at, got, want)
				}
			}
		})
	}
}

// TestTimelineThatIsToldOfTheClocks begins anew while pictures come on a longer way,
// with reports that have come before: without them, it would be out of step.
func TestTimelineThatIsToldOfTheClocks(t *testing.T) {
	p := publisher{jitter: 0.030, every: 5, videoDelay: 0.4, audioDrift: 2e-4}
	tl := newLine()
	tl.Report(domain.Audio, p.report(domain.Audio, 18))
	tl.Report(domain.Video, p.report(domain.Video, 19))
	moments := p.run(t, tl, 20, 40)
	for _, m := range moments[1:] { // the first sound is asked for before a picture has come
		if math.Abs(m.outstep) > 0.005 {
			t.Fatalf("at %.3f s, the picture comes %.1f ms after its sound", m.at, m.outstep*1000)
		}
	}
}

// TestPicturesThatAreDecodedOutOfOrder has B pictures while pictures are moved back
// and forth: shown in the order of their timestamps they must be all the same.
func TestPicturesThatAreDecodedOutOfOrder(t *testing.T) {
	for name, delay := range map[string]float64{"moved back": 0.5, "moved ahead": -0.5} {
		t.Run(name, func(t *testing.T) {
			p := publisher{audioDelay: max(-delay, 0), videoDelay: max(delay, 0)}
			tl := newLine()
			shown := map[int]int64{}
			for n := range 900 {
				at := float64(n) / 30
				if n == 60 {
					tl.Report(domain.Audio, p.report(domain.Audio, at))
					tl.Report(domain.Video, p.report(domain.Video, at))
				}
				sound := p.rtp(domain.Audio, at)
				tl.Arrived(domain.Audio, sound, start.Add(time.Duration((at+p.audioDelay)*1e9)))
				picture := n + []int{0, 2, -1, -1}[n%4] // decoded: 0 3 1 2 4 7 5 6
				rtp := p.rtp(domain.Video, float64(picture)/30)
				tl.Arrived(domain.Video, rtp, start.Add(time.Duration((at+p.videoDelay)*1e9)))
				tl.Of(domain.Audio, sound)
				shown[picture] = tl.Of(domain.Video, rtp)
			}
			for n := 1; n < 900; n++ {
				if shown[n] <= shown[n-1] {
					t.Fatalf("picture %d is shown at %d, the one before it at %d", n, shown[n], shown[n-1])
				}
			}
			moved := shown[899] - shown[0] - 899*3_000
			if want := int64(-delay * timeline.VideoRate); max(moved-want, want-moved) > 300 {
				t.Fatalf("pictures are moved by %d ticks, want %d", moved, want)
			}
		})
	}
}

func FuzzTimeline(f *testing.F) {
	f.Add([]byte{0, 0, 0, 1, 0, 9, 2, 0, 1, 3, 0, 1, 4, 0, 1})
	f.Add([]byte{0x80, 0xff, 0, 0x41, 1, 0xff, 2, 0x80, 0, 3, 0x7f, 0xff, 0, 0, 1, 1, 1, 1})
	f.Fuzz(func(t *testing.T, steps []byte) {
		tl, now := newLine(), start
		kinds := []domain.MediaKind{domain.Audio, domain.Video}
		var rtp [2]uint32
		for ; len(steps) > 2; steps = steps[3:] {
			kind := steps[0] & 1
			by := uint32(steps[1])<<8 | uint32(steps[2])
			switch steps[0] >> 1 & 3 % 3 {
			case 0:
				rtp[kind] += by << (steps[0] >> 4)
				now = now.Add(time.Duration(by) * time.Microsecond << (steps[0] >> 4))
				tl.Arrived(kinds[kind], rtp[kind], now)
			case 1:
				tl.Report(kinds[kind], ports.Clock{NTPTime: uint64(by) << 24, RTPTime: rtp[kind] + by})
			case 2:
				tl.Report(kinds[kind], ports.Clock{NTPTime: uint64(by) << 48, RTPTime: rtp[kind]})
			}
			if got := tl.Of(kinds[kind], rtp[kind]); got < 0 {
				t.Fatalf("%s of %d is at %d", kinds[kind], rtp[kind], got)
			}
		}
	})
}
