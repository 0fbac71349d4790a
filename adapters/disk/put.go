package disk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"syscall"

	"rostrum/ports"
)

// put writes content aside, reads it back from the disk, and gives it its name,
// unless that has been taken meanwhile. The name itself may not be on the disk yet.
func put(ctx context.Context, root *os.Root, name string, content ports.Content, progress func(done int64)) (err error) {
	aside, err := newPartial(root)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, aside.drop()) }()
	if err := fill(ctx, aside.file, content, progress); err != nil {
		return err
	}
	same, err := holds(ctx, aside.file, content)
	if err != nil {
		return err
	}
	if !same {
		return fmt.Errorf("%w: it reads back otherwise, or the content has changed. See the system's log for errors of the disk", ports.ErrChecksum)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	err = linkBelow(aside, name)
	if errors.Is(err, fs.ErrExist) {
		err = compare(ctx, root, name, content)
		if errors.Is(err, ports.ErrNoObject) {
			err = errors.New("a directory has its name: move that away")
		}
	}
	return err
}

// fill copies content to the disk itself, and not more of it than there should be
// and a byte.
func fill(ctx context.Context, to *os.File, content ports.Content, progress func(done int64)) error {
	from, err := content.Open()
	if err != nil {
		return &contentError{err}
	}
	defer func() { _ = from.Close() }() // nothing was written to it
	source := io.LimitReader(contentReader{from}, content.Size+1)
	if err := copyChunks(ctx, to, source, progress); err != nil {
		return err
	}
	return to.Sync()
}

// contentReader tells errors of the content from those of the store.
type contentReader struct{ from io.Reader }

func (r contentReader) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	if err != nil && err != io.EOF {
		err = &contentError{err}
	}
	return n, err
}

// chunk is how much is copied between two looks at the context.
const chunk = 1 << 20

// copyChunks copies until the end or the end of ctx.
func copyChunks(ctx context.Context, to io.Writer, from io.Reader, progress func(done int64)) error {
	for done := int64(0); ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := io.CopyN(to, from, chunk)
		if done += n; n > 0 {
			progress(done)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// linkTries is how often a name is made in a directory that others may be removing
// because it is empty.
const linkTries = 10

// linkBelow makes the directories of a name, and the name.
func linkBelow(aside *partial, name string) error {
	var err error
	for range linkTries {
		err = aside.root.MkdirAll(path.Dir(name), 0o700)
		if errors.Is(err, fs.ErrExist) { // as a file
			return fmt.Errorf("make %s: %w", path.Dir(name), syscall.ENOTDIR)
		}
		if err == nil {
			err = aside.link(name)
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return err
}

// syncDirectories has the names in a directory on the disk, and that of the
// directory itself, up to the root.
func syncDirectories(root *os.Root, dir string) error {
	for {
		d, err := root.Open(dir)
		if err == nil {
			err = errors.Join(d.Sync(), d.Close())
		}
		if err := ignoreMissing(err); err != nil {
			return err
		}
		if dir == "." {
			return nil
		}
		dir = path.Dir(dir)
	}
}

// syncAbove has the names of a directory and of those above it on the disk, as far as
// this user may.
func syncAbove(dir string) {
	for parent := filepath.Dir(dir); parent != dir; parent = filepath.Dir(dir) {
		if d, err := os.Open(parent); err == nil {
			_, _ = d.Sync(), d.Close()
		}
		dir = parent
	}
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
