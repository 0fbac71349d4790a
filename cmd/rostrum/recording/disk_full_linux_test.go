package recording

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"rostrum/cmd/rostrum/rig"
)

// A disk that is full takes nothing, and the room does not notice: what was recorded
// before is stored, and what comes when there is room again.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.flags = append(s.flags, "--recording.dir", filepath.Join(s.folder, "small"))
	small := filepath.Join(s.folder, "small")
	if err := os.Mkdir(small, 0o700); err != nil {
		t.Fatal(err)
	}
	// A disk of 2 MiB, seen by the server alone.
	script := `mount -t tmpfs -o size=2m none "$0" && exec "$@"`
	cmd := exec.Command("sh", append([]string{"-c", script, small, rig.Executable()}, s.flags...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS}
	if os.Getuid() != 0 {
		cmd.SysProcAttr.Cloneflags = syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	s.startAs(cmd)
	p := s.publish("hall", "--demo") // some 2 Mbit/s: full after a few seconds
	rig.Eventually(t, "the room says that its recording has trouble", func() bool {
		_, body := s.call(http.MethodGet, "/api/rooms/hall/recording")
		return strings.Contains(string(body), `"trouble":"`)
	})
	p.stop()
	all := s.stored(1)
	if s.read(all[0]) < 10 {
		t.Errorf("%d pictures of what was recorded before the disk was full", all[0].pictures())
	}
	s.publish("hall", clipFile(t, "libvpx", 2)).wait() // the store has taken it: there is room again
	s.read(s.stored(2)[0])
}
