package doctor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/dustin/go-humanize"

	"rostrum/cmd/rostrum/config"
)

// leastFree is how much room recordings should have: an hour of a good stream.
const leastFree = 2 << 30

// spool looks whether recordings can be written, and for how long.
func spool(cfg config.Recording) func(context.Context) Result {
	return func(context.Context) Result {
		if _, err := os.Stat(cfg.Dir); errors.Is(err, fs.ErrNotExist) {
			return missing("recording.dir", cfg.Dir)
		}
		if at, err := writable(cfg.Dir); err != nil {
			return unwritable(at, err)
		}
		free, known := freeBytes(cfg.Dir)
		if !known {
			return ok("%s can be written", cfg.Dir)
		}
		return examineSpool(cfg, free, sizeOf(cfg.Dir))
	}
}

func examineSpool(cfg config.Recording, free, used uint64) Result {
	seen := fmt.Sprintf("%s can be written, holds %s, and its disk has %s free", cfg.Dir, humanize.IBytes(used), humanize.IBytes(free))
	limit := uint64(max(cfg.SpoolLimit.Bytes(), 0))
	switch {
	case limit > 0 && used >= limit:
		return fail(fmt.Sprintf("%s; that is recording.spool_limit, %s: nothing is recorded any more", seen, cfg.SpoolLimit), "See why recordings are not stored (the store, above), or raise recording.spool_limit.")
	case limit > used && free < limit-used:
		return warn(fmt.Sprintf("%s; the disk is full before recording.spool_limit, %s, is reached", seen, cfg.SpoolLimit), "Lower recording.spool_limit, or make room on the disk.")
	case free < leastFree:
		return warn(seen, "Make room on the disk: an hour of 4 Mbit/s takes 1.8 GB.")
	}
	return ok("%s", seen)
}

// sizeOf returns how many bytes the files below a directory have, as far as it can be read.
func sizeOf(dir string) (sum uint64) {
	_ = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return nil //nolint:nilerr // what cannot be read is counted as nothing
		}
		if info, err := entry.Info(); err == nil {
			sum += uint64(max(info.Size(), 0))
		}
		return nil
	})
	return sum
}

// missing is for a directory that the first start makes, if it can.
func missing(key, dir string) Result {
	if at, err := writable(dir); err != nil {
		return fail(fmt.Sprintf("%s does not exist, and %s cannot be written: %v", dir, at, errno(err)), cmp.Or(ofDisk(at, err),
			fmt.Sprintf("Make it for the user that runs rostrum: install -d -o rostrum -m 700 %s; or name another directory in %s.", dir, key)))
	}
	return ok("%s does not exist yet: the first start makes it", dir)
}

// writable tries to make a file in a directory, or where that is missing in the nearest one
// above it that is there. It returns which it tried.
func writable(dir string) (at string, err error) {
	at, err = filepath.Abs(dir)
	if err != nil {
		return dir, err
	}
	for {
		info, err := os.Stat(at)
		if errors.Is(err, fs.ErrNotExist) && filepath.Dir(at) != at {
			at = filepath.Dir(at)
			continue
		}
		if err == nil && !info.IsDir() {
			return at, errors.New("it is no directory")
		}
		break
	}
	f, err := os.CreateTemp(at, ".rostrum-doctor-*")
	if err != nil {
		return at, err
	}
	_, err = f.WriteString("rostrum")
	return at, errors.Join(err, f.Sync(), f.Close(), os.Remove(f.Name()))
}

// unwritable is for what is there and cannot be written.
func unwritable(at string, err error) Result {
	return fail(fmt.Sprintf("%s cannot be written: %v", at, errno(err)), letWrite(at, err))
}

// letWrite says how it can be, by why it cannot. It may be a directory of the whole
// machine's, which is not to be given away.
func letWrite(at string, why error) string {
	return cmp.Or(ofDisk(at, why),
		fmt.Sprintf("Where it is rostrum's alone, give it to the user that runs it: chown rostrum %s; or choose another.", at))
}

// ofDisk is what to do about the disk below a directory, "" where that is not why.
func ofDisk(at string, why error) string {
	switch {
	case errors.Is(why, syscall.ENOSPC), errors.Is(why, syscall.EDQUOT):
		return "Make room on its disk (df -h " + at + "; df -i tells of inodes), or choose a directory on another."
	case errors.Is(why, syscall.EROFS):
		return "Mount its file system for writing (findmnt -T " + at + " tells which), or choose a directory on another."
	default:
		return ""
	}
}
