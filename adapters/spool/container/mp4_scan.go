package container

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/Eyevinn/mp4ff/bits"
	"github.com/Eyevinn/mp4ff/mp4"

	"rostrum/domain"
)

// Boxes that are larger than we write them are not read.
const (
	maxMP4Head = 1 << 16 // up to the first fragment
	maxMoof    = 1 << 24
)

// mp4Scan reads what has been written to an MP4 file, and none of its media.
type mp4Scan struct {
	file   io.ReaderAt
	size   int64
	tables [2]*sampleTable // of the pictures and of the sound; nil where none was announced
}

// scanMP4 returns what is in an MP4 file.
func scanMP4(file io.ReaderAt, size int64) (contents, error) {
	s := &mp4Scan{file: file, size: size}
	mark, media, moov, err := s.head()
	if err != nil {
		return contents{}, err
	}
	for i, id := range []uint32{videoTrack, audioTrack} {
		if s.tables[i], err = tableFor(moov, id); err != nil {
			return contents{}, err
		}
	}
	if s.tables[0] == nil && s.tables[1] == nil {
		return contents{}, fmt.Errorf("%w: it has no track", ErrDamaged)
	}
	end := media
	for {
		next, err := s.fragment(end)
		if err != nil {
			return contents{}, err
		}
		if next == 0 {
			break
		}
		end = next
	}
	return s.contents(moov, mark, end)
}

// head reads the head of the file, and returns the places of its placeholder and of
// its first fragment, and the moov between them.
func (s *mp4Scan) head() (mark, media int64, moov *mp4.MoovBox, err error) {
	head := make([]byte, min(s.size, maxMP4Head))
	if _, err := s.file.ReadAt(head, 0); err != nil {
		return 0, 0, nil, err
	}
	mark, err = fileTypeSize(head)
	if err != nil {
		return 0, 0, nil, err
	}
	head = head[min(mark+placeholderSize, int64(len(head))):]
	box, err := mp4.DecodeHeader(bytes.NewReader(head))
	if len(head) < boxHeaderSize || err == nil && box.Name == "moov" && box.Size <= maxMP4Head && box.Size > uint64(len(head)) {
		return 0, 0, nil, fmt.Errorf("%w: its head has not been written whole", ErrEmpty)
	}
	if err != nil || box.Name != "moov" || box.Size > uint64(len(head)) {
		return 0, 0, nil, fmt.Errorf("%w: it has no moov where it should have one", ErrDamaged)
	}
	moov, err = decode[*mp4.MoovBox](head[:box.Size])
	if err != nil {
		return 0, 0, nil, fmt.Errorf("%w: moov: %w", ErrDamaged, err)
	}
	return mark, mark + placeholderSize + int64(box.Size), moov, nil //nolint:gosec // it is in the head
}

// fileTypeSize returns the size of the ftyp that a file begins with, if it is one of
// ours.
func fileTypeSize(head []byte) (int64, error) {
	for _, codec := range []domain.Codec{"", domain.H264, domain.H265, domain.AV1, domain.VP9} {
		ftyp, err := encode(fileType(codec))
		if err != nil {
			return 0, err
		}
		if bytes.HasPrefix(head, ftyp) {
			return int64(len(ftyp)), nil
		}
		if bytes.HasPrefix(ftyp, head) {
			return 0, fmt.Errorf("%w: its head has not been written whole", ErrEmpty)
		}
	}
	return 0, fmt.Errorf("%w: it begins with other bytes", ErrDamaged)
}

// decode decodes one box.
func decode[B mp4.Box](data []byte) (box B, err error) {
	decoded, err := mp4.DecodeBoxSR(0, bits.NewFixedSliceReader(data))
	if err != nil {
		return box, err
	}
	box, ok := decoded.(B)
	if !ok {
		return box, fmt.Errorf("a box %s where another one should be", decoded.Type())
	}
	return box, nil
}

// fragment reads a fragment's moof, and adds its samples to the tables. It returns
// where the next fragment begins, or 0 if there is no whole fragment here.
func (s *mp4Scan) fragment(at int64) (next int64, err error) {
	data, err := s.box(at, "moof", maxMoof)
	if data == nil || err != nil {
		return 0, err
	}
	moof, err := decode[*mp4.MoofBox](data)
	if err != nil {
		return 0, nil
	}
	at += int64(len(data))
	mdat, size, err := s.header(at)
	if mdat != "mdat" || err != nil {
		return 0, err
	}
	media := int64(len(data) + boxHeaderSize)
	if !s.fits(moof, media, media+size-boxHeaderSize) {
		return 0, nil
	}
	for _, traf := range moof.Trafs {
		s.tables[traf.Tfhd.TrackID-1].add(at-int64(len(data))+int64(traf.Trun.DataOffset), traf)
	}
	return at + size, nil
}

// header returns the type and the size of the box at a place, or no type where there
// is no whole box.
func (s *mp4Scan) header(at int64) (name string, size int64, err error) {
	if s.size-at < boxHeaderSize {
		return "", 0, nil
	}
	var head [boxHeaderSize]byte
	if _, err := s.file.ReadAt(head[:], at); err != nil {
		return "", 0, err
	}
	box, err := mp4.DecodeHeader(bytes.NewReader(head[:]))
	if err != nil || box.Hdrlen != boxHeaderSize || int64(box.Size) > s.size-at { //nolint:gosec // it has 32 bits
		return "", 0, nil
	}
	return box.Name, int64(box.Size), nil //nolint:gosec // as above
}

// box reads a box of a type that is limit bytes long at most; nil if there is none.
func (s *mp4Scan) box(at int64, name string, limit int64) ([]byte, error) {
	found, size, err := s.header(at)
	if found != name || size > limit || err != nil {
		return nil, err
	}
	data := make([]byte, size)
	_, err = s.file.ReadAt(data, at)
	return data, err
}

// fits reports whether a fragment is as we write it and follows on those before it,
// and its media is what stands in the mdat behind it: from an offset to another one,
// counted from the beginning of its moof.
func (s *mp4Scan) fits(moof *mp4.MoofBox, media, end int64) bool {
	if len(moof.Trafs) == 0 || len(moof.Trafs) > 2 {
		return false
	}
	before := uint32(0)
	for _, traf := range moof.Trafs {
		if traf.Tfhd == nil || traf.Tfdt == nil || len(traf.Truns) != 1 {
			return false
		}
		id, run := traf.Tfhd.TrackID, traf.Trun
		if id <= before || id > audioTrack || s.tables[id-1] == nil {
			return false
		}
		if run.Flags != runFlags || int64(run.DataOffset) != media || !s.tables[id-1].follows(traf) {
			return false
		}
		media, before = media+int64(run.SizeOfData()), id //nolint:gosec // of each sample some bytes have been read
	}
	return media == end
}

// tableFor returns an empty table of a track, nil where the file has no such track.
func tableFor(moov *mp4.MoovBox, id uint32) (*sampleTable, error) {
	if moov.Mvhd == nil || moov.Mvex == nil {
		return nil, fmt.Errorf("%w: its moov is none of a fragmented file", ErrDamaged)
	}
	for _, trak := range moov.Traks {
		if trak.Tkhd == nil || trak.Tkhd.TrackID != id {
			continue
		}
		table, err := newSampleTable(trak)
		if err != nil {
			return nil, fmt.Errorf("%w: track %d: %w", ErrDamaged, id, err)
		}
		return table, nil
	}
	return nil, nil //nolint:nilnil // a track that is not there is no error
}

var errTrack = errors.New("it is not described as we do")
