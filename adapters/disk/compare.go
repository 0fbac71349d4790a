package disk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"syscall"

	"rostrum/ports"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// compare reads an object and returns ErrObjectDiffers unless it is the content,
// which then is on the disk, whoever wrote it.
func compare(ctx context.Context, root *os.Root, name string, content ports.Content) error {
	f, err := open(root, name)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // it was only read
	if err := f.Sync(); err != nil {
		return err
	}
	same, err := holds(ctx, f, content)
	if err == nil && !same {
		err = ports.ErrObjectDiffers
	}
	return err
}

// holds reports whether a file has the size and the checksums of the content on the
// disk itself, as far as the system lets its cache be passed over.
func holds(ctx context.Context, f *os.File, content ports.Content) (bool, error) {
	info, err := f.Stat()
	if err != nil || info.Size() != content.Size {
		return false, err
	}
	dropCache(f)
	crc, sha := crc32.New(castagnoli), sha256.New()
	whole := io.NewSectionReader(f, 0, content.Size)
	if err := copyChunks(ctx, io.MultiWriter(crc, sha), whole, func(int64) {}); err != nil {
		return false, err
	}
	return crc.Sum32() == content.CRC32C && hex.EncodeToString(sha.Sum(nil)) == content.SHA256, nil
}

// stat returns ErrNoObject where there is nothing that can be one. A symbolic link is
// none: nobody can say what it may lead to tomorrow.
func stat(root *os.Root, name string) (fs.FileInfo, error) {
	info, err := root.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return nil, ports.ErrNoObject
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, ports.ErrNoObject
	case !info.Mode().IsRegular():
		return nil, errors.New("a symbolic link or a device has its name: move that away")
	default:
		return info, nil
	}
}

// open looks first: opening something else than a file may wait for ever.
func open(root *os.Root, name string) (*os.File, error) {
	if _, err := stat(root, name); err != nil {
		return nil, err
	}
	f, err := root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		err = ports.ErrNoObject
	}
	return f, err
}
