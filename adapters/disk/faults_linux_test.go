package disk_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"rostrum/ports"
)

// namespaceEnv is set where the test binary runs in its own namespaces.
const namespaceEnv = "ROSTRUM_TEST_DISK_NAMESPACE"

// inNamespace runs the present test anew in a process that may mount file systems,
// which only it sees, and reports whether this is that process. As root there, it may
// do nothing to files of other users outside.
func inNamespace(t *testing.T, environment ...string) bool {
	t.Helper()
	if os.Getenv(namespaceEnv) != "" {
		return true
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), append(environment, namespaceEnv+"=1", "GORACE=atexit_sleep_ms=0")...)
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("in an own user and mount namespace, which this machine must allow: %v\n%s", err, out)
	}
	return false
}

// mount mounts a file system until the test ends.
func mount(t *testing.T, dir string) {
	t.Helper()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=4m"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil { // which is refused while a file in it is open
			t.Error(err)
		}
	})
}

func TestDiskFull(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	dir := t.TempDir()
	mount(t, dir)
	o := open(t, dir)
	first, second := strings.Repeat("1", 3<<20), strings.Repeat("2", 2<<20)
	mustPut(t, o, "first", first)
	err := put(t, o, "room/second", second)
	says(t, "Put", err, dir, "room/second", "The disk is full: make room")
	if !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("Put: %v, want ENOSPC", err)
	}
	if found := files(t, dir); len(found) != 1 || found[0] != "first" {
		t.Errorf("the full disk has %q, want the first object alone", found)
	}
	if err := put(t, o, "first", first); err != nil {
		t.Errorf("Put of what is there already: %v", err)
	}
	if err := errors.Join(o.Delete(t.Context(), "first"), put(t, o, "room/second", second)); err != nil {
		t.Errorf("when there is room again: %v", err)
	}
}

func TestFileSystemIsReadOnly(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	dir := t.TempDir()
	mount(t, dir)
	o := open(t, dir)
	mustPut(t, o, "key", "x")
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	for call, err := range map[string]error{"Put": put(t, o, "new", "x"), "Delete": o.Delete(t.Context(), "key"), "Check": o.Check(t.Context())} {
		says(t, call, err, dir, "mount it for writing")
	}
	if size, err := o.Stat(t.Context(), "key"); err != nil || size != 1 {
		t.Errorf("Stat: %d, %v, want it readable", size, err)
	}
	if err := put(t, o, "key", "x"); err != nil {
		t.Errorf("Put of what is there already: %v", err)
	}
	open(t, dir)
}

// TestDirectoryOfAnotherUser is that of a user whom the namespace does not know,
// unless the test runs as one whom a mode is enough for.
func TestDirectoryOfAnotherUser(t *testing.T) {
	const dirEnv = "ROSTRUM_TEST_DISK_DIR"
	parent := t.TempDir()
	if os.Getenv(namespaceEnv) == "" && os.Getuid() == 0 {
		if err := os.Chown(parent, 12345, 12345); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(parent, 0o555); err != nil && os.Getenv(namespaceEnv) == "" {
		t.Fatal(err)
	}
	if !inNamespace(t, dirEnv+"="+parent) {
		return
	}
	dir := os.Getenv(dirEnv)
	o := open(t, dir)
	for call, err := range map[string]error{"Put": put(t, o, "key", "x"), "Check": o.Check(t.Context())} {
		says(t, call, err, dir, "Let the user that runs rostrum write")
	}
}

// TestDirectoryBelowIsOnAnotherDisk cannot give a file that was written aside a name
// there.
func TestDirectoryBelowIsOnAnotherDisk(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	dir := t.TempDir()
	room := filepath.Join(dir, "room")
	if err := os.Mkdir(room, 0o700); err != nil {
		t.Fatal(err)
	}
	mount(t, room)
	o := open(t, dir)
	says(t, "Put", put(t, o, "room/key", "x"), "one file system")
	if _, err := o.Stat(t.Context(), "room/key"); !errors.Is(err, ports.ErrNoObject) {
		t.Errorf("Stat: %v, want ErrNoObject", err)
	}
	noPartials(t, dir)
}

// TestDeviceHasTheKey opens a pipe that nobody writes to, which would wait for ever.
func TestDeviceHasTheKey(t *testing.T) {
	dir := t.TempDir()
	o := open(t, dir)
	if err := syscall.Mkfifo(filepath.Join(dir, "key"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, opened := o.Open(t.Context(), "key", 0, -1)
	says(t, "Open", opened, "move that away")
	says(t, "Put", put(t, o, "key", "x"), "move that away")
}
