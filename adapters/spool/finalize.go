package spool

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rostrum/adapters/spool/container"
	"rostrum/domain"
	"rostrum/ports"
)

// damaged stands behind the name of a file that should be a part and holds nothing
// that can be read: it is foreign, and left alone.
const damaged = ".damaged"

// Finalize is ports.Spool.Finalize. One that has been finalized, and whose files have
// the sizes that its manifest tells, is returned from there. What cannot be read of a
// part is set aside, and the log says so. It refuses with domain.ErrRecordingLive
// while the recording is being written.
func (s *Spool) Finalize(ctx context.Context, id domain.RecordingID) (domain.Recording, error) {
	if !known(id) {
		return domain.Recording{}, domain.ErrRecordingUnknown
	}
	release, err := s.claim(id)
	if err != nil {
		return domain.Recording{}, err
	}
	defer release()
	dir, err := s.directory(id)
	if err != nil {
		return domain.Recording{}, err
	}
	defer closing(dir)
	if recording, ok := finalized(dir, id); ok {
		return recording, nil
	}
	recording, ok := begun(dir, id)
	if !ok {
		return domain.Recording{}, domain.ErrRecordingUnknown
	}
	if recording, err = s.finish(ctx, dir, recording); err != nil {
		return domain.Recording{}, err
	}
	if len(recording.Parts) == 0 {
		return domain.Recording{}, domain.ErrRecordingEmpty
	}
	s.ledger.set(string(id), size(dir.FS()))
	return recording, nil
}

// finish makes the parts whole and writes the manifest, unless there is no part.
func (s *Spool) finish(ctx context.Context, dir *os.Root, r domain.Recording) (domain.Recording, error) {
	if err := complete(dir, &r); err != nil {
		return r, explain("finalize a recording", err)
	}
	parts := r.Parts
	r.Parts = nil
	for _, p := range parts {
		shows, err := s.finishPart(ctx, dir, r.ID, &p)
		if err != nil {
			return r, err
		}
		if shows {
			r.Parts = append(r.Parts, p)
		}
	}
	if len(r.Parts) == 0 {
		return r, nil
	}
	last := r.Parts[len(r.Parts)-1]
	if err := r.Finalize(r.Parts, last.Started.Add(last.Duration)); err != nil {
		return r, err
	}
	return r, explain("write the manifest of a recording", keepManifest(dir, r))
}

// complete adds to the parts of a recording those whose files are there and whose
// lines in the journal are lost, and puts them in order.
func complete(dir *os.Root, r *domain.Recording) error {
	found, err := entries(dir)
	if err != nil {
		return err
	}
	for _, e := range found {
		if _, told := r.Part(e.Name()); told || !partName.MatchString(e.Name()) {
			continue
		}
		r.Parts = append(r.Parts, domain.Part{File: e.Name(), Publisher: r.Session, Started: r.Started})
	}
	slices.SortStableFunc(r.Parts, func(a, b domain.Part) int {
		return strings.Compare(stem(a.File), stem(b.File))
	})
	r.Parts = slices.CompactFunc(r.Parts, func(a, b domain.Part) bool { return a.File == b.File })
	return nil
}

// stem returns what the files of parts are in order by: part-999 comes before
// part-1000.
func stem(file string) string {
	number := strings.TrimSuffix(strings.TrimPrefix(file, "part-"), filepath.Ext(file))
	return fmt.Sprintf("%10s", number)
}

// finishPart makes a part whole, and reports whether it has anything to show.
func (s *Spool) finishPart(ctx context.Context, dir *os.Root, id domain.RecordingID, p *domain.Part) (bool, error) {
	path := filepath.Join(s.config.Dir, string(id), p.File)
	if info, err := dir.Lstat(p.File); err != nil || !info.Mode().IsRegular() {
		s.config.Log.Warn("a part of the recording has no file", "recording", id, "file", path, "error", err)
		return false, nil
	}
	summary, err := container.Finalize(path)
	switch {
	case errors.Is(err, container.ErrEmpty):
		return false, explain("remove an empty part", dir.Remove(p.File))
	case errors.Is(err, container.ErrDamaged):
		s.config.Log.Error("a part of the recording cannot be read: it is set aside", "recording", id, "file", path+damaged, "error", err)
		return false, explain("set a damaged part aside", dir.Rename(p.File, p.File+damaged))
	case err != nil:
		return false, explain("finalize a part", err)
	}
	p.Video, p.Width, p.Height, p.Pictures = summary.Video, summary.Width, summary.Height, summary.Pictures
	p.Audio, p.Sounds = summary.Audio, summary.Sounds
	p.Duration = summary.Duration
	return true, explain("read a part", digest(ctx, dir, p))
}

// digest reads a part once for its size and both checksums.
func digest(ctx context.Context, dir *os.Root, p *domain.Part) error {
	file, err := dir.Open(p.File)
	if err != nil {
		return err
	}
	defer closing(file)
	sha, crc := sha256.New(), crc32.New(crc32.MakeTable(crc32.Castagnoli))
	p.Bytes, err = io.CopyBuffer(io.MultiWriter(sha, crc), whileWanted{ctx, file}, make([]byte, 1<<18))
	p.SHA256, p.CRC32C = hex.EncodeToString(sha.Sum(nil)), crc.Sum32()
	return err
}

// whileWanted reads until a context ends.
type whileWanted struct {
	ctx context.Context
	r   io.Reader
}

func (w whileWanted) Read(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.r.Read(p)
}

// keepManifest writes the manifest: it is on the disk, whole, when it has its name.
func keepManifest(dir *os.Root, r domain.Recording) error {
	text, err := writeManifest(r)
	if err != nil {
		return err
	}
	unborn := ports.ManifestFile + aside
	file, err := dir.OpenFile(unborn, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return errors.Join(err, dir.Remove(unborn)) // what it takes may be what is missing
	}
	return errors.Join(dir.Rename(unborn, ports.ManifestFile), settle(dir, "."))
}
