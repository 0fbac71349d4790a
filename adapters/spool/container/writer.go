package container

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

const (
	maxFragment = 1 << 27     // bytes of media in a fragment
	maxPause    = 6 * 60 * 60 // seconds from one sample to the next
	maxTime     = 1 << 31     // seconds to a sample from the beginning
	writeBuffer = 1 << 16     // bytes; what is larger is written past it
)

// Writer writes one media file. It belongs to one goroutine, and each of its methods
// may wait for the disk.
type Writer struct {
	file   *os.File
	format format
	buffer *bufio.Writer
	size   int64
	video  track
	audio  track
}

// track is what a writer knows of one track.
type track struct {
	declared bool
	rate     int64
	last     int64 // DTS of the last sample; -1 before the first
}

// Create makes a media file for its owner alone (0600), which must not be there. One
// of both formats may be nil. The head of the file and its name are on the disk when
// it returns; on an error there is no file.
func Create(path string, video *VideoFormat, audio *AudioFormat) (*Writer, error) {
	if video == nil && audio == nil {
		return nil, fmt.Errorf("media file %s: neither pictures nor sound are to be in it", path)
	}
	format := formatFor(video, audio)
	head, err := format.head()
	if err != nil {
		return nil, fmt.Errorf("media file %s: %w", path, err)
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return nil, explain("make a media file", err)
	}
	if err := begin(file, head); err != nil {
		_, _ = file.Close(), os.Remove(path)
		return nil, explain("make a media file", err)
	}
	return &Writer{
		file: file, format: format, size: int64(len(head)),
		buffer: bufio.NewWriterSize(nil, writeBuffer),
		video:  track{declared: video != nil, rate: VideoRate, last: -1},
		audio:  track{declared: audio != nil, rate: AudioRate, last: -1},
	}, nil
}

func begin(file *os.File, head []byte) error {
	if _, err := file.WriteAt(head, 0); err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	return syncDirectory(filepath.Dir(file.Name()))
}

// Write appends a fragment, whole or not at all: when the disk refuses it, the file
// is what it was before, and a later Write may succeed. It is given to the system,
// and not waited for until it is on the disk. An error also says what in the fragment
// does not follow on what has been written.
func (w *Writer) Write(f Fragment) error {
	if len(f.Video)+len(f.Audio) == 0 {
		return nil
	}
	if err := w.check(f); err != nil {
		return fmt.Errorf("media file %s: %w", w.file.Name(), err)
	}
	to := io.NewOffsetWriter(w.file, w.size)
	w.buffer.Reset(to)
	err := w.format.fragment(w.buffer, f)
	if err == nil {
		err = w.buffer.Flush()
	}
	if err != nil {
		return explain("write a media file", errors.Join(err, w.file.Truncate(w.size)))
	}
	end, _ := to.Seek(0, io.SeekCurrent)
	w.size += end
	w.video.passed(f.Video)
	w.audio.passed(f.Audio)
	return nil
}

func (w *Writer) check(f Fragment) error {
	video, err := w.video.check(f.Video)
	if err != nil {
		return fmt.Errorf("pictures: %w", err)
	}
	audio, err := w.audio.check(f.Audio)
	if err != nil {
		return fmt.Errorf("sound: %w", err)
	}
	if video+audio > maxFragment {
		return fmt.Errorf("a fragment of %d bytes: write it as several of %d at most", video+audio, maxFragment)
	}
	return nil
}

// check returns how many bytes samples have that may follow on those before them.
func (t *track) check(samples []Sample) (size int, err error) {
	if len(samples) > 0 && !t.declared {
		return 0, errors.New("the file was made without them: make another one")
	}
	last := t.last
	for i, s := range samples {
		switch {
		case s.DTS <= last:
			return 0, fmt.Errorf("sample %d is decoded at %d, which is not after %d", i, s.DTS, last)
		case last >= 0 && s.DTS-last > maxPause*t.rate || s.Duration > maxPause*t.rate:
			return 0, fmt.Errorf("sample %d comes %d ticks after the one before it and lasts %d: make another file after such a pause", i, s.DTS-last, s.Duration)
		case s.DTS > maxTime*t.rate || s.PTS < s.DTS || s.PTS-s.DTS > maxPause*t.rate || s.Duration < 0:
			return 0, fmt.Errorf("sample %d is decoded at %d, shown at %d and lasts %d", i, s.DTS, s.PTS, s.Duration)
		case len(s.Data) == 0:
			return 0, fmt.Errorf("sample %d is empty", i)
		}
		last, size = s.DTS, size+len(s.Data)
	}
	return size, nil
}

func (t *track) passed(samples []Sample) {
	if n := len(samples); n > 0 {
		t.last = samples[n-1].DTS
	}
}

// Size returns how long the file is, in bytes.
func (w *Writer) Size() int64 { return w.size }

// Stat describes the open file, wherever it is.
func (w *Writer) Stat() (os.FileInfo, error) { return w.file.Stat() }

// Restore copies what has been written to a new file, which must not be there, and
// goes on in it: for when the file's own name is gone. On an error the writer is as it
// was, and there is no new file. It does not wait until the copy is on the disk.
func (w *Writer) Restore(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return explain("restore a media file", err)
	}
	_, err = w.file.Seek(0, io.SeekStart)
	if err == nil {
		_, err = io.CopyN(file, w.file, w.size)
	}
	if err != nil {
		_, _ = file.Close(), os.Remove(path)
		return explain("restore a media file", err)
	}
	_ = w.file.Close() // nothing of it is needed any more
	w.file = file
	return nil
}

// Close closes the file. What is missing in it is for Finalize.
func (w *Writer) Close() error { return w.file.Close() }

// syncDirectory waits until the names in a directory are on the disk.
func syncDirectory(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// explain says what to do about an error of the file system, which names the file.
func explain(doing string, err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fmt.Errorf("%s: %w. Make room on the disk", doing, err)
	case errors.Is(err, syscall.EIO):
		return fmt.Errorf("%s: %w. The disk fails: see the system's log", doing, err)
	default:
		return fmt.Errorf("%s: %w", doing, err)
	}
}
