package disk

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"strings"
	"time"
)

// partialPrefix is what files begin with that are being written. No key has a tilde.
const partialPrefix = ".partial~"

// staleAfter is how long after it was last written to nobody can be writing a partial
// any more, where that cannot be told otherwise.
const staleAfter = 24 * time.Hour

// partial is a file that has no name yet for others.
type partial struct {
	root *os.Root
	name string
	file *os.File
}

// newPartial begins again where removeStale has come between making the file and
// holding it.
func newPartial(root *os.Root) (*partial, error) {
	for {
		name := partialPrefix + rand.Text()
		f, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
		if err != nil {
			return nil, err
		}
		hold(f)
		if _, err = root.Lstat(name); err == nil {
			return &partial{root: root, name: name, file: f}, nil
		}
		_ = f.Close() // there is nothing in it
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
}

// link gives the file a name besides its own. Nothing is overwritten: fs.ErrExist.
func (p *partial) link(name string) error { return p.root.Link(p.name, name) }

// drop takes the name away under which the file was written.
func (p *partial) drop() error {
	return errors.Join(ignoreMissing(p.root.Remove(p.name)), p.file.Close())
}

// removeStale removes what processes have left that were killed.
func removeStale(root *os.Root) error {
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), partialPrefix) && entry.Type().IsRegular() {
			if err := ignoreMissing(removeIfStale(root, entry.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

func removeIfStale(root *os.Root, name string) error {
	f, err := root.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // nothing was written
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !abandoned(f) && time.Since(info.ModTime()) < staleAfter {
		return nil
	}
	return root.Remove(name)
}
