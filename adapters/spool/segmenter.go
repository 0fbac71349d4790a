package spool

import (
	"cmp"
	"time"

	"rostrum/adapters/spool/container"
	"rostrum/adapters/spool/frames"
	"rostrum/domain"
)

// pictureWait is how long after the first sound a part begins without a picture.
const pictureWait = time.Second

// longestPause is from when on what follows upon a pause is a part of its own.
const longestPause = time.Hour

// segmenter makes parts of samples, and writes them. A part begins with the first
// picture, or with sound that has waited for one long enough; another one where the
// format of the pictures changes, and wherever end is called before.
type segmenter struct {
	folder    *folder
	publisher domain.SessionID // whose samples come
	number    int              // of the present part
	part      *part            // nil: none has begun
	waiting   []sample         // sound that has come before a part has begun
	blind     time.Time        // since when pictures come of which none is a key frame; zero: none come
	gaps      int              // of the parts before the present one
}

// add takes the next sample in. It may write, and wait for the disk.
func (s *segmenter) add(x sample) {
	if s.part != nil && s.part.pause(x) {
		s.end(outage{})
	}
	switch {
	case x.kind == domain.Video:
		s.picture(x)
	case s.part != nil:
		s.give(x)
	default:
		s.waiting = append(s.waiting, x)
	}
}

// shows reports whether a picture can be shown: a part with pictures begins with a key
// frame.
func (s *segmenter) shows(f frames.Frame) bool {
	if f.Format != nil || s.part != nil && s.part.format != nil {
		return true
	}
	s.miss(f.Arrived)
	return false
}

// miss takes note of a picture that cannot be shown.
func (s *segmenter) miss(arrived time.Time) {
	if s.blind.IsZero() {
		s.blind = arrived
	}
}

func (s *segmenter) picture(x sample) {
	if x.format == nil && s.part == nil { // a pause has ended the part
		s.miss(x.arrived)
		return
	}
	if !s.blind.IsZero() {
		x.dark = max(x.dark, x.arrived.Sub(s.blind))
		s.blind = time.Time{}
	}
	if x.format != nil && (s.part == nil || !s.part.shows(x.format)) {
		s.next(x.format, outage{x.dark, cmp.Or(x.lost, domain.GapLost)})
	}
	s.give(x)
}

func (s *segmenter) give(x sample) {
	if s.part.add(x) {
		s.write()
	}
}

// tick does what is due by now, though nothing has come.
func (s *segmenter) tick(now time.Time) {
	if s.part == nil && len(s.waiting) > 0 && now.Sub(s.waiting[0].arrived) >= pictureWait {
		s.next(nil, outage{})
	}
	if s.part != nil && s.part.tick(now) {
		s.write()
	}
}

// blocked reports whether pictures come and nothing can be shown of them before the
// next key frame.
func (s *segmenter) blocked() bool { return !s.blind.IsZero() || s.part != nil && s.part.video.blocked }

// next ends the present part, if there is one, and begins another one, of which the
// sound is that waits.
func (s *segmenter) next(format *container.VideoFormat, o outage) {
	if s.part != nil {
		s.end(o)
	}
	s.number++
	s.part = newPart(partFile(s.number, format), s.publisher, format)
	waiting := s.waiting
	s.waiting = nil
	for _, x := range waiting {
		s.give(x)
	}
}

// end ends the present part. The outage is that of pictures up to now.
func (s *segmenter) end(o outage) {
	if s.part == nil && len(s.waiting) > 0 {
		s.next(nil, outage{})
	}
	s.blind = time.Time{}
	if s.part == nil {
		return
	}
	s.part.last(o)
	s.write()
	s.gaps += len(s.part.gaps.all)
	s.folder.end(s.part)
	s.part = nil
}

// write writes what has been gathered. What the disk refuses is missing.
func (s *segmenter) write() {
	fragment := s.part.fragment()
	if len(fragment.Video)+len(fragment.Audio) == 0 {
		return
	}
	if s.folder.write(s.part, fragment) != nil {
		s.part.refused()
		return
	}
	s.part.written()
}

// missing returns how many gaps there are.
func (s *segmenter) missing() int {
	if s.part == nil {
		return s.gaps
	}
	return s.gaps + len(s.part.gaps.all) + len(s.part.early)
}
