package timeline

import "time"

// stream is what is known of the clock of one stream. Its timestamps are extended to
// 64 bits and counted from its first frame.
type stream struct {
	rate  int64
	begun bool
	last  uint32    // the timestamp of the frame that came last
	count int64     // that, extended
	at    time.Time // when it came

	since time.Time     // when the first frame came
	delay time.Duration // the smallest of arrival less timestamp, of the first moments

	clock  clock
	placed bool // it has its place in the part
}

// clock is what reports say of a stream.
type clock struct {
	known  bool
	stale  bool          // the other stream's clock has stepped since
	early  bool          // it came before the first frame, and rtp is not extended yet
	rtp    uint32        // of the last report
	ntp    time.Duration // likewise, since the first one of both streams
	offset time.Duration // the publisher's time less timestamp
}

// arrived takes note of a frame that came at a time, and since the first of both
// streams. A timestamp that has jumped counts as what lies between the arrivals.
func (s *stream) arrived(rtp uint32, at time.Time, since time.Duration) {
	if !s.begun {
		s.begun, s.since, s.delay = true, at, since
		if s.clock.early {
			s.clock.early = false
			s.last = rtp
			s.clock.offset = s.clock.ntp - duration(s.extend(s.clock.rtp), s.rate)
		}
	} else {
		step, elapsed := int64(int32(rtp-s.last)), at.Sub(s.at) //nolint:gosec // the difference of what wraps
		if (elapsed - duration(step, s.rate)).Abs() > absurd {
			step = max(ticks(elapsed, s.rate), 1)
			s.clock = clock{}
		}
		s.count += step
	}
	s.last, s.at = rtp, at
	if at.Sub(s.since) <= moments {
		s.delay = min(s.delay, since-duration(s.count, s.rate))
	}
}

// report takes note of a pair of times. It returns whether they have stepped since the
// one before, because a clock has been set or timestamps have stood still, so that the
// last report of the other stream is out of date.
func (s *stream) report(rtp uint32, ntp time.Duration) (stepped bool) {
	before := s.clock
	s.clock = clock{known: true, rtp: rtp, ntp: ntp, early: !s.begun}
	if !s.begun {
		return false
	}
	s.clock.offset = ntp - duration(s.extend(rtp), s.rate)
	return before.known && !before.stale && (s.clock.offset-before.offset).Abs() > clockSet
}

// reported reports whether the stream's clock can be compared with the other's.
func (s *stream) reported() bool { return s.begun && s.clock.known && !s.clock.stale }

// extend returns a timestamp of within some hours of the last one, extended.
func (s *stream) extend(rtp uint32) int64 {
	return s.count + int64(int32(rtp-s.last)) //nolint:gosec // the difference of what wraps
}

// duration returns how long ticks last.
func duration(ticks, rate int64) time.Duration {
	return time.Duration(ticks/rate)*time.Second + time.Duration(ticks%rate)*time.Second/time.Duration(rate)
}

// ticks returns how many ticks d has, to the nearest one.
func ticks(d time.Duration, rate int64) int64 {
	whole, rest := int64(d/time.Second), int64(d%time.Second)
	half := int64(time.Second) / 2
	if d < 0 {
		half = -half
	}
	return whole*rate + (rest*rate+half)/int64(time.Second)
}

// ntpSince returns what lies between two NTP times of 32.32 bits, which wrap.
func ntpSince(ntp, begin uint64) time.Duration {
	d := int64(ntp - begin) //nolint:gosec // the difference of what wraps
	return time.Duration(d>>32)*time.Second + time.Duration((d&0xffff_ffff)*int64(time.Second)>>32)
}
