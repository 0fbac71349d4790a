package spool_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"rostrum/domain"
)

// ownMounts is set for a test binary that another one has started where it may mount.
const ownMounts = "ROSTRUM_TEST_SPOOL_MOUNTS"

// smallDisk returns a directory on a disk of so many bytes, or runs the test in a
// process of its own that may have one, and returns false.
func smallDisk(t *testing.T, size string) (dir string, here bool) {
	t.Helper()
	if os.Getenv(ownMounts) != "" {
		dir := t.TempDir()
		if err := errors.Join(
			syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""),
			syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size),
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
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("in a process with mounts of its own: %v\n%s", err, out)
	}
	return "", false
}

// fill takes all the room that a disk has, until the file is removed.
func fill(t *testing.T, dir string) (remove func()) {
	t.Helper()
	path := filepath.Join(dir, "ballast")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for err == nil {
		_, err = file.Write(make([]byte, 4096))
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("fill the disk: %v, want no space left", err)
	}
	return func() {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
}

// A full disk costs what comes while it is full: everything else is in the recording,
// which says what is missing, and plays.
func TestDiskFull(t *testing.T) {
	dir, here := smallDisk(t, "4m")
	if !here {
		return
	}
	k := demo(t)
	s := open(t, filepath.Join(dir, "spool"), 0)
	synctest.Test(t, func(t *testing.T) {
		to := record(t, s, "A", deaf{})
		sent := newCamera("P", punctual{t, to})
		sent.play(k.first(2 * time.Second))
		remove := fill(t, dir)
		sent.play(k.first(3 * time.Second))
		if status := to.Status(); !strings.Contains(status.Trouble, "no space left") || !strings.Contains(status.Trouble, "room") || status.Gaps == 0 {
			t.Errorf("the disk is full, and the status is %+v", status)
		}
		remove()
		sent.play(k.first(3 * time.Second))
		to.Close()
		if status := to.Status(); status.Trouble != "" || !strings.Contains(status.FirstTrouble, "no space left") || status.Gaps != 2 {
			t.Errorf("the disk has room again, and the status is %+v", status)
		}
	})
	r := finalize(t, s, "A")
	p := r.Parts[0]
	probe(t, filepath.Join(dir, "spool"), "A", p)
	dark, silence := missing(t, p, domain.GapDiskFull)
	shown, heard := time.Duration(p.Pictures)*time.Second/30, sounds(t, filepath.Join(dir, "spool"), "A", p)
	if len(r.Parts) != 1 || dark < 2*time.Second || dark > 5*time.Second || (shown+dark-8*time.Second).Abs() > 100*time.Millisecond {
		t.Errorf("%v of pictures and gaps of %v do not make 8 s", shown, dark)
	}
	if silence < 2*time.Second || (heard-8*time.Second).Abs() > 100*time.Millisecond {
		t.Errorf("sound and silence last %v, with gaps of %v; want 8 s", heard, silence)
	}
}

// A disk that is full when a recording begins, and when it is finalized, costs no
// more.
func TestDiskFullFromTheFirstPacket(t *testing.T) {
	dir, here := smallDisk(t, "4m")
	if !here {
		return
	}
	k := demo(t)
	s := open(t, filepath.Join(dir, "spool"), 0)
	remove := fill(t, dir)
	synctest.Test(t, func(t *testing.T) {
		to := record(t, s, "A", deaf{})
		sent := newCamera("P", to)
		sent.play(k.first(2 * time.Second))
		if status := to.Status(); status.Trouble == "" || status.Started.IsZero() {
			t.Errorf("the disk is full, and the status is %+v", status)
		}
		remove()
		sent.play(k.first(4 * time.Second))
		to.Close()
	})
	remove = fill(t, dir)
	if r, err := s.Finalize(t.Context(), "A"); err == nil || !strings.Contains(err.Error(), "Make room") {
		t.Errorf("Finalize on a full disk: %+v, %v; want advice to make room", r, err)
	}
	remove()
	p := finalize(t, s, "A").Parts[0]
	probe(t, filepath.Join(dir, "spool"), "A", p)
	dark, _ := missing(t, p, domain.GapDiskFull)
	if shown := time.Duration(p.Pictures) * time.Second / 30; shown < 3*time.Second || (shown+dark-6*time.Second).Abs() > 100*time.Millisecond {
		t.Errorf("%v of pictures and gaps of %v do not make 6 s", shown, dark)
	}
}

// While nothing can be written, the publisher is not pestered for key frames.
func TestDiskFullAsksSeldom(t *testing.T) {
	dir, here := smallDisk(t, "2m")
	if !here {
		return
	}
	k := demo(t).first(3 * time.Second)
	s := open(t, filepath.Join(dir, "spool"), 0)
	listener := &counting{}
	synctest.Test(t, func(t *testing.T) {
		to := record(t, s, "A", listener)
		sent := newCamera("P", to)
		sent.play(k)
		remove := fill(t, dir)
		k.video = slices.DeleteFunc(k.video, func(u unit) bool { return u.key })
		for range 10 {
			sent.play(k)
		}
		remove()
		to.Close()
	})
	if listener.lost < 3 || listener.lost > 8 {
		t.Errorf("in 30 s, a key frame was asked for %d times, want about every 5 s", listener.lost)
	}
}

// Sound in small packets has an index that is large beside them. There is room for it
// on a disk that the recording has filled.
func TestDiskFilledBySmallPackets(t *testing.T) {
	dir, here := smallDisk(t, "4m")
	if !here {
		return
	}
	var quiet clip
	for i := range 500 {
		quiet.audio = append(quiet.audio, unit{at: time.Duration(i) * 20 * time.Millisecond, payloads: [][]byte{{0xf8, 0xff, 0xfe}}})
	}
	s := open(t, filepath.Join(dir, "spool"), 0)
	synctest.Test(t, func(t *testing.T) {
		to := record(t, s, "A", deaf{})
		sent := newCamera("P", to)
		for to.Status().Trouble == "" {
			sent.play(quiet)
		}
		to.Close()
	})
	if p := finalize(t, s, "A").Parts[0]; p.Sounds < 50*60*30 || p.Bytes < 5<<19 {
		t.Errorf("%d packets of sound in %d bytes, want the disk full", p.Sounds, p.Bytes)
	}
}
