package spool

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"rostrum/adapters/spool/container"
	"rostrum/domain"
	"rostrum/ports"
)

var _ ports.Spool = (*Spool)(nil)

// Config says where a spool is, and how much it may hold.
type Config struct {
	Dir   string // made where it is not, for its owner alone (0700)
	Limit int64  // bytes from which on no recording begins; 0: none
	Log   *slog.Logger
}

// Spool is ports.Spool in a directory, which it keeps other processes out of.
type Spool struct {
	config Config
	lock   *lock
	ledger *ledger
	now    func() time.Time
	create func(path string, video *container.VideoFormat, audio *container.AudioFormat) (media, error)

	mu     sync.Mutex
	busy   map[domain.RecordingID]*take // being written, or, where nil, finalized or removed
	closed bool
}

// media is a file that a part of a recording is written to: see container.Writer.
type media interface {
	Write(f container.Fragment) error
	Size() int64
	Stat() (os.FileInfo, error)
	Restore(path string) error
	Close() error
}

// Open opens the spool in a directory. Errors name it, and say what to do: where
// another process has it, and where it cannot be made, read or written.
func Open(config Config) (*Spool, error) {
	if config.Dir == "" {
		return nil, errors.New("the recording spool has no directory: set recording.dir")
	}
	dir, err := filepath.Abs(config.Dir)
	if err != nil {
		return nil, fmt.Errorf("recording spool %s: %w. Give its absolute path", config.Dir, err)
	}
	config.Dir = dir
	s := &Spool{
		config: config, lock: &lock{dir: dir}, ledger: newLedger(), now: time.Now, create: create,
		busy: map[domain.RecordingID]*take{},
	}
	if err := s.lock.hold(); err != nil {
		return nil, err
	}
	if err := s.sweep(); err != nil {
		return nil, errors.Join(err, s.lock.release())
	}
	return s, nil
}

func create(path string, video *container.VideoFormat, audio *container.AudioFormat) (media, error) {
	w, err := container.Create(path, video, audio)
	if err != nil {
		return nil, err
	}
	return w, nil
}

// Used returns how many bytes are in the spool, and how many it may have (0: as many
// as the disk has).
func (s *Spool) Used() (bytes, limit int64) { return s.ledger.total(), s.config.Limit }

// Record is ports.Spool.Record. It also refuses a recording that is being made, with
// domain.ErrRecordingLive, and anything after Close.
func (s *Spool) Record(r domain.Recording, events ports.RecordingEvents) (ports.Take, error) {
	if !known(r.ID) || !r.Key.Valid() {
		return nil, fmt.Errorf("recording %q with key %q: neither may be made of foreign text", r.ID, r.Key)
	}
	if used, limit := s.Used(); limit > 0 && used >= limit {
		return nil, domain.ErrSpoolFull
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, domain.ErrShuttingDown
	}
	if _, taken := s.busy[r.ID]; taken {
		return nil, domain.ErrRecordingLive
	}
	t := newTake(s, r, events)
	s.busy[r.ID] = t
	t.running.Go(t.run)
	return t, nil
}

// claim keeps takes and other claims off a recording until release.
func (s *Spool) claim(id domain.RecordingID) (release func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.busy[id]; taken {
		return nil, domain.ErrRecordingLive
	}
	s.busy[id] = nil
	return func() { s.release(id) }, nil
}

func (s *Spool) release(id domain.RecordingID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.busy, id)
}

// writing reports whether a recording is being written.
func (s *Spool) writing(id domain.RecordingID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.busy[id] != nil
}

// Open is ports.Spool.Open.
func (s *Spool) Open(id domain.RecordingID, file string) (ports.SpoolFile, error) {
	if !known(id) || s.writing(id) {
		return nil, domain.ErrRecordingUnknown
	}
	root, err := s.directory(id)
	if err != nil {
		return nil, err
	}
	defer closing(root)
	recording, finalized := finalized(root, id)
	if _, part := recording.Part(file); !finalized || !part && file != ports.ManifestFile {
		return nil, domain.ErrRecordingUnknown
	}
	f, err := root.Open(file)
	if err != nil {
		return nil, explain("open a recording", err)
	}
	return f, nil
}

// Remove is ports.Spool.Remove. What is not the spool's own in the recording's
// directory stays there, and is foreign then.
func (s *Spool) Remove(id domain.RecordingID) error {
	if !known(id) {
		return nil
	}
	release, err := s.claim(id)
	if err != nil {
		return err
	}
	defer release()
	if _, _, ours := s.look(id); !ours {
		s.ledger.set(string(id), s.taken(id))
		return nil
	}
	return s.remove(id)
}

func (s *Spool) remove(id domain.RecordingID) error {
	root, err := os.OpenRoot(s.config.Dir)
	if err == nil {
		defer closing(root)
		err = discard(root, id)
	}
	s.ledger.set(string(id), s.taken(id))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return explain("remove a recording", err)
	}
	return nil
}

// Close ends the takes that are still being made, waits for them, and lets other
// processes in.
func (s *Spool) Close() error {
	s.mu.Lock()
	s.closed = true
	var takes []*take
	for _, t := range s.busy {
		if t != nil {
			takes = append(takes, t)
		}
	}
	s.mu.Unlock()
	for _, t := range takes {
		t.Close()
	}
	return s.lock.release()
}
