//go:build unix

package container_test

import (
	"bytes"
	"errors"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"

	"rostrum/adapters/spool/container"
	"rostrum/domain"
)

// limited runs do while the system refuses whatever would make a file longer than
// limit. As on a full disk, what is short of it has been written.
func limited(t *testing.T, limit int64, do func()) {
	t.Helper()
	signal.Ignore(syscall.SIGXFSZ)
	var before syscall.Rlimit
	must(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before))
	must(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: uint64(limit), Max: before.Max}))
	defer func() { must(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before)) }()
	do()
}

// The limit is one of the whole process, which must have no other business.
func TestTheDiskIsFull(t *testing.T) {
	if os.Getenv(childDirectory) == "" {
		if out, err := child(t, t.TempDir()).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	t.Run("while recording", fullWhileRecording)
	t.Run("while finalizing", fullWhileFinalizing)
	t.Run("when a file is made", fullWhenMade)
}

func fullWhileRecording(t *testing.T) {
	for _, codec := range []domain.Codec{domain.H264, domain.VP8} {
		t.Run(string(codec), func(t *testing.T) {
			c := clipOf(t, codec)
			path := filepath.Join(t.TempDir(), "part-001"+container.Extension(codec))
			w, err := container.Create(path, c.format, stereo)
			must(t, err)
			fragments := c.fragments()
			must(t, w.Write(fragments[0]))
			before := read(t, path)
			for _, room := range []int64{0, 1, 100, 3000, 10_000} {
				limited(t, w.Size()+room, func() {
					if err := w.Write(fragments[1]); !errors.Is(err, syscall.EFBIG) {
						t.Errorf("with room for %d bytes: %v, want EFBIG", room, err)
					}
				})
				if !bytes.Equal(read(t, path), before) || w.Size() != int64(len(before)) {
					t.Fatalf("with room for %d bytes something of the fragment is there", room)
				}
			}
			for _, f := range fragments[2:] { // the second one is lost
				must(t, w.Write(f))
			}
			must(t, w.Close())
			s, err := container.Finalize(path)
			must(t, err)
			if want := len(c.video) - len(fragments[1].Video); s.Pictures != want {
				t.Errorf("%d pictures, want %d", s.Pictures, want)
			}
			p := probe(t, path)
			if !near(p.Format.Duration, c.end().Seconds()) {
				t.Errorf("it lasts %s, want %v", p.Format.Duration, c.end())
			}
		})
	}
}

func fullWhileFinalizing(t *testing.T) {
	for _, f := range tinies(t) {
		path := filepath.Join(t.TempDir(), f.name)
		must(t, os.WriteFile(path, f.open, 0o600))
		for room := 0; room < len(f.final)-len(f.open); room += 50 {
			limited(t, int64(len(f.open)+room), func() {
				if _, err := container.Finalize(path); !errors.Is(err, syscall.EFBIG) {
					t.Errorf("%s with room for %d bytes: %v, want EFBIG", f.name, room, err)
				}
			})
			if !bytes.Equal(read(t, path), f.open) {
				t.Fatalf("%s is another file after there was room for %d bytes", f.name, room)
			}
		}
		_, err := container.Finalize(path)
		must(t, err)
		if !bytes.Equal(read(t, path), f.final) {
			t.Errorf("%s is another file than if there had been room at once", f.name)
		}
	}
}

func fullWhenMade(t *testing.T) {
	path := filepath.Join(t.TempDir(), "part-001.mp4")
	limited(t, 20, func() {
		if _, err := container.Create(path, nil, stereo); !errors.Is(err, syscall.EFBIG) {
			t.Errorf("%v, want EFBIG", err)
		}
	})
	w, err := container.Create(path, nil, stereo) // nothing of it is there
	must(t, err)
	must(t, w.Close())
}
