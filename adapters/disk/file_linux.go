package disk

import (
	"os"

	"golang.org/x/sys/unix"
)

// dropCache asks the system to forget what it has of a file in memory and has
// written, so that it is read from the disk. It may decline.
func dropCache(f *os.File) { _ = unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED) }

// hold shows others that f is being written, until it is closed, also by the end of
// this process. Where the file system has no locks, they go by its age.
func hold(f *os.File) { _ = unix.Flock(int(f.Fd()), unix.LOCK_EX) }

// abandoned reports whether it is certain that nobody holds f.
func abandoned(f *os.File) bool { return unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) == nil }
