package clip

import (
	"bytes"

	"github.com/Eyevinn/mp4ff/avc"
	"github.com/Eyevinn/mp4ff/bits"
	"github.com/pion/webrtc/v4"
)

// timing is what raw video tells of its time.
type timing struct {
	rate  float64 // frames per second; zero if it doesn't say
	order order
}

// order says whether pictures are stored in the order in which they are shown.
type order int

const (
	unsaid order = iota // H264 may leave it open: then a B slice tells
	inOrder
	outOfOrder
)

// reorders says whether the picture, or the stream as a whole, makes a receiver wait for a later one.
func (t timing) reorders(picture []byte) bool {
	if t.order != unsaid {
		return t.order == outOfOrder
	}
	for nal := range nals(picture) {
		if slice, _ := role(webrtc.MimeTypeH264, nal); !slice {
			continue
		}
		if kind, err := avc.GetSliceTypeFromNALU(nal); err == nil && kind == avc.SLICE_B {
			return true
		}
	}
	return false
}

// timingOf reads the parameter sets of a stream's first picture. What they leave out, or hold damaged, stays unsaid.
func timingOf(mime string, picture []byte) timing {
	for nal := range nals(picture) {
		p := parameters{bits.NewEBSPReader(bytes.NewReader(nal))}
		switch {
		case mime == webrtc.MimeTypeH265 && hevcType(nal) == hevcVPS:
			return p.vps()
		case mime == webrtc.MimeTypeH264 && nal[0]&0x1F == nalSPS:
			return p.sps()
		}
	}
	if mime == webrtc.MimeTypeH265 {
		return timing{order: inOrder}
	}
	return timing{}
}

// frameRate takes only what a camera could have made.
func frameRate(scale, ticks uint) float64 {
	if ticks == 0 {
		return 0
	}
	if rate := float64(scale) / float64(ticks); rate >= 1 && rate <= 240 {
		return rate
	}
	return 0
}

func orderOf(reordered uint) order {
	if reordered > 0 {
		return outOfOrder
	}
	return inOrder
}
