package gcs

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"hash/crc32"
	"io"

	"rostrum/ports"
)

// sums reads content and takes note of what it was.
type sums struct {
	from   io.Reader
	size   int64
	sha256 hash.Hash
	crc32c hash.Hash32
	err    error // of reading
}

func newSums(from io.Reader) *sums {
	return &sums{from: from, sha256: sha256.New(), crc32c: crc32.New(crc32.MakeTable(crc32.Castagnoli))}
}

// Read reads on.
func (s *sums) Read(b []byte) (int, error) {
	n, err := s.from.Read(b)
	s.size += int64(n)
	_, _ = s.sha256.Write(b[:n]) // never fails
	_, _ = s.crc32c.Write(b[:n]) // nor does this
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// compare says what is wrong with what was read up to its end.
func (s *sums) compare(c ports.Content) error {
	switch {
	case s.err != nil:
		return fmt.Errorf("read what is to be stored: %w", s.err)
	case s.size != c.Size:
		return failure{fmt.Sprintf("what is to be stored has another size than the %d bytes it had: see to the spool's disk", c.Size), ports.ErrChecksum}
	case s.crc32c.Sum32() != c.CRC32C || hex.EncodeToString(s.sha256.Sum(nil)) != c.SHA256:
		return failure{"what is to be stored has another checksum than it had: see to the spool's disk", ports.ErrChecksum}
	default:
		return nil
	}
}
