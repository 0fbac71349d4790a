package sqlite_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"rostrum/adapters/sqlite"
	"rostrum/domain"
	"rostrum/ports"
)

// ownMounts is set for a test binary that another one has started where it may mount.
const ownMounts = "ROSTRUM_TEST_SQLITE_MOUNTS"

// ownDisk returns a directory on a small disk, or runs the test in a process of its own
// that may have one, and returns false.
func ownDisk(t *testing.T) (dir string, here bool) {
	t.Helper()
	if os.Getenv(ownMounts) != "" {
		dir := t.TempDir()
		if err := errors.Join(
			syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""),
			syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=4m"),
		); err != nil {
			t.Fatalf("mount a small disk: %v", err)
		}
		t.Cleanup(func() {
			if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
				t.Error(err)
			}
		})
		return dir, true
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), ownMounts+"=1", "GORACE=atexit_sleep_ms=0")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	if os.Getuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
	}
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("in a process with mounts of its own: %v\n%s", err, out)
	}
	return "", false
}

// A disk that is full takes nothing, is said to be full by every write and by Ping, and
// is read on; when there is room the same database goes on.
func TestDiskFull(t *testing.T) {
	dir, here := ownDisk(t)
	if !here {
		return
	}
	path := filepath.Join(dir, "rostrum.db")
	db := open(t, path)
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 8<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("the disk takes 8 MB: %v", err)
	}
	// The log of SQLite may have a page to spare, until something fills it.
	large := ports.AuditEntry{Detail: strings.Repeat("x", 1<<20)}
	areAway(t, map[string]error{"Audit.Record": db.Audit().Record(t.Context(), large)}, path, "disk")
	calls := writes(t.Context(), db)
	delete(calls, "Sessions.Abandon") // which finds nothing to change
	areAway(t, calls, path, "disk")
	succeed(t, reads(t.Context(), db))
	if _, err := db.Rooms().Get(t.Context(), "lobby"); !errors.Is(err, domain.ErrRoomUnknown) {
		t.Errorf("Get of what a full disk did not take: %v, want ErrRoomUnknown", err)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	succeed(t, writes(t.Context(), db))
	sound(t, path)
}

// A disk that is mounted read-only is told of by its migrations, and opened by nobody.
func TestDiskIsReadOnly(t *testing.T) {
	dir, here := ownDisk(t)
	if !here {
		return
	}
	path := filepath.Join(dir, "rostrum.db")
	shut(t, open(t, path))
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	statusOf(t, path, len(names))
	notWritten(t, path)
}

// A file of another user that this one may only read is opened by nobody either. The
// other one is a user whom an own namespace does not know, since root may write any file.
func TestFileIsReadOnly(t *testing.T) {
	const inNamespace = "ROSTRUM_TEST_SQLITE_FILE"
	if path := os.Getenv(inNamespace); path != "" {
		notWritten(t, path)
		return
	}
	path := newPath(t)
	shut(t, open(t, path))
	if err := os.Chmod(path, 0o444); err != nil {
		t.Fatal(err)
	}
	if os.Getuid() != 0 {
		notWritten(t, path)
		return
	}
	if err := os.Chown(path, 12345, 12345); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), inNamespace+"="+path, "GORACE=atexit_sleep_ms=0")
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: 0, Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: 0, Size: 1}},
	}
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("in an own user namespace: %v\n%s", err, out)
	}
}

func notWritten(t *testing.T, path string) {
	t.Helper()
	db, err := sqlite.Open(t.Context(), path)
	if err == nil {
		shut(t, db)
	}
	if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "Let the user that runs rostrum write") {
		t.Errorf("Open: %v, want an error that names %s and says who must be let write", err, path)
	}
}
