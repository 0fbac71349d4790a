package frames

import (
	"encoding/binary"
	"fmt"

	"github.com/Eyevinn/mp4ff/avc"
	bitstream "github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"
	"github.com/pion/rtp/codecs"

	"rostrum/adapters/spool/container"
	"rostrum/domain"
)

// h264 reads payloads by RFC 6184, non-interleaved.
type h264 struct {
	sets parameterSets // SPS, PPS
	nal  []byte        // a unit that comes in fragments; reused
}

func (d *h264) picture(payloads [][]byte) (picture, error) {
	const fuA, typeMask = 28, 0x1f
	var (
		p    = codecs.H264Packet{IsAVC: true}
		fu   fragments
		unit = accessUnit{data: make([]byte, 0, size(payloads))}
	)
	for _, payload := range payloads {
		if len(payload) < 2 {
			return picture{}, errNAL
		}
		fragment := payload[0]&typeMask == fuA
		if err := fu.next(fragment, payload[1]); err != nil {
			return picture{}, err
		}
		if fragment {
			if err := d.join(&unit, payload, fu.open); err != nil {
				return picture{}, err
			}
			continue
		}
		units, err := p.Unmarshal(payload)
		if err != nil {
			return picture{}, err
		}
		for len(units) > 0 {
			end := 4 + binary.BigEndian.Uint32(units)
			if err := addH264(&unit, units[4:end]); err != nil {
				return picture{}, err
			}
			units = units[end:]
		}
	}
	if fu.open {
		return picture{}, errNoEnd
	}
	return unit.picture(&d.sets, readH264)
}

// join takes the next fragment of a NAL unit (RFC 6184 §5.8), and the unit if that is
// the last one. Most of what comes is such, and the library would copy it twice.
func (d *h264) join(to *accessUnit, payload []byte, open bool) error {
	const start, typeMask = 0x80, 0x1f
	if payload[1]&start != 0 {
		d.nal = append(d.nal[:0], payload[0]&^typeMask|payload[1]&typeMask)
	}
	d.nal = append(d.nal, payload[2:]...)
	if open {
		return nil
	}
	return addH264(to, d.nal)
}

// addH264 takes the next NAL unit of a picture (H.264 §7.3.1, Table 7-1).
func addH264(u *accessUnit, nal []byte) error {
	if len(nal) < 2 || nal[0]&0x80 != 0 {
		return errNAL
	}
	switch t := avc.GetNaluType(nal[0]); t {
	case avc.NALU_SPS, avc.NALU_PPS:
		return u.addSet(int(t-avc.NALU_SPS), nal)
	case avc.NALU_AUD, avc.NALU_EO_SEQ, avc.NALU_EO_STREAM, avc.NALU_FILL:
		return nil
	case avc.NALU_NON_IDR, avc.NALU_IDR, 2, 3, 4:
		const firstMacroblock = 0x80 // first_mb_in_slice 0 as ue(v)
		if !u.begun && nal[1]&firstMacroblock == 0 {
			return errNoBeginning
		}
		u.key = u.key || t == avc.NALU_IDR
		u.begun = true
	}
	u.data = appendUnit(u.data, nal)
	return nil
}

// readH264 makes the format of the parameter sets. Two libraries must be able to read
// them: the second one is the container's, but takes any number in them for true.
func readH264(s *parameterSets) error {
	if len(s.kinds[0]) == 0 || len(s.kinds[1]) == 0 {
		return errNAL
	}
	for _, set := range s.kinds[0] {
		var checked bitstream.SPS
		if err := checked.Unmarshal(set); err != nil {
			return fmt.Errorf("SPS: %w", err)
		}
	}
	sps, err := avc.ParseSPSNALUnit(s.kinds[0][0], true)
	if err != nil {
		return fmt.Errorf("SPS: %w", err)
	}
	width, height := int(sps.Width), int(sps.Height)
	if err := checkSize(width, height); err != nil {
		return err
	}
	s.format = &container.VideoFormat{Codec: domain.H264, Width: width, Height: height, ParameterSets: s.all()}
	return nil
}
