package frames

import (
	"encoding/binary"

	h264bits "github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"
	h265bits "github.com/bluenviron/mediacommon/v2/pkg/codecs/h265"

	"rostrum/adapters/spool/container"
	"rostrum/domain"
)

// DecodeTimes finds out when the pictures of a part are to be decoded. That differs
// from when they are shown in H264 and H265 with B pictures, which are decoded after
// pictures that are shown later. It belongs to one goroutine.
type DecodeTimes struct {
	extract  func(units [][]byte, pts int64) (int64, error) // nil: the order is the same
	format   *container.VideoFormat
	reorders bool // as far as format tells, the order may differ
	differed bool // it has
	begun    bool
	last     int64
}

// NewDecodeTimes returns what finds the times of one part.
func NewDecodeTimes(codec domain.Codec) *DecodeTimes {
	switch codec {
	case domain.H264:
		var e h264bits.DTSExtractor
		e.Initialize()
		return &DecodeTimes{extract: e.Extract}
	case domain.H265:
		var e h265bits.DTSExtractor
		e.Initialize()
		return &DecodeTimes{extract: e.Extract}
	default:
		return &DecodeTimes{}
	}
}

// Of returns when a frame is to be decoded that is shown at pts, in ticks of 1/90000 s
// since the part began. Frames are given in order, the first is a key frame. What Of
// returns is 0 or more, increases from frame to frame, and is not above pts as long as
// ok is true. If it is not, pts is below what it should be, and the frame is best
// shown at dts.
func (d *DecodeTimes) Of(f Frame, pts int64) (dts int64, ok bool) {
	dts = d.find(f, pts)
	if d.begun {
		dts = max(dts, d.last+1)
	}
	dts = max(dts, 0)
	d.begun, d.last = true, dts
	return dts, dts <= pts
}

// find returns what the bitstream tells, or else something that is likely.
func (d *DecodeTimes) find(f Frame, pts int64) int64 {
	if d.extract == nil {
		return pts
	}
	if f.Format != nil && f.Format != d.format {
		d.format, d.reorders = f.Format, mayReorder(f.Format)
	}
	if !d.reorders {
		return pts
	}
	var units [][]byte
	if f.Format != nil {
		units = append(units, f.Format.ParameterSets...)
	}
	for data := f.Data; len(data) > 0; {
		end := 4 + binary.BigEndian.Uint32(data)
		units = append(units, data[4:end])
		data = data[end:]
	}
	dts, err := d.extract(units, pts)
	switch {
	case err != nil && d.differed:
		return d.last
	case err != nil:
		return pts
	}
	d.differed = d.differed || dts < pts
	return dts
}

// mayReorder reports whether the parameter sets leave it open that pictures are decoded
// in another order than they are shown.
func mayReorder(f *container.VideoFormat) bool {
	if f.Codec == domain.H264 {
		const baseline = 66
		var sps h264bits.SPS
		if len(f.ParameterSets) == 0 || sps.Unmarshal(f.ParameterSets[0]) != nil {
			return false
		}
		told := sps.VUI != nil && sps.VUI.BitstreamRestriction != nil
		return sps.ProfileIdc != baseline && sps.PicOrderCntType != 2 &&
			(!told || sps.VUI.BitstreamRestriction.MaxNumReorderFrames > 0)
	}
	for _, set := range f.ParameterSets {
		var sps h265bits.SPS
		if h265bits.NALUType(set[0]>>1&0x3f) != h265bits.NALUType_SPS_NUT || sps.Unmarshal(set) != nil {
			continue
		}
		for _, pictures := range sps.MaxNumReorderPics {
			if pictures > 0 {
				return true
			}
		}
	}
	return false
}
