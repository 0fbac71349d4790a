package doctor

import "golang.org/x/sys/unix"

// synchronized reports whether something keeps the clock right, and whether that can be
// told.
func synchronized() (right, known bool) {
	var about unix.Timex // no modes: nothing is set
	state, err := unix.Adjtimex(&about)
	return state != unix.TIME_ERROR && about.Status&unix.STA_UNSYNC == 0, err == nil
}

// freeBytes returns how much this process may still write to the disk of a directory, and
// whether that can be told.
func freeBytes(dir string) (uint64, bool) {
	var disk unix.Statfs_t
	if err := unix.Statfs(dir, &disk); err != nil {
		return 0, false
	}
	return disk.Bavail * uint64(max(disk.Bsize, 0)), true
}

// fileLimit returns how many files this process may have open, and whether that can be told.
func fileLimit() (uint64, bool) {
	var limit unix.Rlimit
	err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit)
	return limit.Cur, err == nil
}
