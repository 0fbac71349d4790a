package container

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math/bits"

	"github.com/at-wat/ebml-go"
	"github.com/at-wat/ebml-go/webm"
)

const (
	maxWebMHead = 1 << 12 // bytes; we write some hundred
	clusterHead = 4 + 8 + timecodeSize
	groupHead   = 1 + sizeLength
	elementHead = 1 + sizeLength // of a block
)

// webmScan reads what has been written to a WebM file, and none of its media.
type webmScan struct {
	file    io.ReaderAt
	size    int64
	scratch [64]byte

	segment int64 // where its content begins
	tracks  webmTracks
	blocks  []block // of the present cluster, without data
	cues    []cue   // the key pictures
	sounds  []cue   // the first sound of each cluster
	streams [audioTrack + 1]stream
}

// scanWebM returns what is in a WebM file.
func scanWebM(file io.ReaderAt, size int64) (contents, error) {
	s := &webmScan{file: file, size: size}
	end, err := s.head()
	if err != nil {
		return contents{}, err
	}
	for {
		next, err := s.cluster(end)
		if err != nil {
			return contents{}, err
		}
		if next == 0 {
			break
		}
		end = next
	}
	return s.contents(end)
}

// head reads the head of the file, and returns where its first Cluster begins. What
// stands between the size of the Segment and the Tracks is not looked at: a process
// may have been killed that was writing it.
func (s *webmScan) head() (media int64, err error) {
	head := make([]byte, min(s.size, maxWebMHead))
	if _, err := s.file.ReadAt(head, 0); err != nil {
		return 0, err
	}
	front, err := webmFront()
	if err != nil {
		return 0, err
	}
	open, err := webmHead{}.encode()
	if err != nil {
		return 0, err
	}
	if n := min(len(front), len(head)); !bytes.Equal(head[:n], front[:n]) {
		return 0, fmt.Errorf("%w: it begins with other bytes", ErrDamaged)
	}
	s.segment = int64(len(front) + 8)
	tracks := head[min(len(open), len(head)):]
	length, known := elementLength(tracks)
	if !known || length > len(tracks) && length <= maxWebMHead {
		return 0, fmt.Errorf("%w: its head has not been written whole", ErrEmpty)
	}
	if length > len(tracks) {
		return 0, fmt.Errorf("%w: it has no Tracks where it should have them", ErrDamaged)
	}
	if s.tracks, err = parseTracks(tracks[:length]); err != nil {
		return 0, fmt.Errorf("%w: Tracks: %w", ErrDamaged, err)
	}
	return int64(len(open) + length), nil
}

// elementLength returns the length of an element with an ID of 4 bytes, its own head
// included, and whether there is enough of it to tell.
func elementLength(data []byte) (int, bool) {
	if len(data) < 4 {
		return 0, false
	}
	size, n := readVint(data[4:])
	if n == 0 {
		return 0, false
	}
	return 4 + n + int(min(size, maxWebMHead)), true
}

// readVint returns a size (RFC 8794 §4), and how many bytes it has: 0 if there are too
// few.
func readVint(data []byte) (value uint64, length int) {
	if len(data) == 0 {
		return 0, 0
	}
	length = bits.LeadingZeros8(data[0]) + 1
	if length > 8 || length > len(data) {
		return 0, 0
	}
	for _, b := range data[:length] {
		value = value<<8 | uint64(b)
	}
	return value &^ (1 << (7 * length)), length
}

// webmTracks is the Tracks element of a file.
type webmTracks struct {
	element []byte              // as it was first written
	entries [audioTrack + 1]int // where in it the tracks have theirs; 0: nowhere
	video   *webm.Video
}

func parseTracks(element []byte) (webmTracks, error) {
	t := webmTracks{element: element}
	if binary.BigEndian.Uint32(element) != tracksID {
		return t, errTrack
	}
	_, n := readVint(element[4:])
	var places []int
	for at := 4 + n; at < len(element); {
		if id := element[at]; id != trackEntryID && id != voidID {
			return t, errTrack
		}
		element[at] = trackEntryID
		places = append(places, at)
		size, n := readVint(element[at+1:])
		if n == 0 || size > uint64(len(element)) {
			return t, errTrack
		}
		at += 1 + n + int(size) //nolint:gosec // it is small
	}
	var parsed struct{ Tracks webm.Tracks }
	if err := ebml.Unmarshal(bytes.NewReader(element), &parsed, ebml.WithMaxLeafElementSize(maxWebMHead)); err != nil {
		return t, err
	}
	if len(parsed.Tracks.TrackEntry) != len(places) {
		return t, errTrack
	}
	for i, entry := range parsed.Tracks.TrackEntry {
		switch {
		case entry.TrackNumber == videoTrack && entry.CodecID == "V_VP8" && entry.Video != nil:
			t.video = entry.Video
		case entry.TrackNumber == audioTrack && entry.CodecID == "A_OPUS":
		default:
			return t, errTrack
		}
		t.entries[entry.TrackNumber] = places[i]
	}
	return t, nil
}
