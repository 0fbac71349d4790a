package frames

import (
	"errors"
	"fmt"

	"rostrum/adapters/spool/container"
	"rostrum/domain"
)

// depacketizer takes the payloads of one picture, all of them and in order, or of one
// packet of sound. An error means that they are none, or not all. It keeps no payload.
type depacketizer interface {
	picture(payloads [][]byte) (picture, error)
}

// picture is what payloads come to. Without data there is nothing to be shown.
type picture struct {
	data    []byte
	key     bool
	leading bool                   // it hangs on the key frame before it and on what was before that
	format  *container.VideoFormat // of a key frame
}

func newDepacketizer(codec domain.Codec) depacketizer {
	switch codec {
	case domain.VP8:
		return &vp8{}
	case domain.VP9:
		return &vp9{}
	case domain.H264:
		return &h264{}
	case domain.H265:
		return &h265{}
	case domain.AV1:
		return &av1{}
	default:
		return opus{}
	}
}

// size returns for how much a picture of some payloads has room: for them, and for
// what is put before their units.
func size(payloads [][]byte) int {
	sum := 64
	for _, p := range payloads {
		sum += len(p)
	}
	return sum
}

var (
	errNoBeginning = errors.New("the beginning of the picture is missing")
	errNoEnd       = errors.New("the end of the picture is missing")
)

// maxSide is the longest side of a picture that is believed, in pixels.
const maxSide = 16_384

// checkSize refuses sizes that no publisher sends.
func checkSize(width, height int) error {
	if width < 1 || height < 1 || width > maxSide || height > maxSide {
		return fmt.Errorf("a picture of %d x %d pixels", width, height)
	}
	return nil
}
