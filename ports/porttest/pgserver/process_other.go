//go:build !linux

package pgserver

import "syscall"

// attributes has a child run as the account, nil for this process's. It outlives tests
// that are killed.
func attributes(runAs *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: runAs}
}

// parent returns where data directories are made, "" for where temporary files are.
func parent() string { return "" }
