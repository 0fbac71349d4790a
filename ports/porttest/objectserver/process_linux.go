package objectserver

import (
	"os/exec"
	"syscall"
)

// bind has the process end with this one, however that ends.
func bind(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
