package container

import (
	"encoding/binary"
)

// cluster reads a Cluster, and adds its blocks to the tracks. It returns where the
// next one begins, or 0 if there is no whole one here.
func (s *webmScan) cluster(at int64) (next int64, err error) {
	head, err := s.read(at, clusterHead)
	if head == nil || err != nil || binary.BigEndian.Uint32(head) != clusterID {
		return 0, err
	}
	size, n := readVint(head[4:])
	end := at + 4 + int64(n) + int64(min(size, unknownSize))
	if n != 8 || end > s.size || head[12] != timecodeID || head[13] != 0x88 {
		return 0, nil
	}
	begin := binary.BigEndian.Uint64(head[14:])
	if begin > maxTime*1000 {
		return 0, nil
	}
	s.blocks = s.blocks[:0]
	for at := at + clusterHead; at < end; {
		b, length, err := s.block(at, end)
		if length == 0 || err != nil {
			return 0, err
		}
		b.at += int64(begin)
		b.until += int64(begin)
		s.blocks = append(s.blocks, b)
		at += length
	}
	if !s.follow() {
		return 0, nil
	}
	s.add(at)
	return end, nil
}

// read returns bytes of the file, valid until the next call; nil if there are not so
// many.
func (s *webmScan) read(at int64, length int) ([]byte, error) {
	if s.size-at < int64(length) {
		return nil, nil
	}
	_, err := s.file.ReadAt(s.scratch[:length], at)
	return s.scratch[:length], err
}

// block reads a SimpleBlock or a BlockGroup in a cluster that ends at a place, and
// returns its length, 0 if there is none as we write it. Its times are since the
// cluster began.
func (s *webmScan) block(at, clusterEnd int64) (b block, length int64, err error) {
	head, err := s.read(at, groupHead+elementHead+blockHead)
	if head == nil || err != nil {
		return b, 0, err
	}
	id, group := byte(simpleBlockID), int64(0)
	if head[0] == blockGroupID {
		size, n := readVint(head[1:])
		if n != sizeLength {
			return b, 0, nil
		}
		id, group, head = blockID, groupHead+int64(size), head[groupHead:] //nolint:gosec // it has 28 bits
	}
	size, n := readVint(head[1:])
	if head[0] != id || n != sizeLength || size <= blockHead {
		return b, 0, nil
	}
	content := head[elementHead:]
	b.track = uint64(content[0] &^ 0x80)
	b.at = int64(int16(binary.BigEndian.Uint16(content[1:]))) //nolint:gosec // it is signed
	b.until, b.key = b.at, content[3]&0x80 != 0
	length = elementHead + int64(size) //nolint:gosec // it has 28 bits
	if group > 0 {
		return s.groupTail(b, at, group, groupHead+length, clusterEnd)
	}
	if at+length > clusterEnd {
		return b, 0, nil
	}
	return b, length, nil
}

// groupTail reads what a BlockGroup of a length has behind its Block.
func (s *webmScan) groupTail(b block, at, length, tail, clusterEnd int64) (block, int64, error) {
	b.key, b.last = length-tail == durationSize, true
	if at+length > clusterEnd || !b.key && length-tail != durationSize+referenceSize {
		return b, 0, nil
	}
	data, err := s.read(at+tail, durationSize)
	if data == nil || err != nil {
		return b, 0, err
	}
	duration := binary.BigEndian.Uint64(data[2:])
	if data[0] != blockDurationID || data[1] != 0x88 || duration > maxPause*1000 {
		return b, 0, nil
	}
	b.until = b.at + int64(duration)
	return b, length, nil
}
