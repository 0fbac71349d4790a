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
}

func (d *h264) picture(payloads [][]byte) (picture, error) {
	const fuA, typeMask = 28, 0x1f
	var (
		p    = codecs.H264Packet{IsAVC: true}
		fu   fragments
		unit accessUnit
	)
	for _, payload := range payloads {
		if len(payload) < 2 {
			return picture{}, errNAL
		}
		if err := fu.next(payload[0]&typeMask == fuA, payload[1]); err != nil {
			return picture{}, err
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
