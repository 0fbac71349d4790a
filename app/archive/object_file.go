package archive

import (
	"context"
	"errors"
	"io"

	"rostrum/domain"
	"rostrum/ports"
)

// objectFile reads an object as a file. It asks the store when it is read, from where
// it stands, so that a seek costs nothing. It belongs to one goroutine.
type objectFile struct {
	ctx     context.Context
	objects ports.Objects
	key     domain.ObjectKey
	size    int64
	at      int64
	body    io.ReadCloser // from at on; nil: not asked for
}

var _ ports.SpoolFile = (*objectFile)(nil)

func newObjectFile(ctx context.Context, objects ports.Objects, key domain.ObjectKey, size int64) *objectFile {
	return &objectFile{ctx: ctx, objects: objects, key: key, size: size}
}

// Read reads on from where the file stands.
func (f *objectFile) Read(b []byte) (int, error) {
	if f.at >= f.size {
		return 0, io.EOF
	}
	if f.body == nil {
		body, err := f.objects.Open(f.ctx, f.key, f.at, -1)
		if err != nil {
			return 0, err
		}
		f.body = body
	}
	n, err := f.body.Read(b)
	f.at += int64(n)
	return n, err
}

// ReadAt reads from an offset on, by a request of its own.
func (f *objectFile) ReadAt(b []byte, offset int64) (int, error) {
	switch {
	case offset < 0:
		return 0, errors.New("read from before the beginning of an object")
	case offset >= f.size:
		return 0, io.EOF
	case len(b) == 0:
		return 0, nil
	}
	length := min(int64(len(b)), f.size-offset)
	body, err := f.objects.Open(f.ctx, f.key, offset, length)
	if err != nil {
		return 0, err
	}
	n, err := io.ReadFull(body, b[:length])
	err = errors.Join(err, body.Close())
	if err == nil && n < len(b) {
		err = io.EOF
	}
	return n, err
}

// Seek says where Read goes on.
func (f *objectFile) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += f.at
	case io.SeekEnd:
		offset += f.size
	case io.SeekStart:
	default:
		return f.at, errors.New("seek from nowhere in an object")
	}
	if offset < 0 {
		return f.at, errors.New("seek to before the beginning of an object")
	}
	if offset == f.at {
		return f.at, nil
	}
	err := f.Close()
	f.at = offset
	return offset, err
}

// Close lets go of what is being read.
func (f *objectFile) Close() error {
	if f.body == nil {
		return nil
	}
	err := f.body.Close()
	f.body = nil
	return err
}
