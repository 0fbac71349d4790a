package container

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"io"
	"slices"

	"github.com/at-wat/ebml-go"
)

const (
	simpleBlockID   = 0xa3
	blockGroupID    = 0xa0
	blockID         = 0xa1
	blockDurationID = 0x9b
	timecodeID      = 0xe7

	timecodeSize = 1 + 1 + 8
	blockHead    = 4      // bytes of a block before its data
	sizeLength   = 4      // bytes of the sizes of blocks and groups
	maxTimecode  = 30_000 // milliseconds of a block since its cluster; it has 16 bits
	referenceID  = 0xfb
)

// block is a sample as a Cluster has it; times are in milliseconds since the part
// began.
type block struct {
	track    uint64
	at       int64
	until    int64 // when its track goes on
	previous int64 // when the one before it on its track was shown
	key      bool
	last     bool // of its track in its cluster
	data     []byte
}

// fragment writes a Cluster, or several where the fragment lasts so long. The blocks
// of both tracks stand in order of time, and the last one of each tells its duration,
// so that the file's is known.
func (w *webmFormat) fragment(to io.Writer, f Fragment) error {
	w.blocks = appendBlocks(w.blocks[:0], videoTrack, VideoRate, f.Video)
	w.blocks = appendBlocks(w.blocks, audioTrack, AudioRate, f.Audio)
	defer clear(w.blocks) // the data is the caller's
	slices.SortStableFunc(w.blocks, func(a, b block) int { return cmp.Compare(a.at, b.at) })
	for rest := w.blocks; len(rest) > 0; {
		n := slices.IndexFunc(rest, func(b block) bool { return b.at-rest[0].at > maxTimecode })
		if n < 0 {
			n = len(rest)
		}
		if err := writeCluster(to, rest[:n]); err != nil {
			return err
		}
		rest = rest[n:]
	}
	return nil
}

// appendBlocks appends the samples of a track. Pictures that a late joiner got at once can
// be less than a millisecond apart; each stands at one of its own, as decoders want it.
func appendBlocks(to []block, track uint64, rate int64, samples []Sample) []block {
	for i, s := range samples {
		until := s.PTS + s.Duration
		if i+1 < len(samples) {
			until = samples[i+1].PTS
		}
		b := block{track: track, at: rescale(s.PTS, rate, 1000), until: rescale(until, rate, 1000), key: s.Key || track == audioTrack, data: s.Data}
		b.previous = b.at - 1
		if i > 0 {
			b.previous = to[len(to)-1].at
			b.at = max(b.at, b.previous+1)
		}
		to = append(to, b)
	}
	return to
}

func writeCluster(to io.Writer, blocks []block) error {
	begin := blocks[0].at
	timecode, err := marshal(&struct {
		Timecode uint64 `ebml:"Timecode,size=8"`
	}{uint64(begin)}) //nolint:gosec // it is not negative
	if err != nil {
		return err
	}
	var ended [audioTrack + 1]bool
	for i := len(blocks) - 1; i >= 0; i-- {
		b := &blocks[i]
		b.last = !ended[b.track]
		ended[b.track] = true
	}
	size := len(timecode)
	for _, b := range blocks {
		size += b.size()
	}
	head := binary.BigEndian.AppendUint32(nil, clusterID)
	head = append(append(head, vint(uint64(size), 8)...), timecode...)
	if _, err := to.Write(head); err != nil {
		return err
	}
	for _, b := range blocks {
		if err := b.write(to, begin); err != nil {
			return err
		}
	}
	return nil
}

// groupTail is what a BlockGroup has behind its Block.
type groupTail struct {
	BlockDuration  uint64 `ebml:"BlockDuration,size=8"`
	ReferenceBlock *int64 `ebml:"ReferenceBlock,size=8"`
}

const (
	durationSize  = 1 + 1 + 8
	referenceSize = 1 + 1 + 8
)

// size returns how many bytes write writes.
func (b *block) size() int {
	size := 1 + sizeLength + blockHead + len(b.data)
	if b.last {
		size += 1 + sizeLength + durationSize
		if !b.key {
			size += referenceSize
		}
	}
	return size
}

// write writes a SimpleBlock, or, where its duration is told, a BlockGroup, in a
// cluster that begins at a time.
func (b *block) write(to io.Writer, begin int64) error {
	var head []byte
	block := ebml.Block{TrackNumber: b.track, Timecode: int16(b.at - begin), Data: [][]byte{b.data}} //nolint:gosec // see maxTimecode
	if b.last {
		head = append([]byte{blockGroupID}, vint(uint64(b.size()-1-sizeLength), sizeLength)...) //nolint:gosec // a length
		head = append(head, blockID)
	} else {
		head = append(head, simpleBlockID)
		block.Keyframe = b.key
	}
	head = append(head, vint(uint64(blockHead+len(b.data)), sizeLength)...)
	if _, err := to.Write(head); err != nil {
		return err
	}
	if err := ebml.MarshalBlock(&block, to); err != nil || !b.last {
		return err
	}
	tail := groupTail{BlockDuration: uint64(max(0, b.until-b.at))}
	if !b.key {
		back := min(b.previous-b.at, -1)
		tail.ReferenceBlock = &back
	}
	var encoded bytes.Buffer
	if err := ebml.Marshal(&tail, &encoded); err != nil {
		return err
	}
	_, err := to.Write(encoded.Bytes())
	return err
}
