//go:build !linux

package pgserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"syscall"
)

// attributes has a child run as the account, nil for this process's. It outlives tests
// that are killed.
func attributes(runAs *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: runAs}
}

// parent returns where data directories are made, "" for where temporary files are.
func parent() string { return "" }

// childrenOfStopped returns the children of a process.
func childrenOfStopped(ctx context.Context, pid int) (children []int, err error) {
	list, err := exec.CommandContext(ctx, "ps", "-A", "-o", "pid=", "-o", "ppid=").Output()
	if err != nil {
		return nil, err
	}
	for in := strings.NewReader(string(list)); ; {
		var child, parent int
		switch _, err := fmt.Fscan(in, &child, &parent); {
		case errors.Is(err, io.EOF):
			return children, nil
		case err != nil:
			return nil, err
		case parent == pid:
			children = append(children, child)
		}
	}
}
