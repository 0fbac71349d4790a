package clip

import (
	"bytes"
	"errors"
	"io"
	"time"

	"github.com/pion/webrtc/v4"
	"github.com/pion/webrtc/v4/pkg/media/h264reader"
	"github.com/pion/webrtc/v4/pkg/media/h265reader"
)

// annexB reads raw H264 or H265, and puts NAL units together into pictures.
type annexB struct {
	track  Track
	unit   func() ([]byte, error)
	held   []byte // the first unit of the next picture
	first  []byte // the first picture, read ahead to learn the timing
	count  int64
	timing timing
	said   bool // the frame rate is not a guess
}

// isAnnexB looks for a start code and a unit that streams begin with: parameter sets, a delimiter or SEI.
func isAnnexB(head []byte) bool {
	nal, found := bytes.CutPrefix(bytes.TrimLeft(head, "\x00"), []byte{1})
	if !found || len(nal) < 2 || len(head)-len(nal) < len(startCode)-1 {
		return false
	}
	return isHEVC(nal) || nal[0]&0x80 == 0 && nal[0]&0x1F >= 6 && nal[0]&0x1F <= 9
}

func isHEVC(nal []byte) bool {
	const delimiter, sei = 35, 39
	t := hevcType(nal)
	return nal[0]&0x81 == 0 && nal[1] == 1 && (t >= hevcVPS && t <= delimiter || t == sei)
}

// openAnnexB takes the frame rate from the stream's parameter sets unless rate says it.
func openAnnexB(src io.Reader, head []byte, rate float64) (*annexB, error) {
	var err error
	d := &annexB{track: video(webrtc.MimeTypeH264)}
	if isHEVC(bytes.TrimLeft(head, "\x00")[1:]) {
		d.track = video(webrtc.MimeTypeH265)
		d.unit, err = h265Units(&bounded{r: src})
	} else {
		d.unit, err = h264Units(&bounded{r: src})
	}
	if err != nil {
		return nil, err
	}
	if d.first, err = d.picture(); err != nil {
		return nil, broken("raw video without a whole picture")
	}
	d.timing = timingOf(d.track.Codec.MimeType, d.first)
	d.said = rate > 0 || d.timing.rate > 0
	switch {
	case rate > 0:
		d.timing.rate = rate
	case !d.said:
		d.timing.rate = defaultRate
	}
	return d, nil
}

func (d *annexB) tracks() []Track     { return []Track{d.track} }
func (d *annexB) omitted() []omission { return nil }

func (d *annexB) next() (Sample, error) {
	frame := d.first
	d.first = nil
	if frame == nil {
		var err error
		if frame, err = d.picture(); err != nil {
			return Sample{}, err
		}
	}
	if d.timing.reorders(frame) {
		return Sample{}, ErrReordered
	}
	at := func(n int64) time.Duration { return time.Duration(float64(n) / d.timing.rate * float64(time.Second)) }
	d.count++
	return Sample{Data: frame, PTS: at(d.count - 1), Duration: at(d.count) - at(d.count-1)}, nil
}

// picture joins units up to the first that belongs to the next picture.
func (d *annexB) picture() ([]byte, error) {
	var frame []byte
	coded := false
	for {
		unit := d.held
		d.held = nil
		if unit == nil {
			var err error
			if unit, err = d.unit(); errors.Is(err, io.EOF) && coded {
				return frame, nil
			} else if err != nil {
				return nil, err
			}
		}
		slice, begins := role(d.track.Codec.MimeType, unit)
		if coded && begins {
			d.held = unit
			return frame, nil
		}
		coded = coded || slice
		frame = append(append(frame, startCode...), unit...)
		if len(frame) > maxSample {
			return nil, broken("a picture of more than %d bytes", maxSample)
		}
	}
}

// role says whether a unit is a slice, and whether it begins a picture once the one before has slices.
func role(mime string, unit []byte) (slice, begins bool) {
	if mime == webrtc.MimeTypeH265 {
		const endOfSequence, prefixSEI = 36, 39
		t := hevcType(unit)
		if t < hevcVPS {
			return true, len(unit) > 2 && unit[2]&0x80 != 0
		}
		return false, t < endOfSequence || t == prefixSEI
	}
	switch t := unit[0] & 0x1F; {
	case t >= 1 && t <= nalIDR:
		return true, len(unit) > 1 && unit[1]&0x80 != 0
	default:
		return false, t >= 6 && t <= 9 || t >= 14 && t <= 18
	}
}

func h264Units(src *bounded) (func() ([]byte, error), error) {
	reader, err := h264reader.NewReader(src)
	return func() ([]byte, error) {
		nal, err := reader.NextNAL()
		if err := src.taken(err); err != nil {
			return nil, err
		}
		return nal.Data, nil
	}, err
}

func h265Units(src *bounded) (func() ([]byte, error), error) {
	reader, err := h265reader.NewReader(src)
	return func() ([]byte, error) {
		nal, err := reader.NextNAL()
		if err := src.taken(err); err != nil {
			return nil, err
		}
		return nal.Data, nil
	}, err
}

// bounded stops a reader that would take a file without start codes into memory whole. pion's readers end quietly on any
// error, so it is kept for taken.
type bounded struct {
	r    io.Reader
	size int
	err  error
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.size > maxSample {
		b.err = broken("a NAL unit of more than %d bytes", maxSample)
		return 0, b.err
	}
	n, err := b.r.Read(p)
	b.size += n
	if err != nil && !errors.Is(err, io.EOF) {
		b.err = err
	}
	return n, err
}

// taken is called after each unit, with the error that it came with.
func (b *bounded) taken(err error) error {
	b.size = 0
	if b.err != nil {
		return b.err
	}
	return err
}
