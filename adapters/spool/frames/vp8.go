package frames

import (
	"bytes"
	"encoding/binary"
	"errors"

	"github.com/pion/rtp/codecs"

	"rostrum/adapters/spool/container"
	"rostrum/domain"
)

// vp8 reads payloads by RFC 7741 and the frame's header by RFC 6386 §9.1.
type vp8 struct {
	format *container.VideoFormat
}

var errVP8 = errors.New("not a frame of VP8")

func (d *vp8) picture(payloads [][]byte) (picture, error) {
	data := make([]byte, 0, size(payloads))
	for i, payload := range payloads {
		var p codecs.VP8Packet
		part, err := p.Unmarshal(payload)
		if err != nil {
			return picture{}, err
		}
		if first := p.S == 1 && p.PID == 0; first != (i == 0) {
			return picture{}, errNoBeginning
		}
		data = append(data, part...)
	}
	if len(data) < 3 {
		return picture{}, errVP8
	}
	key := data[0]&1 == 0
	begin := 3
	if key {
		begin = 10
	}
	firstPartition := int(data[0]>>5) | int(data[1])<<3 | int(data[2])<<11
	if begin+firstPartition > len(data) {
		return picture{}, errVP8
	}
	if !key {
		return picture{data: data}, nil
	}
	if err := d.read(data); err != nil {
		return picture{}, err
	}
	return picture{data: data, key: true, format: d.format}, nil
}

// read takes the format from the header of a key frame.
func (d *vp8) read(data []byte) error {
	const sides = 0x3fff // the upper two bits of each ask for scaling
	width := int(binary.LittleEndian.Uint16(data[6:]) & sides)
	height := int(binary.LittleEndian.Uint16(data[8:]) & sides)
	if !bytes.Equal(data[3:6], []byte{0x9d, 0x01, 0x2a}) {
		return errVP8
	}
	if err := checkSize(width, height); err != nil {
		return err
	}
	if d.format == nil || d.format.Width != width || d.format.Height != height {
		d.format = &container.VideoFormat{Codec: domain.VP8, Width: width, Height: height}
	}
	return nil
}
