package clip

import (
	"bytes"
	"errors"
	"io"
	"time"

	"github.com/pion/webrtc/v4"
)

// defaultRate is the frame rate of raw video that does not tell its own.
const defaultRate = 30

type options struct{ rate float64 }

// Option changes how a file is read.
type Option func(*options)

// FrameRate sets the frames per second of raw H264 and H265, whatever the stream says. Containers tell time themselves and
// ignore it. Zero means what the stream says, else 30.
func FrameRate(fps float64) Option { return func(o *options) { o.rate = fps } }

// demux opens the format that src's first bytes show; src stands at its start.
func demux(src source, o options) (demuxer, error) {
	head := make([]byte, 16)
	n, err := io.ReadFull(src, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if _, err := src.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	head = head[:n]
	switch {
	case bytes.HasPrefix(head, []byte("DKIF")):
		return openIVF(src)
	case bytes.HasPrefix(head, []byte("OggS")):
		return openOgg(src)
	case bytes.HasPrefix(head, []byte{0x1A, 0x45, 0xDF, 0xA3}):
		return openWebM(src)
	case len(head) >= 8 && isMP4(string(head[4:8])):
		return openMP4(src)
	case isAnnexB(head):
		return openAnnexB(src, head, o.rate)
	}
	return nil, ErrNotMedia
}

func isMP4(boxType string) bool {
	switch boxType {
	case "ftyp", "styp", "moov", "mdat", "free", "skip", "wide":
		return true
	}
	return false
}

const (
	probeSpan    = 10 * time.Second
	probeSamples = 2000
	tooRareKeys  = 5 * time.Second
)

// probe reads the first seconds, to refuse now what could not be played later and to tell what will not play well.
// It leaves the clip at an unspecified sample.
func (c *Clip) probe() error {
	if raw, ok := c.demuxer.(*annexB); ok && !raw.said {
		c.Warnings = append(c.Warnings, "it doesn't tell its frame rate: taken as 30 a second; say it with --fps if it is another")
	}
	var key, widest time.Duration
	for n := range probeSamples {
		s, err := c.Next()
		if errors.Is(err, io.EOF) || (n > 0 && errors.Is(err, ErrTruncated)) {
			return nil
		}
		if err != nil {
			return err
		}
		if s.PTS > probeSpan {
			break
		}
		if c.Tracks[s.Track].Kind() == webrtc.RTPCodecTypeAudio {
			continue
		}
		refine(&c.Tracks[s.Track], s.Data)
		if s.Key {
			key = s.PTS
		}
		widest = max(widest, s.PTS-key)
	}
	if widest > tooRareKeys {
		c.Warnings = append(c.Warnings, "its key frames are more than "+tooRareKeys.String()+" apart, and a file cannot make "+
			"one when a viewer joins: viewers wait that long for the picture; re-encode it with ffmpeg's -g 60")
	}
	return nil
}
