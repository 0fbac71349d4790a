package container

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/at-wat/ebml-go"
	"github.com/at-wat/ebml-go/webm"
)

// A file is the EBML header and one Segment (RFC 9559): a Void, Info, Tracks and a
// Cluster for each fragment. When it is finalized, Cues are appended, and the head is
// written over by one of the same length: the Segment has a size, the Void is a
// SeekHead, a Void in Info is its Duration, and the entry of a track that nothing came
// of is a Void, too: players would wait for it.

const (
	ebmlID       = 0x1a45dfa3
	segmentID    = 0x18538067
	infoID       = 0x1549a966
	tracksID     = 0x1654ae6b
	trackEntryID = 0xae
	clusterID    = 0x1f43b675
	cuesID       = 0x1c53bb6b
	voidID       = 0xec

	unknownSize = 1<<56 - 1
	millisecond = 1_000_000  // the TimecodeScale that WebM has, in nanoseconds
	preRoll     = 80_000_000 // that Opus needs behind a seek (RFC 7845 §4.6), in nanoseconds
)

// webmFormat writes WebM.
type webmFormat struct {
	video *VideoFormat
	audio *AudioFormat

	blocks []block // of a fragment; kept for its memory
}

func (w *webmFormat) head() ([]byte, error) {
	tracks, err := w.tracks()
	if err != nil {
		return nil, err
	}
	return webmHead{tracks: tracks}.encode()
}

func (w *webmFormat) tracks() ([]byte, error) {
	var tracks webm.Tracks
	if v := w.video; v != nil {
		if v.Width < 1 || v.Height < 1 {
			return nil, fmt.Errorf("%s: pictures of %dx%d", v.Codec, v.Width, v.Height)
		}
		tracks.TrackEntry = append(tracks.TrackEntry, webm.TrackEntry{
			TrackNumber: videoTrack, TrackUID: videoTrack, TrackType: 1, CodecID: "V_VP8",
			Video: &webm.Video{PixelWidth: uint64(v.Width), PixelHeight: uint64(v.Height)},
		})
	}
	if w.audio != nil {
		channels := byte(max(1, min(w.audio.Channels, 2)))
		tracks.TrackEntry = append(tracks.TrackEntry, webm.TrackEntry{
			TrackNumber: audioTrack, TrackUID: audioTrack, TrackType: 2, CodecID: "A_OPUS",
			CodecPrivate: opusHead(channels), SeekPreRoll: preRoll,
			Audio: &webm.Audio{SamplingFrequency: AudioRate, Channels: uint64(channels)},
		})
	}
	return marshal(&struct{ Tracks webm.Tracks }{tracks})
}

// opusHead is RFC 7845 §5.1. Nothing is skipped at the beginning: what is received
// live was not padded.
func opusHead(channels byte) []byte {
	head := append([]byte("OpusHead"), 1, channels, 0, 0)
	head = binary.LittleEndian.AppendUint32(head, AudioRate)
	return append(head, 0, 0, 0)
}

// webmHead is what a file has before its first Cluster. Whether it is open or final,
// and whatever stands in it, it has the same length with the same tracks.
type webmHead struct {
	tracks   []byte   // the element, as it is written
	size     uint64   // of the Segment's content; 0: unknown
	cues     uint64   // where they are in that; 0: nowhere
	duration *float64 // in milliseconds; nil: unknown
}

// webmSeek is webm.Seek, with numbers of one length.
type webmSeek struct {
	SeekID       []byte
	SeekPosition uint64 `ebml:"SeekPosition,size=8"`
}

type webmInfo struct {
	TimecodeScale uint64
	MuxingApp     string
	WritingApp    string
	Duration      *float64 `ebml:"Duration,size=8"`
	Void          []byte   `ebml:"Void,omitempty"`
}

type webmSeekHead struct {
	Seek []webmSeek
}

func (h webmHead) encode() ([]byte, error) {
	front, err := webmFront()
	if err != nil {
		return nil, err
	}
	info := webmInfo{TimecodeScale: millisecond, MuxingApp: "rostrum", WritingApp: "rostrum", Duration: h.duration}
	if h.duration == nil {
		info.Void = make([]byte, 9) // and 2 bytes of its own are the 11 of Duration
	}
	infos, err := marshal(&struct{ Info webmInfo }{info})
	if err != nil {
		return nil, err
	}
	seek, err := h.seek(len(infos))
	if err != nil {
		return nil, err
	}
	size := h.size
	if size == 0 {
		size = unknownSize
	}
	return bytes.Join([][]byte{front, vint(size, 8), seek, infos, h.tracks}, nil), nil
}

// webmFront returns what stands in each file before the size of its Segment.
func webmFront() ([]byte, error) {
	header, err := marshal(&struct{ EBML webm.EBMLHeader }{*webm.DefaultEBMLHeader})
	return binary.BigEndian.AppendUint32(header, segmentID), err
}

// seek returns the SeekHead, or a Void of its length, which stands before an Info of
// that length and the tracks.
func (h webmHead) seek(info int) ([]byte, error) {
	const length = 68
	if h.cues == 0 {
		return marshal(&struct{ Void []byte }{make([]byte, length-2)})
	}
	head, err := marshal(&struct{ SeekHead webmSeekHead }{webmSeekHead{[]webmSeek{
		{binary.BigEndian.AppendUint32(nil, infoID), length},
		{binary.BigEndian.AppendUint32(nil, tracksID), uint64(length + info)}, //nolint:gosec // a length
		{binary.BigEndian.AppendUint32(nil, cuesID), h.cues},
	}}})
	if err == nil && len(head) != length {
		err = errors.New("the SeekHead has another length than its placeholder")
	}
	return head, err
}

func marshal(elements any) ([]byte, error) {
	var to bytes.Buffer
	err := ebml.Marshal(elements, &to)
	return to.Bytes(), err
}

// vint returns a size as EBML has it (RFC 8794 §4), in a number of bytes that it fits
// in: the library chooses them itself, and wants to have all media in memory before.
func vint(size uint64, length int) []byte {
	var to [8]byte
	binary.BigEndian.PutUint64(to[:], size|1<<(7*length))
	return to[8-length:]
}
