package spool

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"

	"rostrum/domain"
)

// directory opens a recording's directory, or returns domain.ErrRecordingUnknown. The
// caller closes it.
func (s *Spool) directory(id domain.RecordingID) (*os.Root, error) {
	root, err := os.OpenRoot(s.config.Dir)
	if err == nil {
		defer closing(root)
		if info, err := root.Lstat(string(id)); err == nil && !info.IsDir() {
			return nil, domain.ErrRecordingUnknown
		}
		root, err = root.OpenRoot(string(id))
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, domain.ErrRecordingUnknown
	}
	if err != nil {
		return nil, explain("open a recording", err)
	}
	return root, nil
}

// entries lists a directory.
func entries(root *os.Root) ([]fs.DirEntry, error) { return fs.ReadDir(root.FS(), ".") }

// discard removes a recording's directory, which is called otherwise from the first
// moment on, so that what is left of it when the process is killed is no recording:
// the next Open goes on. What in it is not the spool's own stays, under its old name.
func discard(root *os.Root, id domain.RecordingID) error {
	doomed := string(id) + gone
	if err := root.Rename(string(id), doomed); err != nil {
		return err
	}
	return dismantle(root, doomed, string(id))
}

// dismantle removes what is left of a recording from a directory, and that where it is
// empty then; otherwise it gets its name back.
func dismantle(root *os.Root, doomed, name string) error {
	dir, err := root.OpenRoot(doomed)
	if err != nil {
		return err
	}
	rest, err := removeOwn(dir)
	closing(dir)
	switch {
	case err != nil:
		return err
	case rest > 0:
		return root.Rename(doomed, name)
	default:
		return root.Remove(doomed)
	}
}

// removeOwn removes what is the spool's own from a recording's directory, and returns
// how many other things are there.
func removeOwn(dir *os.Root) (rest int, err error) {
	found, err := entries(dir)
	if err != nil {
		return 0, err
	}
	for _, e := range found {
		if !own(e.Name()) {
			rest++
		} else if err := dir.Remove(e.Name()); err != nil {
			return rest, err
		}
	}
	return rest, nil
}

// size returns how many bytes the files below a directory have.
func size(below fs.FS) (sum int64) {
	_ = fs.WalkDir(below, ".", func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return nil //nolint:nilerr // what cannot be read is counted as nothing
		}
		if info, err := e.Info(); err == nil {
			sum += info.Size()
		}
		return nil
	})
	return sum
}

// settle waits until the names in a directory are on the disk.
func settle(root *os.Root, name string) error {
	dir, err := root.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// closing closes what was read alone: nothing can be lost.
func closing(c io.Closer) { _ = c.Close() }

// explain says what to do about an error of the file system, which names the file.
func explain(doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fmt.Errorf("%s: %w. Make room on the disk of the recording spool", doing, err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s: %w. Let the user that runs rostrum read and write the recording spool", doing, err)
	default:
		return fmt.Errorf("%s: %w", doing, err)
	}
}
