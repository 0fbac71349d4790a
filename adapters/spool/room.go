package spool

import (
	"fmt"

	"github.com/dustin/go-humanize"

	"rostrum/adapters/spool/container"
)

// What finalizing a recording takes of the disk: an index, which is less than a
// thirty-second of its media, a manifest, and the rest of its journal. A disk that is
// full to the last byte could finalize nothing, and so store nothing, and so never have
// room again.
const (
	indexShare = 32
	otherFiles = 64 << 10
)

// leavesRoom returns nil if a fragment leaves room on the disk for finalizing what is
// being recorded, else an error that is the disk's own when it is full.
func (s *Spool) leavesRoom(f container.Fragment) error {
	free, known := freeBytes(s.config.Dir)
	if !known {
		return nil
	}
	needed := s.finalizing()
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
			bytes += t.Status().Bytes/indexShare + otherFiles
		}
	}
	return bytes
}
