package spool

import "syscall"

const errDiskFull = syscall.ENOSPC

// freeBytes returns how much this process may still write to the disk of a directory,
// and whether that can be told.
func freeBytes(dir string) (int64, bool) {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(dir, &disk); err != nil {
		return 0, false
	}
	return int64(disk.Bavail) * disk.Bsize, true //nolint:gosec // of a disk that there is
}
