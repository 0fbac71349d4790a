package ports

import (
	"context"
	"errors"
	"io"
	"time"

	"rostrum/domain"
)

// Objects is the store that recordings end up in.
type Objects interface {
	// Put stores content under a key: whole or not at all. When it returns nil, the
	// store itself has told the object's size and checksum, and they are the
	// content's. An object that is there already with the same content is left as it
	// is, which is success too; one with other content is left as well, which is
	// ErrObjectDiffers. It may be repeated, also after a process was killed in the
	// middle of it. What is passing it tries again for some seconds; any other error
	// says what an operator can do about it. Progress is called with how many bytes
	// are done, from one goroutine at a time, and may go back where it begins again.
	Put(ctx context.Context, key domain.ObjectKey, content Content, progress func(done int64)) error

	// Stat returns an object's size, or ErrNoObject.
	Stat(ctx context.Context, key domain.ObjectKey) (size int64, err error)

	// Open reads an object from an offset on, length bytes or to its end (-1). It
	// returns ErrNoObject. The caller closes the reader.
	Open(ctx context.Context, key domain.ObjectKey, offset, length int64) (io.ReadCloser, error)

	// URL returns an address under which anybody can read the object without a token
	// until it expires, with ranges, or "" where the store gives out none. A browser
	// saves it under the name download, and shows it where that is empty.
	URL(ctx context.Context, key domain.ObjectKey, expires time.Duration, download string) (string, error)

	// Delete removes an object, if it is there.
	Delete(ctx context.Context, key domain.ObjectKey) error
}

// Content is what is to be stored.
type Content struct {
	Type   string // its media type
	Size   int64
	SHA256 string // in hexadecimal
	CRC32C uint32 // Castagnoli
	// Open returns the content from its beginning, which the caller closes. It may be
	// called more than once.
	Open func() (SpoolFile, error)
}

// What stores say. Compare with errors.Is.
var (
	ErrNoObject      = errors.New("there is no such object")
	ErrObjectDiffers = errors.New("another object has that key already")
	ErrChecksum      = errors.New("the store tells another size or checksum than what was sent")
)
