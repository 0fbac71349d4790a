package frames

import (
	"encoding/binary"
	"errors"
	"math/bits"
	"slices"

	bitstream "github.com/bluenviron/mediacommon/v2/pkg/codecs/vp9"
	"github.com/pion/rtp/codecs"

	"rostrum/adapters/spool/container"
	"rostrum/domain"
)

// vp9 reads payloads by RFC 9628. The frames of several spatial layers become one
// superframe.
type vp9 struct {
	format *container.VideoFormat
}

var errVP9 = errors.New("not a picture of VP9")

func (d *vp9) picture(payloads [][]byte) (picture, error) {
	var (
		data          = make([]byte, 0, size(payloads))
		sizes         []int // of the layers' frames
		width, height int   // of the highest layer, where it is told
	)
	for i, payload := range payloads {
		var p codecs.VP9Packet // a new one each time: it adds to what it has
		part, err := p.Unmarshal(payload)
		switch {
		case err != nil:
			return picture{}, err
		case p.B:
			sizes = append(sizes, 0)
		case i == 0:
			return picture{}, errNoBeginning
		}
		if n := len(p.Width); p.V && n > 0 {
			width, height = int(p.Width[n-1]), int(p.Height[n-1])
		}
		data = append(data, part...)
		sizes[len(sizes)-1] += len(part)
	}
	if len(sizes) > 8 || slices.Contains(sizes, 0) {
		return picture{}, errVP9
	}
	var header bitstream.Header
	if err := header.Unmarshal(data); err != nil {
		return picture{}, err
	}
	if len(sizes) > 1 {
		data = appendIndex(data, sizes)
	}
	if header.ShowExistingFrame || header.NonKeyFrame {
		return picture{data: data}, nil
	}
	if len(sizes) == 1 || width == 0 || height == 0 {
		width, height = header.Width(), header.Height()
	}
	if err := d.read(header, width, height); err != nil {
		return picture{}, err
	}
	return picture{data: data, key: true, format: d.format}, nil
}

// read takes the format from the header of a key frame.
func (d *vp9) read(h bitstream.Header, width, height int) error {
	if err := checkSize(width, height); err != nil {
		return err
	}
	format := container.VideoFormat{
		Codec:       domain.VP9,
		Width:       width,
		Height:      height,
		Profile:     h.Profile,
		BitDepth:    h.ColorConfig.BitDepth,
		Subsampling: subsampling(h.ColorConfig.SubsamplingX, h.ColorConfig.SubsamplingY),
		FullRange:   h.ColorConfig.ColorRange,
	}
	if d.format == nil || !d.format.Equal(format) {
		d.format = &format
	}
	return nil
}

// subsampling returns the number that vpcC has for it.
func subsampling(x, y bool) uint8 {
	const colocated420, s422, s444, s440 = 1, 2, 3, 4
	switch {
	case x && y:
		return colocated420
	case x:
		return s422
	case y:
		return s440
	default:
		return s444
	}
}

// appendIndex makes frames that stand one behind another a superframe (VP9 bitstream
// specification, Annex B).
func appendIndex(data []byte, sizes []int) []byte {
	width := (bits.Len(uint(slices.Max(sizes))) + 7) / 8
	marker := byte(0xc0 | (width-1)<<3 | (len(sizes) - 1)) //nolint:gosec // 4 octets and 8 frames at the most
	data = append(data, marker)
	for _, size := range sizes {
		var octets [8]byte
		binary.LittleEndian.PutUint64(octets[:], uint64(size)) //nolint:gosec // sizes are not negative
		data = append(data, octets[:width]...)
	}
	return append(data, marker)
}
