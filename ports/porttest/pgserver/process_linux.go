package pgserver

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// memory is a directory whose files are in memory, and enough how much it must have free.
const (
	memory = "/dev/shm"
	enough = 2 << 30
)

// parent returns where data directories are made, "" for where temporary files are. In
// memory nothing waits for a disk that others use as well, and what is synced outlives
// the server as it would on one.
func parent() string {
	var disk syscall.Statfs_t
	if os.Getenv("TMPDIR") != "" || syscall.Statfs(memory, &disk) != nil || disk.Bavail*uint64(disk.Bsize) < enough {
		return ""
	}
	return memory
}

// attributes has a child run as the account, nil for this process's, and end when the
// thread that started it does.
func attributes(runAs *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: runAs, Pdeathsig: syscall.SIGKILL}
}

// childrenOfStopped returns the children of a child of this process that SIGSTOP was sent
// to, once it has stopped.
func childrenOfStopped(_ context.Context, pid int) (children []int, err error) {
	if err := unix.Waitid(unix.P_PID, pid, nil, unix.WSTOPPED|unix.WNOWAIT, nil); err != nil {
		return nil, fmt.Errorf("wait for process %d to stop: %w", pid, err)
	}
	list, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		return nil, err
	}
	for _, field := range strings.Fields(string(list)) {
		child, err := strconv.Atoi(field)
		if err != nil {
			return nil, err
		}
		children = append(children, child)
	}
	return children, nil
}
