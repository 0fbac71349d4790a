package keeping

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// The disk of the SQLite file is full, and then has room again.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	diskFull(t).strike(t)
}

// diskFull fills the disk of the file, 16 MiB that the server alone sees.
func diskFull(t *testing.T) fault {
	disk, filler := t.TempDir(), ""
	return fault{
		url:    "sqlite:" + filepath.Join(disk, "rostrum.db"),
		around: func(server *exec.Cmd) *exec.Cmd { return withDisk(server, disk, 16<<20) },
		begin: func(t *testing.T, server int) {
			filler = filepath.Join("/proc", strconv.Itoa(server), "root", disk, "filler")
			fill(t, filler)
		},
		end: func(t *testing.T) {
			if err := os.Remove(filler); err != nil {
				t.Error(err)
			}
		},
	}
}

// withDisk mounts a disk of so many bytes before it runs a command.
func withDisk(cmd *exec.Cmd, disk string, size int) *exec.Cmd {
	const script = `mount -t tmpfs -o size="$1" none "$0" && shift && exec "$@"`
	mounted := exec.Command("sh", append([]string{"-c", script, disk, strconv.Itoa(size)}, cmd.Args...)...)
	mounted.Dir, mounted.Env = cmd.Dir, cmd.Env
	mounted.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS}
	if os.Getuid() != 0 {
		mounted.SysProcAttr.Cloneflags = syscall.CLONE_NEWUSER
		mounted.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		mounted.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	return mounted
}

// fill writes a file until its disk has no room for another page.
func fill(t *testing.T, name string) {
	t.Helper()
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }() // it is removed later
	for err == nil {
		_, err = file.Write(make([]byte, 4096))
	}
	if !strings.Contains(err.Error(), syscall.ENOSPC.Error()) {
		t.Fatal(err)
	}
}
