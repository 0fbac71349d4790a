// Package container writes the media files of recordings, and makes them whole:
// fragmented MP4 (ISO/IEC 14496-12) for H264, H265, AV1, VP9 and for sound alone, WebM
// for VP8, with Opus in both.
//
// A file that is being written can be played up to its last whole fragment, so that
// a process may be killed at any byte. What makes it an ordinary file, with a duration
// and an index to seek by, is appended to it behind the media, and takes effect when
// some bytes of its head are written over in one piece. The media is not copied.
package container

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"time"

	"rostrum/domain"
)

// What Finalize says of a file that it has nothing to show of. Compare with errors.Is.
var (
	ErrEmpty   = errors.New("the file holds neither a picture nor sound")
	ErrDamaged = errors.New("the file is none that a recording was written to")
)

// Ticks per second of [Sample].
const (
	VideoRate = 90_000
	AudioRate = 48_000
)

// VideoFormat is what a decoder must know before the first picture.
type VideoFormat struct {
	Codec         domain.Codec
	Width, Height int
	// ParameterSets are NAL units without start code or length, or OBUs. H264: SPS,
	// PPS; H265: VPS, SPS, PPS, of each one or more; AV1: the sequence header as it
	// stands in the stream, with its header and its size. VP8 and VP9 have none.
	ParameterSets [][]byte
	// Profile, BitDepth and Subsampling are VP9's alone, as vpcC has them
	// (Subsampling 1: 4:2:0, colocated).
	Profile, BitDepth, Subsampling uint8
	FullRange                      bool
}

// Equal reports whether pictures of both formats can be in one file.
func (f VideoFormat) Equal(o VideoFormat) bool {
	return f.Codec == o.Codec && f.Width == o.Width && f.Height == o.Height &&
		f.Profile == o.Profile && f.BitDepth == o.BitDepth &&
		f.Subsampling == o.Subsampling && f.FullRange == o.FullRange &&
		slices.EqualFunc(f.ParameterSets, o.ParameterSets, bytes.Equal)
}

// AudioFormat is what a decoder must know before the first sound: Opus, at 48 kHz.
type AudioFormat struct {
	Channels int // 1 or 2
}

// Sample is one picture or one packet of sound. Times are in ticks since the part
// began, of [VideoRate] or [AudioRate].
type Sample struct {
	DTS      int64 // when it is decoded; 0 or more, and greater from sample to sample
	PTS      int64 // when it is shown: at DTS, or later where pictures are reordered
	Duration int64 // to the next one of its track; 0 if nobody knows
	Key      bool  // decodes without those before it
	// Data is not empty. H264, H265: NAL units, each behind its length in 4 bytes,
	// without parameter sets; AV1: OBUs with their sizes, without temporal
	// delimiters; VP8, VP9: the frame; Opus: the packet.
	Data []byte
}

// Fragment is what is written at once, and lost at most when the process is killed.
// Either may be empty.
type Fragment struct {
	Video, Audio []Sample
}

// Extension returns how the names of files with such pictures end; "" is for sound
// alone.
func Extension(video domain.Codec) string {
	if video == domain.VP8 {
		return ".webm"
	}
	return ".mp4"
}

// Summary is what a finalized file holds.
type Summary struct {
	Video, Audio     domain.Codec  // "" for none, also where some was announced
	Width, Height    int           // of the pictures
	Start            time.Duration // of the first sample that is shown, since the part began
	Duration         time.Duration // since the part began, to the end of its last sample
	Pictures, Sounds int
	Bytes            int64 // of the whole file
}

// The tracks have the same numbers in each file, whether they are there or not.
const (
	videoTrack = 1
	audioTrack = 2
)

// format writes one file of a container format.
type format interface {
	// head returns what the file begins with, and refuses formats that cannot be
	// described in it.
	head() ([]byte, error)

	// fragment writes a fragment whose samples follow on those before them. It
	// retains nothing.
	fragment(to io.Writer, f Fragment) error
}

// formatFor returns how a file of that video and audio is written; nil is for none.
func formatFor(video *VideoFormat, audio *AudioFormat) format {
	if video != nil && video.Codec == domain.VP8 {
		return &webmFormat{video: video, audio: audio}
	}
	return &mp4Format{video: video, audio: audio}
}

// seconds returns a number of ticks as a duration.
func seconds(ticks, rate int64) time.Duration {
	return time.Duration(ticks/rate)*time.Second + time.Duration(ticks%rate)*time.Second/time.Duration(rate)
}

// rescale returns a number of ticks as ticks of another rate, to the nearest one.
func rescale(ticks, from, to int64) int64 {
	return ticks/from*to + (ticks%from*to+from/2)/from
}
