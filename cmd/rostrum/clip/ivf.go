package clip

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"time"

	"github.com/pion/webrtc/v4"
	"github.com/pion/webrtc/v4/pkg/media/ivfreader"
)

// ivf reads the format of the VP8, VP9 and AV1 reference encoders.
type ivf struct {
	reader *ivfreader.IVFReader
	peek   *bufio.Reader
	track  Track
	tick   float64 // seconds per unit of the reader's timestamps
}

func openIVF(src io.Reader) (*ivf, error) {
	peek := bufio.NewReader(src)
	reader, header, err := ivfreader.NewWith(peek)
	if err != nil {
		return nil, broken("IVF: %v", err)
	}
	mime, ok := map[string]string{
		"VP80": webrtc.MimeTypeVP8, "VP90": webrtc.MimeTypeVP9, "AV01": webrtc.MimeTypeAV1,
	}[header.FourCC]
	if !ok {
		return nil, broken("IVF: codec %q is none of VP80, VP90, AV01", header.FourCC)
	}
	// The reader hands out timestamps multiplied by the frame rate; undone here, once for the rate and once for seconds.
	base := float64(header.TimebaseNumerator) / float64(header.TimebaseDenominator)
	return &ivf{reader: reader, peek: peek, track: video(mime), tick: base * base}, nil
}

func (d *ivf) tracks() []Track     { return []Track{d.track} }
func (d *ivf) omitted() []omission { return nil }

func (d *ivf) next() (Sample, error) {
	head, err := d.peek.Peek(4)
	if errors.Is(err, io.EOF) && len(head) == 0 {
		return Sample{}, io.EOF
	}
	if err == nil && binary.LittleEndian.Uint32(head) > maxSample {
		return Sample{}, broken("IVF: a frame of %d bytes", binary.LittleEndian.Uint32(head))
	}
	data, header, err := d.reader.ParseNextFrame()
	if err != nil { // whatever the reader calls it, there was a beginning
		return Sample{}, ErrTruncated
	}
	return Sample{Data: data, PTS: time.Duration(float64(header.Timestamp) * d.tick * float64(time.Second))}, nil
}
