package spool

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"

	"rostrum/domain"
	"rostrum/ports"
)

// Search is ports.Spool.Search. Foreign things are named from the spool's directory
// on.
func (s *Spool) Search(ctx context.Context) (recordings []domain.Recording, foreign []string, err error) {
	root, err := os.OpenRoot(s.config.Dir)
	if err != nil {
		return nil, nil, explain("search the recording spool", err)
	}
	defer closing(root)
	found, err := entries(root)
	if err != nil {
		return nil, nil, explain("search the recording spool", err)
	}
	for _, e := range found {
		if err := ctx.Err(); err != nil {
			return nil, nil, fmt.Errorf("search the recording spool: %w", err)
		}
		id := domain.RecordingID(e.Name())
		switch {
		case e.Name() == lockFile || leftover.MatchString(e.Name()) || s.writing(id):
		case !e.IsDir() || !known(id):
			foreign = append(foreign, e.Name())
		default:
			recording, others, ok := s.look(id)
			if ok {
				recordings = append(recordings, recording)
			}
			foreign = append(foreign, others...)
		}
	}
	return recordings, foreign, nil
}

// look returns the recording in a directory, whether there is one, and what else there
// is.
func (s *Spool) look(id domain.RecordingID) (recording domain.Recording, foreign []string, ok bool) {
	dir, err := s.directory(id)
	if err != nil {
		return domain.Recording{}, []string{string(id)}, false
	}
	defer closing(dir)
	if recording, ok = finalized(dir, id); !ok {
		recording, ok = begun(dir, id)
		recording.Parts = nil
	}
	if !ok {
		return domain.Recording{}, []string{string(id)}, false
	}
	found, err := entries(dir)
	if err != nil {
		return recording, nil, true
	}
	for _, e := range found {
		if !own(e.Name()) {
			foreign = append(foreign, path.Join(string(id), e.Name()))
		}
	}
	return recording, foreign, true
}

// begun returns what the journal in a directory tells, and whether that is anything.
func begun(dir *os.Root, id domain.RecordingID) (domain.Recording, bool) {
	journal, err := dir.Open(journalFile)
	if err != nil {
		return domain.Recording{}, false
	}
	defer closing(journal)
	return readJournal(journal, id)
}

// finalized returns what the manifest in a directory tells, and whether it tells of
// the files that are there.
func finalized(dir *os.Root, id domain.RecordingID) (domain.Recording, bool) {
	text, err := dir.ReadFile(ports.ManifestFile)
	if err != nil {
		return domain.Recording{}, false
	}
	recording, ok := readManifest(text, id)
	for _, p := range recording.Parts {
		info, err := dir.Lstat(p.File)
		ok = ok && err == nil && info.Mode().IsRegular() && info.Size() == p.Bytes
	}
	return recording, ok
}

// sweep goes on with what a process that was killed had begun to remove, or not made
// yet, and counts what is in the spool.
func (s *Spool) sweep() error {
	root, err := os.OpenRoot(s.config.Dir)
	if err != nil {
		return explain("search the recording spool", err)
	}
	defer closing(root)
	found, err := entries(root)
	if err != nil {
		return explain("search the recording spool", err)
	}
	for _, e := range found {
		name := e.Name()
		if match := leftover.FindStringSubmatch(name); match != nil && e.IsDir() {
			if err := dismantle(root, name, match[1]); err != nil {
				return explain("clear the recording spool", err)
			}
			name = match[1]
		}
		s.ledger.set(name, taken(root, name))
	}
	return nil
}

// taken returns how many bytes a recording takes.
func (s *Spool) taken(id domain.RecordingID) int64 {
	root, err := os.OpenRoot(s.config.Dir)
	if err != nil {
		return 0
	}
	defer closing(root)
	return taken(root, string(id))
}

// taken returns how many bytes something in the spool takes.
func taken(root *os.Root, name string) int64 {
	info, err := root.Lstat(name)
	switch {
	case err != nil:
		return 0
	case !info.IsDir():
		return info.Size()
	}
	below, err := fs.Sub(root.FS(), name)
	if err != nil {
		return 0
	}
	return size(below)
}
