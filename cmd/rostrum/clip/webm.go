package clip

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"time"

	"github.com/Eyevinn/mp4ff/av1"
	"github.com/Eyevinn/mp4ff/avc"
	"github.com/Eyevinn/mp4ff/hevc"
	"github.com/at-wat/ebml-go"
	"github.com/pion/webrtc/v4"
)

// The elements of Matroska (RFC 9559) that are entered or read; all others are passed over by their size.
const (
	idSegment     = 0x18538067
	idInfo        = 0x1549A966
	idScale       = 0x2AD7B1
	idTracks      = 0x1654AE6B
	idCluster     = 0x1F43B675
	idClusterTime = 0xE7
	idSimpleBlock = 0xA3
	idBlockGroup  = 0xA0
	idBlock       = 0xA1
)

const unknownSize = -1

// webM reads WebM and Matroska block by block; clusters of unknown size, as live writers leave them, are fine.
type webM struct {
	r     *bufio.Reader
	pos   int64
	end   int64 // of the segment, or unknownSize
	scale time.Duration
	time  int64    // of the cluster, in scale
	found *chooser // nil until the tracks have been read
	byID  map[uint64]webMTrack
	laced []Sample // frames of the last block that are still to be handed out
}

type webMTrack struct {
	index    int
	config   config
	duration time.Duration
}

// webMEntry is the part of a TrackEntry that is read; ebml-go fills it by its field names.
type webMEntry struct {
	TrackNumber      uint64
	TrackType        uint64
	CodecID          string
	CodecPrivate     []byte
	DefaultDuration  uint64
	ContentEncodings struct {
		ContentEncoding []struct{ ContentEncodingOrder uint64 }
	}
}

// openWebM reads up to the tracks.
func openWebM(src io.Reader) (*webM, error) {
	d := &webM{r: bufio.NewReaderSize(src, 64<<10), end: unknownSize, scale: time.Millisecond, byID: map[uint64]webMTrack{}}
	for d.found == nil {
		id, size, err := d.element()
		if err == nil && id == idCluster {
			err = broken("Matroska: media before the tracks")
		}
		if err == nil {
			_, err = d.handle(id, size)
		}
		if errors.Is(err, io.EOF) {
			return nil, broken("Matroska: no tracks")
		}
		if err != nil {
			return nil, err
		}
	}
	return d, nil
}

func (d *webM) tracks() []Track     { return d.found.tracks }
func (d *webM) omitted() []omission { return d.found.left }

func (d *webM) next() (Sample, error) {
	for len(d.laced) == 0 {
		id, size, err := d.element()
		if errors.Is(err, io.EOF) && d.pos < d.end {
			return Sample{}, ErrTruncated
		}
		if err != nil {
			return Sample{}, err
		}
		if d.laced, err = d.handle(id, size); err != nil {
			return Sample{}, cut(err)
		}
	}
	s := d.laced[0]
	d.laced = d.laced[1:]
	return s, nil
}

// handle takes in one element. Masters that hold what we want are simply entered: their children come next.
func (d *webM) handle(id uint64, size int64) ([]Sample, error) {
	switch id {
	case idSegment:
		if size != unknownSize {
			d.end = d.pos + size
		}
		return nil, nil
	case idCluster, idBlockGroup, idInfo:
		return nil, nil
	}
	if size < 0 || size > maxSample && (id == idTracks || id == idSimpleBlock || id == idBlock) {
		return nil, broken("Matroska: element %#x of size %d", id, size)
	}
	switch id {
	case idScale, idClusterTime:
		n, err := d.number(size)
		if id == idClusterTime {
			d.time = n
		} else if n > 0 && n <= int64(time.Second) {
			d.scale = time.Duration(n)
		}
		return nil, err
	case idTracks:
		return nil, d.readTracks(size)
	case idSimpleBlock, idBlock:
		return d.block(size)
	}
	return nil, d.skip(size)
}

// block unpacks a block into the samples of its track, none if the track is not sent.
func (d *webM) block(size int64) ([]Sample, error) {
	data, err := d.bytes(size)
	if err != nil {
		return nil, err
	}
	b, err := ebml.UnmarshalBlock(bytes.NewReader(data), size)
	if err != nil {
		return nil, broken("Matroska: %v", err)
	}
	track, ok := d.byID[b.TrackNumber]
	if !ok {
		return nil, nil
	}
	at := time.Duration(d.time+int64(b.Timecode)) * d.scale
	var samples []Sample
	for _, stored := range b.Data {
		frame, err := track.config.frame(stored, b.Keyframe)
		if err != nil {
			return nil, err
		}
		s := Sample{Track: track.index, Data: frame, PTS: at, Duration: track.duration}
		if track.config.mime == webrtc.MimeTypeOpus {
			s.Duration = opusDuration(frame)
		}
		at += s.Duration
		samples = append(samples, s)
	}
	return samples, nil
}

func (d *webM) readTracks(size int64) error {
	data, err := d.bytes(size)
	if err != nil {
		return cut(err)
	}
	var found struct{ TrackEntry []webMEntry }
	if err := ebml.Unmarshal(bytes.NewReader(data), &found, ebml.WithIgnoreUnknown(true)); err != nil {
		return broken("Matroska: %v", err)
	}
	var choice chooser
	for _, e := range found.TrackEntry {
		track, conf, err := e.open()
		if err != nil {
			return err
		}
		if !choice.take(track, e.CodecID, e.TrackType == 2, e.TrackType == 1) {
			continue
		}
		duration := time.Duration(e.DefaultDuration) //nolint:gosec // what overflows is negative, and taken as unsaid
		d.byID[e.TrackNumber] = webMTrack{len(choice.tracks) - 1, conf, duration}
	}
	d.found = &choice
	return nil
}

// open tells how a track is sent; a Track without codec is one that can't be.
func (e webMEntry) open() (Track, config, error) {
	if len(e.ContentEncodings.ContentEncoding) > 0 { // compressed or encrypted by the container
		return Track{}, config{}, nil
	}
	switch e.CodecID {
	case "A_OPUS":
		return opus(), config{mime: webrtc.MimeTypeOpus}, nil
	case "V_VP8":
		return video(webrtc.MimeTypeVP8), config{}, nil
	case "V_VP9":
		return video(webrtc.MimeTypeVP9), config{}, nil
	case "V_AV1":
		record, err := av1.DecodeAV1CodecConfRec(e.CodecPrivate)
		if err != nil { // early writers left it out; the frames then hold all
			return video(webrtc.MimeTypeAV1), config{}, nil
		}
		return video(webrtc.MimeTypeAV1), config{webrtc.MimeTypeAV1, record.ConfigOBUs}, nil
	case "V_MPEG4/ISO/AVC":
		record, err := avc.DecodeAVCDecConfRec(e.CodecPrivate)
		if err != nil {
			return Track{}, config{}, broken("Matroska: H264 configuration: %v", err)
		}
		return video(webrtc.MimeTypeH264), avcConfig(record), nil
	case "V_MPEGH/ISO/HEVC":
		record, err := hevc.DecodeHEVCDecConfRec(e.CodecPrivate)
		if err != nil {
			return Track{}, config{}, broken("Matroska: H265 configuration: %v", err)
		}
		return video(webrtc.MimeTypeH265), hevcConfig(record), nil
	}
	return Track{}, config{}, nil
}
