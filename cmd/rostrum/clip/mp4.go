package clip

import (
	"errors"
	"io"
	"time"

	"github.com/Eyevinn/mp4ff/mp4"
	"github.com/pion/webrtc/v4"
)

// lookAhead bounds how many fragments are read to find the next sample of every track.
const lookAhead = 16

// mp4File reads MP4, whole or fragmented. Only the index is in memory; samples are read where they lie in the file.
type mp4File struct {
	src    source
	moov   *mp4.MoovBox
	found  chooser
	queues []*mp4Track
	at     int64 // where the next box begins
	done   bool  // no more fragments
}

// mp4Track holds what is known of a track's coming samples.
type mp4Track struct {
	id      uint32
	config  config
	scale   uint32
	shift   time.Duration // what the edit list adds to every time
	clock   int64         // decode time at the end of the last fragment
	waiting []mp4Sample
}

type mp4Sample struct {
	offset   int64
	size     uint32
	pts, dur time.Duration
	key      bool
}

func openMP4(src source) (d *mp4File, err error) {
	d = &mp4File{src: src}
	defer guard(&err)
	for d.moov == nil {
		box, err := d.box("moov")
		if errors.Is(err, io.EOF) || errors.Is(err, ErrTruncated) {
			return nil, broken("MP4 without an index (moov): its recording was cut off, or is still going on")
		}
		if err != nil {
			return nil, err
		}
		d.moov, _ = box.(*mp4.MoovBox)
	}
	if err := d.readTracks(); err != nil {
		return nil, err
	}
	d.done = d.moov.Mvex == nil
	return d, nil
}

// guard turns a panic of the library, met on a file that lies about itself, into ErrBroken.
func guard(err *error) {
	if r := recover(); r != nil {
		*err = broken("MP4: %v", r)
	}
}

func (d *mp4File) tracks() []Track     { return d.found.tracks }
func (d *mp4File) omitted() []omission { return d.found.left }

// next hands out the earliest sample of all tracks.
func (d *mp4File) next() (s Sample, err error) {
	defer guard(&err)
	for fragments := 0; !d.done && fragments < lookAhead && d.starved(); fragments++ {
		if err := d.fragment(); errors.Is(err, io.EOF) {
			d.done = true
		} else if err != nil {
			return Sample{}, err
		}
	}
	earliest := -1
	for i, q := range d.queues {
		if len(q.waiting) > 0 && (earliest < 0 || q.waiting[0].pts < d.queues[earliest].waiting[0].pts) {
			earliest = i
		}
	}
	if earliest < 0 {
		return Sample{}, io.EOF
	}
	q := d.queues[earliest]
	next := q.waiting[0]
	q.waiting = q.waiting[1:]
	if next.size > maxSample {
		return Sample{}, broken("MP4: a sample of %d bytes", next.size)
	}
	data := make([]byte, next.size)
	if _, err := d.src.ReadAt(data, next.offset); err != nil {
		return Sample{}, cut(err)
	}
	frame, err := q.config.frame(data, next.key)
	return Sample{Track: earliest, Data: frame, PTS: next.pts, Duration: next.dur}, err
}

func (d *mp4File) starved() bool {
	for _, q := range d.queues {
		if len(q.waiting) == 0 {
			return true
		}
	}
	return false
}

// box reads the next top-level box of the named type, passing over all others. io.EOF means that the file ended whole.
func (d *mp4File) box(name string) (mp4.Box, error) {
	for {
		end, err := d.src.Seek(0, io.SeekEnd)
		if err != nil {
			return nil, err
		}
		if d.at >= end {
			if d.at > end {
				return nil, ErrTruncated
			}
			return nil, io.EOF
		}
		head, err := mp4.DecodeHeader(io.NewSectionReader(d.src, d.at, end-d.at))
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, broken("MP4: %v", err)
		}
		start, size := d.at, int64(head.Size) //nolint:gosec // what overflows is negative, and refused below
		if err != nil || size < 0 || size > end-start && head.Name == name {
			return nil, ErrTruncated
		}
		d.at += min(size, end-start+1)
		if head.Name != name {
			continue
		}
		if size > maxSample*4 {
			return nil, broken("MP4: a %s box of %d bytes", name, size)
		}
		box, err := mp4.DecodeBox(uint64(start), io.NewSectionReader(d.src, start, size)) //nolint:gosec // a place in a file
		if err != nil {
			return nil, broken("MP4: %v", err)
		}
		return box, nil
	}
}

func (d *mp4File) readTracks() error {
	for _, trak := range d.moov.Traks {
		if trak.Mdia == nil || trak.Mdia.Hdlr == nil || trak.Mdia.Minf == nil || trak.Mdia.Minf.Stbl == nil ||
			trak.Mdia.Minf.Stbl.Stsd == nil || len(trak.Mdia.Minf.Stbl.Stsd.Children) == 0 || trak.Tkhd == nil {
			continue
		}
		entry := trak.Mdia.Minf.Stbl.Stsd.Children[0]
		track, conf := sampleEntry(entry)
		handler := trak.Mdia.Hdlr.HandlerType
		if !d.found.take(track, entry.Type(), handler == "soun", handler == "vide") {
			continue
		}
		q := &mp4Track{id: trak.Tkhd.TrackID, config: conf, scale: trak.Mdia.Mdhd.Timescale}
		if q.scale == 0 {
			return broken("MP4: a track without time scale")
		}
		q.shift = q.editShift(trak, d.moov.Mvhd.Timescale)
		if d.moov.Mvex == nil {
			if err := q.index(trak.Mdia.Minf.Stbl); err != nil {
				return err
			}
		}
		d.queues = append(d.queues, q)
	}
	return nil
}

// sampleEntry tells how a track is sent; a Track without codec is one that can't be.
func sampleEntry(entry mp4.Box) (Track, config) {
	switch picture, _ := entry.(*mp4.VisualSampleEntryBox); {
	case entry.Type() == "Opus":
		return opus(), config{}
	case picture == nil:
	case entry.Type() == "vp08":
		return video(webrtc.MimeTypeVP8), config{}
	case entry.Type() == "vp09":
		return video(webrtc.MimeTypeVP9), config{}
	case picture.Av1C != nil:
		return video(webrtc.MimeTypeAV1), config{webrtc.MimeTypeAV1, picture.Av1C.ConfigOBUs}
	case picture.AvcC != nil && picture.Sinf == nil:
		return video(webrtc.MimeTypeH264), avcConfig(picture.AvcC.DecConfRec)
	case picture.HvcC != nil && picture.Sinf == nil:
		return video(webrtc.MimeTypeH265), hevcConfig(picture.HvcC.DecConfRec)
	}
	return Track{}, config{}
}

// fragment takes the next moof into the queues.
func (d *mp4File) fragment() error {
	box, err := d.box("moof")
	if err != nil {
		return err
	}
	moof, ok := box.(*mp4.MoofBox)
	if !ok {
		return broken("MP4: a moof that is none")
	}
	for _, traf := range moof.Trafs {
		for _, q := range d.queues {
			if traf.Tfhd != nil && q.id == traf.Tfhd.TrackID {
				defaults, _ := d.moov.Mvex.GetTrex(q.id)
				q.extend(moof, traf, defaults)
			}
		}
	}
	return nil
}
