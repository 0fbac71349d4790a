package porttest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"rostrum/domain"
	"rostrum/ports"
)

// sample is content to be stored, and how often it is open.
type sample struct {
	bytes   []byte
	content ports.Content
	open    atomic.Int64
}

// newSample returns bytes that have no pattern, others for each seed.
func newSample(t *testing.T, seed byte, size int64) *sample {
	t.Helper()
	s := &sample{bytes: make([]byte, size)}
	if _, err := rand.NewChaCha8([32]byte{seed}).Read(s.bytes); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(s.bytes)
	s.content = ports.Content{
		Type: "video/mp4", Size: size,
		SHA256: hex.EncodeToString(sum[:]), CRC32C: crc32.Checksum(s.bytes, crc32.MakeTable(crc32.Castagnoli)),
		Open: func() (ports.SpoolFile, error) {
			s.open.Add(1)
			return &sampleFile{Reader: bytes.NewReader(s.bytes), sample: s}, nil
		},
	}
	return s
}

// put stores the sample, fails where it does not come to its end in order, and returns
// what Put has told of its progress.
func (s *sample) put(t *testing.T, objects ports.Objects, key domain.ObjectKey) (told []int64) {
	t.Helper()
	var p progress
	if err := objects.Put(t.Context(), key, s.content, p.note); err != nil {
		t.Fatalf("Put of %s, %d bytes: %v", key, len(s.bytes), err)
	}
	p.ended(t, s.content.Size)
	s.closed(t)
	return p.told
}

// stands fails unless the object is there and is the sample.
func (s *sample) stands(t *testing.T, objects ports.Objects, key domain.ObjectKey) {
	t.Helper()
	if size, err := objects.Stat(t.Context(), key); err != nil || size != s.content.Size {
		t.Errorf("Stat of %s: %d, %v, want %d bytes", key, size, err, s.content.Size)
	}
	reads(t, objects, key, 0, -1, s.bytes)
}

// closed fails when somebody has not closed the content.
func (s *sample) closed(t *testing.T) {
	t.Helper()
	if n := s.open.Load(); n != 0 {
		t.Errorf("the content is open %d times after Put", n)
	}
}

// sampleFile counts its own end, once.
type sampleFile struct {
	*bytes.Reader
	sample *sample
	done   atomic.Bool
}

func (f *sampleFile) Close() error {
	if f.done.CompareAndSwap(false, true) {
		f.sample.open.Add(-1)
	}
	return nil
}

// progress notes what Put tells.
type progress struct {
	mu      sync.Mutex
	told    []int64
	clashed atomic.Bool // called while it was being called
}

func (p *progress) note(done int64) {
	if !p.mu.TryLock() {
		p.clashed.Store(true)
		return
	}
	defer p.mu.Unlock()
	p.told = append(p.told, done)
}

// ended fails unless Put has told of all bytes in the end, and of no more.
func (p *progress) ended(t *testing.T, size int64) {
	t.Helper()
	if p.clashed.Load() {
		t.Error("progress was called twice at once")
	}
	if len(p.told) == 0 && size == 0 {
		return
	}
	if len(p.told) == 0 || p.told[len(p.told)-1] != size || slices.Max(p.told) != size {
		t.Errorf("progress was %d, want an end at %d and nothing beyond it", p.told, size)
	}
}

// breaking opens content of which nothing can be read from an offset on.
func breaking(open func() (ports.SpoolFile, error), from int64, err error) func() (ports.SpoolFile, error) {
	return watching(open, from, func() error { return err })
}

// watching opens content that calls reached before something beyond an offset is
// read, and fails where that does.
func watching(open func() (ports.SpoolFile, error), from int64, reached func() error) func() (ports.SpoolFile, error) {
	return func() (ports.SpoolFile, error) {
		f, err := open()
		return &watchedFile{SpoolFile: f, from: from, reached: reached}, err
	}
}

type watchedFile struct {
	ports.SpoolFile
	from    int64
	reached func() error
}

// Read reads up to the offset first, so that what comes before it has been read.
func (f *watchedFile) Read(p []byte) (int, error) {
	at, err := f.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0, err
	}
	if at < f.from {
		return f.SpoolFile.Read(p[:min(int64(len(p)), f.from-at)])
	}
	if err := f.reached(); err != nil {
		return 0, err
	}
	return f.SpoolFile.Read(p)
}

func (f *watchedFile) ReadAt(p []byte, at int64) (int, error) {
	if at+int64(len(p)) > f.from {
		if err := f.reached(); err != nil {
			n, _ := f.SpoolFile.ReadAt(p[:max(0, f.from-at)], at)
			return n, err
		}
	}
	return f.SpoolFile.ReadAt(p, at)
}
