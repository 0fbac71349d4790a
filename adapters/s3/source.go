package s3

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"strconv"

	"rostrum/ports"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// source is content that is being stored: an open file, and the checksums of what has
// been cut off it.
type source struct {
	ports.Content
	file ports.SpoolFile
	cuts int32
	crc  hash.Hash32
	sha  hash.Hash
}

// openSource opens the content, which its caller closes.
func openSource(content ports.Content) (*source, error) {
	file, err := content.Open()
	if err != nil {
		return nil, &contentError{"open what is to be stored", err}
	}
	return &source{Content: content, file: file, crc: crc32.New(castagnoli), sha: sha256.New()}, nil
}

// cut reads the next piece. Pieces are cut one behind the other from the beginning.
func (s *source) cut(offset, size int64) (piece, error) {
	crc, sha := crc32.New(castagnoli), sha256.New()
	section := io.NewSectionReader(s.file, offset, size)
	n, err := io.Copy(io.MultiWriter(crc, sha, s.crc, s.sha), section)
	if err == nil && n < size {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return piece{}, &contentError{fmt.Sprintf("read what is to be stored at %d of %d bytes", offset+n, s.Size), err}
	}
	s.cuts++
	return piece{number: s.cuts, offset: offset, size: size, crc: crc.Sum32(), sha: hex.EncodeToString(sha.Sum(nil))}, nil
}

// check reports whether all pieces together are the content that was announced.
func (s *source) check() error {
	switch n, err := s.file.ReadAt(make([]byte, 1), s.Size); {
	case n > 0:
		return &contentError{"what is to be stored has changed since it was finalized", fmt.Errorf("it is longer than %d bytes", s.Size)}
	case err != nil && !errors.Is(err, io.EOF):
		return &contentError{"read what is to be stored", err}
	case s.crc.Sum32() != s.CRC32C || hex.EncodeToString(s.sha.Sum(nil)) != s.SHA256:
		return &contentError{"what is to be stored has changed since it was finalized", ports.ErrChecksum}
	}
	return nil
}

// piece is what one request sends of a source.
type piece struct {
	number       int32 // from 1 on
	offset, size int64
	crc          uint32
	sha          string // in hexadecimal
	etag         string // what the store calls it, once it has it
}

// body reads the piece again. Done is called with how far it has been read.
func (s *source) body(p piece, done func(int64)) io.ReadSeeker {
	return &body{SectionReader: io.NewSectionReader(s.file, p.offset, p.size), done: done}
}

type body struct {
	*io.SectionReader
	done func(int64)
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.SectionReader.Read(p)
	if at, _ := b.Seek(0, io.SeekCurrent); n > 0 {
		b.done(at)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return n, &contentError{"read what is to be stored", err}
	}
	return n, err
}

// contentError is a failure of what is to be stored. The SDK, which would take one of
// reading for one of the connection, does not try it again.
type contentError struct {
	what string
	err  error
}

func (e *contentError) Error() string        { return e.what + ": " + e.err.Error() }
func (e *contentError) Unwrap() error        { return e.err }
func (e *contentError) RetryableError() bool { return false }

// checksum writes a checksum as S3 does.
func checksum(crc uint32) string {
	return base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint32(nil, crc))
}

// composite is the checksum of the pieces' checksums, which stores tell that do not
// know that of the whole object.
func composite(pieces []piece) string {
	crc := crc32.New(castagnoli)
	for _, p := range pieces {
		_ = binary.Write(crc, binary.BigEndian, p.crc) // a hash never fails
	}
	return checksum(crc.Sum32()) + "-" + strconv.Itoa(len(pieces))
}
