package bench

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// usage is what a process has used so far.
type usage struct {
	cpu     time.Duration // of all its threads, also of those that have ended
	wakeups uint64        // voluntary context switches of the threads that run
	memory  uint64        // anonymous pages in memory, in bytes: its heap and stacks
}

// usageOf reads a process of this machine; 0 is bench itself.
func usageOf(pid int) (usage, error) {
	var u usage
	var spent unix.Timespec
	const schedulerClock = 2                                                         // of a process, as clock_getcpuclockid(3) has it
	if err := unix.ClockGettime(int32(^pid<<3|schedulerClock), &spent); err != nil { //nolint:gosec // PIDs are less than 2^22
		return u, fmt.Errorf("process %d can't be measured (is --server-pid right?): %w", pid, err)
	}
	u.cpu = time.Duration(spent.Nano())
	if pid == 0 {
		return u, nil
	}
	folder := filepath.Join("/proc", strconv.Itoa(pid))
	u.memory = 1024 * statusField(filepath.Join(folder, "status"), "RssAnon:")
	threads, err := filepath.Glob(filepath.Join(folder, "task", "*", "status"))
	if err != nil {
		return u, err
	}
	for _, thread := range threads {
		u.wakeups += statusField(thread, "voluntary_ctxt_switches:")
	}
	return u, nil
}

// statusField is a number of a status file in /proc, 0 if it isn't there, as of a thread that has just ended.
func statusField(path, name string) uint64 {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(text) {
		if value, ok := strings.CutPrefix(string(line), name); ok {
			number, _ := strconv.ParseUint(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
			return number
		}
	}
	return 0
}

// mostSubscribers is how many sockets the limit of open files leaves.
func mostSubscribers() int {
	const others = 100
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return 1000
	}
	return int(min(max(limit.Cur, others+1)-others, 100_000))
}
