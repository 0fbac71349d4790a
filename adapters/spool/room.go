package spool

import (
	"fmt"

	"github.com/dustin/go-humanize"

	"rostrum/adapters/spool/container"
)

// What finalizing a recording takes of the disk at the most, besides a manifest and the
// rest of its journal: the index has 12 bytes for a packet of sound (ISO/IEC 14496-12:
// stts 8, stsz 4), 12 more for a picture (ctts 8, stss 4), and 20 for a fragment of a
// track (co64 8, stsc 12). A disk that is full to the last byte could finalize nothing,
// and so store nothing, and so never have room again.
const (
	pictureIndex  = 24
	soundIndex    = 12
	fragmentIndex = 40
	otherFiles    = 64 << 10
)

// indexOf returns what a fragment adds to the index at the most.
func indexOf(f container.Fragment) int64 {
	return int64(len(f.Video))*pictureIndex + int64(len(f.Audio))*soundIndex + fragmentIndex
}

// leavesRoom returns nil if a fragment leaves room on the disk for finalizing what is
// being recorded, else an error that is the disk's own when it is full.
func (s *Spool) leavesRoom(f container.Fragment) error {
	free, known := freeBytes(s.config.Dir)
	if !known {
		return nil
	}
	needed := s.finalizing() + indexOf(f)
	for _, track := range [][]container.Sample{f.Video, f.Audio} {
		for i := range track {
			needed += int64(len(track[i].Data))
		}
	}
	if free >= needed {
		return nil
	}
	return fmt.Errorf("recording spool %s: %w. Its last %s are for finalizing: make room on the disk", s.config.Dir, errDiskFull, humanize.IBytes(uint64(max(free, 0))))
}

// finalizing returns what it takes to finalize all that is being recorded.
func (s *Spool) finalizing() (bytes int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.busy {
		if t != nil {
			bytes += t.folder.index.Load() + otherFiles
		}
	}
	return bytes
}
