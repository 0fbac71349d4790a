package play

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rostrum/adapters/spool"
	"rostrum/cmd/rostrum/usage"
	"rostrum/domain"
	"rostrum/ports"
)

// File is one file that was kept.
type File struct {
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"`
	Bytes   int64   `json:"bytes"`
	Video   string  `json:"video,omitempty"`
	Width   int     `json:"width,omitempty"`
	Height  int     `json:"height,omitempty"`
	Audio   string  `json:"audio,omitempty"`
}

// recording is the name of what is kept in the spool: there is nothing else in it.
const recording domain.RecordingID = "PLAY"

// file is where what comes is kept: a recording in a spool of its own, beside the file that it becomes.
type file struct {
	name, ending string // of the file; the ending may be empty
	force        bool
	log          *slog.Logger
	dir          string
	spool        *spool.Spool
	take         ports.Take
	ask          func() // for a key frame
}

// create makes what a file is written in. A name that cannot be written to is refused before anything is received. The caller
// calls keep, in any case.
func create(o Options, ask func()) (_ *file, err error) {
	out := o.Out
	f := &file{ending: filepath.Ext(out), force: o.Force, log: o.Log, ask: ask}
	f.name = strings.TrimSuffix(out, f.ending)
	if err := f.check(out); err != nil {
		return nil, err
	}
	tellLeftovers(f)
	if f.dir, err = os.MkdirTemp(filepath.Dir(out), hidden(f.name)+"*"); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDisk, err)
	}
	if f.spool, err = spool.Open(spool.Config{Dir: f.dir, Log: o.Log}); err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %w", ErrDisk, err), os.RemoveAll(f.dir))
	}
	f.take, err = f.spool.Record(domain.Recording{
		ID: recording, Room: domain.RoomName(o.Room), Key: "play", Started: time.Now(),
	}, f)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %w", ErrDisk, err), f.spool.Close(), os.RemoveAll(f.dir))
	}
	return f, nil
}

// check refuses names that are of no use.
func (f *file) check(out string) error {
	switch info, err := os.Stat(out); {
	case out == "-":
		return usage.Errorf("--out -: a file is made whole at its end, by an index at its beginning, which a pipe has passed by then: name a file")
	case err == nil && info.IsDir():
		return usage.Errorf("--out %s: that is a directory: name a file in it", out)
	}
	if folder, err := os.Stat(filepath.Dir(out)); errors.Is(err, fs.ErrNotExist) || err == nil && !folder.IsDir() {
		return usage.Errorf("--out %s: there is no such directory as %s: make it, or name another", out, filepath.Dir(out))
	}
	endings := []string{f.ending}
	switch strings.ToLower(f.ending) {
	case ".mp4", ".webm":
	case "":
		endings = []string{".mp4", ".webm"}
	default:
		return usage.Errorf("--out %s: its name may end in .mp4 or .webm, or have no ending and get the right one", out)
	}
	for _, ending := range endings {
		name := f.name + ending
		switch info, err := os.Stat(name); {
		case err == nil && info.IsDir():
			return usage.Errorf("--out %s: that is a directory: name a file in it", name)
		case err == nil && !f.force:
			return usage.Errorf("--out %s: it is there already: name another file, or replace it by --force", name)
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("%w: %w", ErrDisk, err)
		}
	}
	return nil
}

// Began is ports.RecordingEvents.Began.
func (f *file) Began(domain.RecordingID, time.Time) {}

// PictureLost is ports.RecordingEvents.PictureLost.
func (f *file) PictureLost(domain.RecordingID) { f.ask() }

// trouble returns why something of what has come could not be written, nil if all could or there is no file.
func (f *file) trouble() error {
	if f == nil {
		return nil
	}
	if why := f.take.Status().FirstTrouble; why != "" {
		return fmt.Errorf("%w: %s", ErrDisk, why)
	}
	return nil
}

// keep makes what has come whole and gives it its name. What cannot be kept so stays where it was written, and the error
// tells where.
func (f *file) keep(ctx context.Context) (kept []File, err error) {
	f.take.Close()
	whole, err := f.spool.Finalize(ctx, recording)
	empty := errors.Is(err, domain.ErrRecordingEmpty) || errors.Is(err, domain.ErrRecordingUnknown)
	if err == nil {
		kept, err = f.place(whole.Parts)
	}
	err = errors.Join(err, f.spool.Close())
	switch {
	case empty:
		return nil, errors.Join(fmt.Errorf("%w that a file could be made of", ErrNothing), os.RemoveAll(f.dir))
	case err != nil:
		return kept, fmt.Errorf("%w. What has come is in %s, and can be played there: %w", ErrDisk, filepath.Join(f.dir, string(recording)), err)
	default:
		return kept, os.RemoveAll(f.dir)
	}
}

// place moves the parts to where they are to be: the first under the name itself, more behind it. The ending is what a part
// is. A name that somebody else has taken meanwhile is passed over.
func (f *file) place(parts []domain.Part) (kept []File, err error) {
	number := 1
	for _, p := range parts {
		to, ending := "", filepath.Ext(p.File)
		if strings.EqualFold(ending, f.ending) {
			ending = f.ending
		} else if f.ending != "" {
			f.log.Warn("the file has another ending: what came goes into no other", "asked", f.ending, "file", f.name+ending)
		}
		for to == "" || !f.force && taken(to) {
			if to = f.name + ending; number > 1 {
				to = fmt.Sprintf("%s-%d%s", f.name, number, ending)
			}
			number++
		}
		if err := os.Rename(filepath.Join(f.dir, string(recording), p.File), to); err != nil {
			return kept, err
		}
		kept = append(kept, File{
			Name: to, Seconds: p.Duration.Round(time.Millisecond).Seconds(), Bytes: p.Bytes,
			Video: string(p.Video), Width: p.Width, Height: p.Height, Audio: string(p.Audio),
		})
		f.log.Info("kept", "file", to, "length", p.Duration.Round(time.Millisecond).String(), "bytes", p.Bytes)
	}
	return kept, nil
}

func taken(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}
