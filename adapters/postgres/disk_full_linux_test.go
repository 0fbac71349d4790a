package postgres_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"rostrum/adapters/postgres"
	"rostrum/domain"
	"rostrum/ports"
	"rostrum/ports/porttest/pgserver"
)

// ownMounts is set for a test binary that another one has started where it may mount.
const ownMounts = "ROSTRUM_TEST_POSTGRES_MOUNTS"

// A server whose disk is full is away until there is room again; what was kept before
// stays, and can be read.
func TestServerHasNoRoomOnItsDisk(t *testing.T) {
	if os.Getenv(ownMounts) == "" {
		withOwnMounts(t)
		return
	}
	dir, err := os.MkdirTemp("", "rostrum-full-") //nolint:usetesting // the server's user may not enter t.TempDir
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(
		syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""),
		syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=160m"),
	); err != nil {
		t.Fatalf("mount a small disk: %v", err)
	}
	t.Cleanup(func() {
		if err := errors.Join(syscall.Unmount(dir, syscall.MNT_DETACH), os.Remove(dir)); err != nil {
			t.Error(err)
		}
	})
	s := ownServer(t, pgserver.Config{Dir: dir, Settings: []string{"wal_recycle=off", "max_wal_size=64MB", "min_wal_size=32MB"}})
	db := opened(t, postgres.Config{URL: s.URL("postgres")})
	if err := increment(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	remove := fillDisk(t, dir)
	for i := 0; err == nil && i < 100; i++ { // the tables' last pages have room
		err = keepLarge(t, db, i)
	}
	if !errors.Is(err, ports.ErrAway) || !strings.Contains(err.Error(), "make room on it") {
		t.Errorf("Update on a full disk: %v, want ErrAway and what to do", err)
	}
	if got := counted(t, db); got != 1 {
		t.Errorf("what can be read holds %d, want 1", got)
	}
	remove()
	if err := keepLarge(t, db, 100); err != nil {
		t.Errorf("Update when there is room again: %v", err)
	}
}

// keepLarge keeps a room that takes pages of its own.
func keepLarge(t *testing.T, db *postgres.DB, number int) error {
	noise := make([]byte, 200_000) // that does not become small when it is packed
	for i := range noise {
		noise[i] = "0123456789abcdef"[(i*i*31+i*7+number*(i>>3))&15]
	}
	return db.Rooms().Update(t.Context(), "large", func(now *domain.ProvisionedRoom) (*domain.ProvisionedRoom, []ports.AuditEntry, error) {
		return &domain.ProvisionedRoom{Settings: domain.RoomSettings{DisplayName: string(noise)}}, nil, nil
	})
}

// fillDisk takes all the room that there is but what the log needs, until it is removed.
func fillDisk(t *testing.T, dir string) (remove func()) {
	t.Helper()
	path := filepath.Join(dir, "ballast")
	var disk syscall.Statfs_t
	if err := syscall.Statfs(dir, &disk); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, make([]byte, int(disk.Bavail)*int(disk.Bsize)), 0o600); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
}

// withOwnMounts runs the test in a process that may mount without anybody seeing it. Only
// root can have one in which PostgreSQL, which refuses root, runs as somebody else.
func withOwnMounts(t *testing.T) {
	if os.Getuid() != 0 {
		t.Fatal("this test gives PostgreSQL a small disk, which only root can: run the tests as root, or leave this one out by -skip " + t.Name())
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), ownMounts+"=1", "GORACE=atexit_sleep_ms=0")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("in a process with mounts of its own: %v\n%s", err, out)
	}
}
