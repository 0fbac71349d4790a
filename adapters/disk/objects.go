// Package disk keeps objects as files in a directory.
//
// An object is written aside and has its name only when it is whole, on the disk and
// read back. Whatever happens on the way, no name has anything else.
package disk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// Objects is a store in a directory. The directory is opened by each call, so that
// one that was away, an unmounted disk, is used again once it is back.
type Objects struct {
	dir string
}

var _ ports.Objects = (*Objects)(nil)

// Open returns the store in dir. A missing directory is made (0700). What a process
// has left that was killed is removed. Objects are files that their owner alone may
// read (0600).
func Open(dir string) (*Objects, error) {
	if dir == "" {
		return nil, errors.New("the store has no directory: name one, such as file:data/recordings")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("store %s: %w. Give its absolute path", dir, err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, explain(dir, err)
	}
	syncAbove(dir)
	o := &Objects{dir: dir}
	if err := o.within(context.Background(), removeStale); err != nil {
		return nil, err
	}
	return o, nil
}

// Check reports whether objects can be stored now, but for the room that they need.
func (o *Objects) Check(ctx context.Context) error {
	return o.within(ctx, func(root *os.Root) error {
		f, err := newPartial(root)
		if err != nil {
			return err
		}
		linked := f.name + ".linked"
		return errors.Join(f.link(linked), f.drop(), ignoreMissing(root.Remove(linked)))
	})
}

// Put stores content: see ports.Objects. A full disk is not waited for.
func (o *Objects) Put(ctx context.Context, key domain.ObjectKey, content ports.Content, progress func(done int64)) error {
	return o.at(ctx, key, func(root *os.Root, name string) error {
		err := compare(ctx, root, name, content)
		if errors.Is(err, ports.ErrNoObject) {
			err = put(ctx, root, name, content, progress)
		}
		if err == nil {
			err = syncDirectories(root, path.Dir(name)) // whoever made the name
		}
		if err == nil {
			progress(content.Size)
		}
		return err
	})
}

// Stat returns an object's size: see ports.Objects.
func (o *Objects) Stat(ctx context.Context, key domain.ObjectKey) (size int64, err error) {
	err = o.at(ctx, key, func(root *os.Root, name string) error {
		info, err := stat(root, name)
		if err != nil {
			return err
		}
		size = info.Size()
		return nil
	})
	return size, err
}

// Open reads an object: see ports.Objects. What is being read stays readable when
// the object is deleted.
func (o *Objects) Open(ctx context.Context, key domain.ObjectKey, offset, length int64) (r io.ReadCloser, err error) {
	err = o.at(ctx, key, func(root *os.Root, name string) error {
		f, err := open(root, name)
		if err != nil {
			return err
		}
		if _, err := f.Seek(offset, io.SeekStart); err != nil {
			return errors.Join(err, f.Close())
		}
		r = f
		if length >= 0 {
			r = section{Reader: io.LimitReader(f, length), Closer: f}
		}
		return nil
	})
	return r, err
}

// section is the part of a file that was asked for.
type section struct {
	io.Reader
	io.Closer
}

// URL returns "": what is on this machine's disk is served by this machine.
func (o *Objects) URL(context.Context, domain.ObjectKey, time.Duration, string) (string, error) {
	return "", nil
}

// Delete removes an object, and the directories that it leaves empty: see
// ports.Objects.
func (o *Objects) Delete(ctx context.Context, key domain.ObjectKey) error {
	return o.at(ctx, key, func(root *os.Root, name string) error {
		_, err := stat(root, name)
		if errors.Is(err, ports.ErrNoObject) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := ignoreMissing(root.Remove(name)); err != nil {
			return err
		}
		dir := path.Dir(name)
		for dir != "." && root.Remove(dir) == nil { // which is refused where there is something in it
			dir = path.Dir(dir)
		}
		return syncDirectories(root, dir)
	})
}

// at runs do with the file name that a key has.
func (o *Objects) at(ctx context.Context, key domain.ObjectKey, do func(root *os.Root, name string) error) error {
	if !key.Valid() {
		return fmt.Errorf("store %s: %q is no key of an object", o.dir, key)
	}
	err := o.within(ctx, func(root *os.Root) error { return do(root, string(key)) })
	if err != nil {
		return fmt.Errorf("object %s: %w", key, err)
	}
	return nil
}

// within runs do with the directory open, which nothing leads out of.
func (o *Objects) within(ctx context.Context, do func(root *os.Root) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	root, err := os.OpenRoot(o.dir)
	if err != nil {
		return explain(o.dir, err)
	}
	defer func() { _ = root.Close() }() // nothing was written by it
	return explain(o.dir, do(root))
}
