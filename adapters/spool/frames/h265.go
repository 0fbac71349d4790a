package frames

import (
	"fmt"

	"github.com/Eyevinn/mp4ff/hevc"
	annexb "github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"
	bitstream "github.com/bluenviron/mediacommon/v2/pkg/codecs/h265"
	"github.com/pion/rtp/codecs"

	"rostrum/adapters/spool/container"
	"rostrum/domain"
)

// h265 reads payloads by RFC 7798 without decoding order numbers.
type h265 struct {
	sets parameterSets // VPS, SPS, PPS
}

func (d *h265) picture(payloads [][]byte) (picture, error) {
	const fragmentationUnit = 49
	var (
		p    codecs.H265Depacketizer
		fu   fragments
		unit accessUnit
	)
	for _, payload := range payloads {
		if len(payload) < 3 {
			return picture{}, errNAL
		}
		if err := fu.next(hevc.GetNaluType(payload[0]) == fragmentationUnit, payload[2]); err != nil {
			return picture{}, err
		}
		stream, err := p.Unmarshal(payload)
		if err != nil {
			return picture{}, err
		}
		if len(stream) == 0 {
			continue // a fragment
		}
		var units annexb.AnnexB
		if err := units.Unmarshal(stream); err != nil {
			return picture{}, err
		}
		for _, nal := range units {
			if err := addH265(&unit, nal); err != nil {
				return picture{}, err
			}
		}
	}
	if fu.open {
		return picture{}, errNoEnd
	}
	return unit.picture(&d.sets, readH265)
}

// addH265 takes the next NAL unit of a picture (H.265 §7.3.1.2, Table 7-1).
func addH265(u *accessUnit, nal []byte) error {
	if len(nal) < 3 || nal[0]&0x80 != 0 {
		return errNAL
	}
	const lastSlice = 31
	switch t := hevc.GetNaluType(nal[0]); {
	case t >= hevc.NALU_VPS && t <= hevc.NALU_PPS:
		return u.addSet(int(t-hevc.NALU_VPS), nal)
	case t == hevc.NALU_SEI_PREFIX || t == hevc.NALU_SEI_SUFFIX:
	case t > lastSlice: // delimiters, ends, fill, and what is reserved
		return nil
	case t > hevc.NALU_RASL_R && t < hevc.NALU_BLA_W_LP || t > hevc.NALU_CRA:
		return errNAL
	default:
		const firstSlice = 0x80 // first_slice_segment_in_pic_flag
		if !u.begun && nal[2]&firstSlice == 0 {
			return errNoBeginning
		}
		u.key = u.key || t >= hevc.NALU_BLA_W_LP
		u.leading = t == hevc.NALU_RASL_N || t == hevc.NALU_RASL_R
		u.begun = true
	}
	u.data = appendUnit(u.data, nal)
	return nil
}

// readH265 makes the format of the parameter sets. Two libraries must be able to read
// them: the second one is the container's, but takes any number in them for true.
func readH265(s *parameterSets) error {
	if len(s.kinds[0]) == 0 || len(s.kinds[1]) == 0 || len(s.kinds[2]) == 0 {
		return errNAL
	}
	for _, set := range s.kinds[1] {
		var checked bitstream.SPS
		if err := checked.Unmarshal(set); err != nil {
			return fmt.Errorf("SPS: %w", err)
		}
	}
	sps, err := hevc.ParseSPSNALUnit(s.kinds[1][0])
	if err != nil {
		return fmt.Errorf("SPS: %w", err)
	}
	w, h := sps.ImageSize()
	width, height := int(w), int(h)
	if err := checkSize(width, height); err != nil {
		return err
	}
	s.format = &container.VideoFormat{Codec: domain.H265, Width: width, Height: height, ParameterSets: s.all()}
	return nil
}
