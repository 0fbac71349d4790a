package frames

import (
	"bytes"
	"errors"
	"fmt"

	bitstream "github.com/bluenviron/mediacommon/v2/pkg/codecs/av1"
	"github.com/pion/rtp/codecs"
	"github.com/pion/rtp/codecs/av1/obu"

	"rostrum/adapters/spool/container"
	"rostrum/domain"
)

// av1 reads payloads by the RTP payload format for AV1 (v1.0), and as much of the
// OBUs as tells key frames (AV1 bitstream specification §5.5, §5.9).
type av1 struct {
	format *container.VideoFormat
}

var errAV1 = errors.New("not a temporal unit of AV1")

func (d *av1) picture(payloads [][]byte) (picture, error) {
	var (
		p    codecs.AV1Depacketizer
		data = make([]byte, 0, size(payloads))
		open bool // an OBU goes on in the next packet
	)
	for _, payload := range payloads {
		obus, err := p.Unmarshal(payload)
		if err != nil {
			return picture{}, err
		}
		if p.Z != open { // it would be dropped silently
			return picture{}, errNoBeginning
		}
		open = p.Y
		data = append(data, obus...)
	}
	if open {
		return picture{}, errNoEnd
	}
	return d.read(data)
}

// read goes through the OBUs of a temporal unit.
func (d *av1) read(data []byte) (picture, error) {
	var (
		sequence   []byte // the sequence header OBU
		frames     int
		key, still bool
	)
	for rest := data; len(rest) > 0; {
		h, whole, body, err := nextOBU(rest)
		if err != nil {
			return picture{}, err
		}
		rest = rest[len(whole):]
		switch h.Type {
		case obu.OBUSequenceHeader:
			const reducedStillPicture = 0x08
			sequence, still = whole, len(body) > 0 && body[0]&reducedStillPicture != 0
		case obu.OBUFrame, obu.OBUFrameHeader:
			if len(body) == 0 {
				return picture{}, errAV1
			}
			const shown, shownKey = 0xf0, 0x10 // show_existing_frame 0, frame_type KEY_FRAME, show_frame 1
			if frames == 0 {
				key = still || body[0]&shown == shownKey
			}
			frames++
		case obu.OBUTileGroup:
			if frames == 0 {
				return picture{}, errNoBeginning
			}
		}
	}
	if frames == 0 {
		return picture{}, nil
	}
	if !key || sequence == nil {
		return picture{data: data}, nil
	}
	if err := d.know(sequence); err != nil {
		return picture{}, err
	}
	return picture{data: data, key: true, format: d.format}, nil
}

// nextOBU returns the OBU that data begins with, whole and without its header.
func nextOBU(data []byte) (h *obu.Header, whole, body []byte, err error) {
	if h, err = obu.ParseOBUHeader(data); err != nil {
		return nil, nil, nil, err
	}
	if !h.HasSizeField {
		return nil, nil, nil, errAV1
	}
	size, n, err := obu.ReadLeb128(data[h.Size():])
	if err != nil {
		return nil, nil, nil, err
	}
	begin := h.Size() + int(n)
	if size > uint(len(data[begin:])) {
		return nil, nil, nil, errAV1
	}
	end := begin + int(size)
	return h, data[:end], data[begin:end], nil
}

// know takes the format from a sequence header.
func (d *av1) know(sequence []byte) error {
	if d.format != nil && bytes.Equal(d.format.ParameterSets[0], sequence) {
		return nil
	}
	var h bitstream.SequenceHeader
	if err := h.Unmarshal(sequence); err != nil {
		return fmt.Errorf("sequence header: %w", err)
	}
	if err := checkSize(h.Width(), h.Height()); err != nil {
		return err
	}
	d.format = &container.VideoFormat{
		Codec:         domain.AV1,
		Width:         h.Width(),
		Height:        h.Height(),
		ParameterSets: [][]byte{bytes.Clone(sequence)},
	}
	return nil
}
