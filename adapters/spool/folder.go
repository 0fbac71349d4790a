package spool

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"rostrum/adapters/spool/container"
	"rostrum/domain"
)

// folder is the directory of a recording that is being written: its journal and the
// file of its present part. One goroutine; each method may wait for the disk.
type folder struct {
	spool   *Spool
	log     *slog.Logger
	id      domain.RecordingID
	path    string
	journal *journal
	media   media        // of the present part; nil: it has no file yet
	file    string       // the path of that
	written int64        // bytes of the files before it
	index   atomic.Int64 // what its parts take besides when they are finalized; any goroutine may read it
	made    bool
	began   time.Time // when the first packet came

	trouble string // why nothing can be written; "" if it can
	since   time.Time
	first   string // trouble that there was
}

func newFolder(s *Spool, r domain.Recording) *folder {
	return &folder{
		spool: s, id: r.ID, path: filepath.Join(s.config.Dir, string(r.ID)), journal: newJournal(r),
		log: s.config.Log.With("recording", r.ID, "room", r.Room),
	}
}

// begin makes the directory: the first packet has come. Where that fails, writing
// tries it again.
func (f *folder) begin(at time.Time) {
	f.began = at
	f.tell(f.stand())
}

// write writes a fragment of a part, and what the journal has to say, to the part's
// file, which it makes where there is none yet. On an error the fragment is not in it,
// and status says why.
func (f *folder) write(p *part, fragment container.Fragment) error {
	err := f.stand()
	if err == nil {
		err = f.spool.leavesRoom(fragment)
	}
	if err == nil && f.media == nil {
		err = f.open(p)
	}
	if err == nil {
		err = f.media.Write(fragment)
	}
	if err != nil {
		f.tell(err)
		return err
	}
	f.index.Add(indexOf(fragment))
	f.tell(f.note(p))
	return nil
}

// open makes the file of a part, which is in the journal then.
func (f *folder) open(p *part) error {
	path := filepath.Join(f.path, p.file)
	if !p.noted {
		f.journal.add(entry{Part: &journalPart{p.file, p.publisher, f.clock(p.started)}})
		p.noted = true
	}
	if err := f.journal.flush(); err != nil {
		return err
	}
	m, err := f.spool.create(path, p.format, &container.AudioFormat{Channels: 2})
	if err != nil {
		return err
	}
	f.media, f.file = m, path
	return nil
}

// clock returns what time it was on the clock that the recording began by: one that is
// set meanwhile misplaces nothing. It is kept to the microsecond, in UTC.
func (f *folder) clock(at time.Time) time.Time {
	return f.began.Add(at.Sub(f.began)).UTC().Truncate(time.Microsecond)
}

// note writes down which gaps a part has.
func (f *folder) note(p *part) error {
	for _, line := range p.gaps.lines() {
		f.journal.add(line)
	}
	err := f.journal.flush()
	f.spool.ledger.set(string(f.id), f.bytes())
	return err
}

// end closes the file of a part, if it has one.
func (f *folder) end(p *part) {
	if f.media == nil {
		return
	}
	f.tell(errors.Join(f.note(p), f.media.Close()))
	f.written += f.media.Size()
	f.media = nil
}

// close closes the journal: the recording is over.
func (f *folder) close() {
	f.tell(f.journal.flush())
	f.journal.close()
}

// bytes returns how much has been written.
func (f *folder) bytes() int64 {
	sum := f.written + int64(f.journal.kept)
	if f.media != nil {
		sum += f.media.Size()
	}
	return sum
}

// stand sees that the directory and what is open in it are where they belong, and
// otherwise makes them anew: the journal from memory, the present part from its open
// file. Files of earlier parts are gone then.
func (f *folder) stand() error {
	if f.journal.file == nil || !same(f.journal.file, filepath.Join(f.path, journalFile)) {
		if err := f.make(); err != nil {
			f.journal.close()
			return fmt.Errorf("make the directory of a recording: %w", err)
		}
		if f.made {
			f.log.Warn("the recording had gone from the spool: it has been made anew, but for parts before the present one", "dir", f.path)
		}
		f.made = true
	}
	if f.media != nil && !same(f.media, f.file) {
		return f.media.Restore(f.file)
	}
	return nil
}

// make makes the directory with the journal in it, so that it is there with a whole
// first line or not at all; or the journal alone, where it is gone from the directory.
func (f *folder) make() error {
	if err := f.spool.lock.hold(); err != nil {
		return err
	}
	root, err := os.OpenRoot(f.spool.config.Dir)
	if err != nil {
		return err
	}
	defer closing(root)
	name := string(f.id)
	if _, err := root.Stat(name); err == nil {
		if !f.made {
			return fmt.Errorf("%s is there already, of another recording: move it away", f.path)
		}
		return f.keep(root, name)
	}
	if err := root.Mkdir(name+aside, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := f.keep(root, name+aside); err != nil {
		return err
	}
	return errors.Join(root.Rename(name+aside, name), settle(root, "."))
}

// keep writes the journal to a new file in a directory.
func (f *folder) keep(root *os.Root, directory string) error {
	name := directory + "/" + journalFile
	if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	file, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	f.journal.open(file)
	return errors.Join(f.journal.flush(), file.Sync(), settle(root, directory))
}

// tell takes note of what an attempt to write has come to: the log has a line when
// it begins to fail and one when it goes on.
func (f *folder) tell(err error) {
	switch {
	case err != nil:
		if f.trouble == "" {
			f.since = f.spool.now()
			f.log.Warn("the recording cannot be written: what comes meanwhile is missing in it", "error", err)
		}
		f.trouble = err.Error()
		f.first = cmp.Or(f.first, f.trouble)
	case f.trouble != "":
		f.log.Info("the recording is written again", "after", f.spool.now().Sub(f.since).Round(time.Millisecond))
		f.trouble = ""
	}
}

// same reports whether an open file is the one at a path.
func same(file interface{ Stat() (os.FileInfo, error) }, path string) bool {
	is, err := file.Stat()
	at, gone := os.Stat(path)
	return err == nil && gone == nil && os.SameFile(is, at)
}
