package container

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// contents is what a scan has found in a file, and what makes the file whole.
type contents struct {
	end    int64  // of the last whole fragment
	index  []byte // what then follows in a finalized file, up to its end
	mark   int64  // the place in its head that tells whether it is finalized
	open   []byte // what stands there until then
	closed []byte // and what from then on

	summary Summary
}

// Finalize makes a file whole that is not being written (any more), and returns what
// is in it: behind its last whole fragment it is cut off, and what lets it be sought in
// and tells its duration is added, for which the disk needs to have some bytes a
// sample. A file that is whole is left as it is. Finalize may be repeated, and killed
// at any instant: the file can be played all the while, up to its last whole fragment,
// and is finalized by the next one. When it returns, all is on the disk. It returns an
// ErrEmpty where there is nothing to show in the file and an ErrDamaged where it is
// none of ours; in both cases the file is not touched.
func Finalize(path string) (Summary, error) {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return Summary{}, explain("finalize a media file", err)
	}
	defer func() { _ = file.Close() }() // what was written has been synced
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%w: it is no regular file", ErrDamaged)
	}
	var summary Summary
	if err == nil {
		summary, err = finalize(file, info.Size())
	}
	if err == nil {
		err = syncDirectory(filepath.Dir(path))
	}
	if err != nil {
		return Summary{}, explain("finalize media file "+path, err)
	}
	return summary, nil
}

// storage is what finalizing needs of a file.
type storage interface {
	io.ReaderAt
	io.WriterAt
	Truncate(size int64) error
	Sync() error
}

func finalize(file storage, size int64) (Summary, error) {
	c, err := scan(file, size)
	if err != nil {
		return Summary{}, err
	}
	done, err := c.whole(file, size)
	if err != nil {
		return Summary{}, err
	}
	if !done {
		if err := c.complete(file); err != nil {
			return Summary{}, err
		}
	}
	// Also where it was whole: whoever made it so may have been killed before this.
	if err := file.Sync(); err != nil {
		return Summary{}, err
	}
	c.summary.Bytes = c.end + int64(len(c.index))
	return c.summary, nil
}

// scan finds out what a file is, and what is in it.
func scan(file io.ReaderAt, size int64) (contents, error) {
	if size == 0 {
		return contents{}, ErrEmpty
	}
	var first [1]byte
	if _, err := file.ReadAt(first[:], 0); err != nil {
		return contents{}, err
	}
	if first[0] == ebmlID>>24 {
		return scanWebM(file, size)
	}
	return scanMP4(file, size)
}

// whole reports whether the file is finalized, and nothing of it has got lost since.
func (c *contents) whole(file io.ReaderAt, size int64) (bool, error) {
	if size != c.end+int64(len(c.index)) {
		return false, nil
	}
	marked, err := holds(file, c.mark, c.closed)
	if !marked || err != nil {
		return false, err
	}
	return holds(file, c.end, c.index)
}

// holds reports whether data stands at a place that is in the file.
func holds(file io.ReaderAt, at int64, data []byte) (bool, error) {
	found := make([]byte, len(data))
	if _, err := file.ReadAt(found, at); err != nil {
		return false, err
	}
	return bytes.Equal(found, data), nil
}

// complete appends the index and then marks the file as finalized. Up to the last
// step the head says that it is not.
func (c *contents) complete(file storage) error {
	opened, err := holds(file, c.mark, c.open)
	if err != nil {
		return err
	}
	if !opened {
		if _, err := file.WriteAt(c.open, c.mark); err != nil {
			return err
		}
	}
	if err := file.Truncate(c.end); err != nil {
		return err
	}
	if _, err := file.WriteAt(c.index, c.end); err != nil {
		return errors.Join(err, file.Truncate(c.end))
	}
	if err := file.Sync(); err != nil {
		return err
	}
	_, err = file.WriteAt(c.closed, c.mark)
	return err
}

// show adds what is shown from start to end.
func (s *Summary) show(start, end time.Duration) {
	if s.Video == "" || s.Audio == "" || start < s.Start {
		s.Start = start
	}
	s.Duration = max(s.Duration, end)
}
