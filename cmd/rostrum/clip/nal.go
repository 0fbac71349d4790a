package clip

import (
	"bytes"
	"encoding/binary"
	"iter"

	"github.com/Eyevinn/mp4ff/avc"
	"github.com/Eyevinn/mp4ff/hevc"
	"github.com/pion/webrtc/v4"
)

const (
	nalIDR     = 5
	nalSPS     = 7
	nalPPS     = 8
	hevcVPS    = 32
	hevcSPS    = 33
	hevcPPS    = 34
	hevcEntry  = 16 // IRAP pictures are 16 to 23
	hevcEntryZ = 23
)

var startCode = []byte{0, 0, 0, 1}

// nals walks the units of an Annex B frame; no unit is empty, and all are slices of it.
func nals(frame []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for start := bytes.Index(frame, startCode[1:]); start >= 0; {
			frame = frame[start+3:]
			start = bytes.Index(frame, startCode[1:])
			nal := frame
			if start >= 0 {
				nal = frame[:start]
			}
			nal = bytes.TrimRight(nal, "\x00")
			if len(nal) > 0 && !yield(nal) {
				return
			}
		}
	}
}

func hevcType(nal []byte) byte { return nal[0] >> 1 & 0x3F }

// nalEntry says whether the unit is a slice that decoding can start with.
func nalEntry(mime string, nal []byte) bool {
	if mime == webrtc.MimeTypeH265 {
		return hevcType(nal) >= hevcEntry && hevcType(nal) <= hevcEntryZ
	}
	return nal[0]&0x1F == nalIDR
}

func nalParameters(mime string, nal []byte) bool {
	if mime == webrtc.MimeTypeH265 {
		return hevcType(nal) >= hevcVPS && hevcType(nal) <= hevcPPS
	}
	return nal[0]&0x1F == nalSPS || nal[0]&0x1F == nalPPS
}

// A config is what a container keeps beside the frames and a WebRTC receiver must find in them.
type config struct {
	mime string
	data []byte // parameter sets in Annex B, or AV1's sequence header
}

func avcConfig(record avc.DecConfRec) config {
	return config{webrtc.MimeTypeH264, join(append(record.SPSnalus, record.PPSnalus...))}
}

func hevcConfig(record hevc.DecConfRec) config {
	var sets [][]byte
	for _, array := range record.NaluArrays {
		sets = append(sets, array.Nalus...)
	}
	return config{webrtc.MimeTypeH265, join(sets)}
}

func join(units [][]byte) []byte {
	var out []byte
	for _, unit := range units {
		out = append(append(out, startCode...), unit...)
	}
	return out
}

// frame turns a sample as containers hold it into one that can be sent. It may return stored itself.
func (c config) frame(stored []byte, key bool) ([]byte, error) {
	switch c.mime {
	case webrtc.MimeTypeH264, webrtc.MimeTypeH265:
		return c.annexB(stored)
	case webrtc.MimeTypeAV1:
		if key && len(c.data) > 0 && !hasSequenceHeader(stored) {
			return append(bytes.Clone(c.data), stored...), nil
		}
	}
	return stored, nil
}

// annexB replaces lengths of four bytes by start codes, and puts the parameter sets before a picture that needs them.
func (c config) annexB(stored []byte) ([]byte, error) {
	var units [][]byte
	entry, parameters := false, false
	for len(stored) > 0 {
		if len(stored) < 4 {
			return nil, broken("%d bytes after the last NAL unit of a frame", len(stored))
		}
		size := binary.BigEndian.Uint32(stored)
		stored = stored[4:]
		if uint64(size) > uint64(len(stored)) {
			return nil, broken("a NAL unit of %d bytes in a frame with %d left", size, len(stored))
		}
		if unit := stored[:size]; size > 0 {
			units = append(units, unit)
			entry = entry || nalEntry(c.mime, unit)
			parameters = parameters || nalParameters(c.mime, unit)
		}
		stored = stored[size:]
	}
	if entry && !parameters {
		return append(bytes.Clone(c.data), join(units)...), nil
	}
	return join(units), nil
}
