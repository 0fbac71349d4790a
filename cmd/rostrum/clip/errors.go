package clip

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// What can be wrong with a file. Match with errors.Is.
var (
	ErrNotMedia  = errors.New("not a media file that rostrum can read")
	ErrNoTrack   = errors.New("no track in it can be sent by WebRTC")
	ErrBroken    = errors.New("the file is damaged")
	ErrTruncated = errors.New("the file ends in the middle of a sample")
	ErrReordered = errors.New("its pictures are stored out of order (B-frames), which WebRTC cannot send")
)

// Formats is the list for help texts and errors.
const Formats = "WebM or Matroska, MP4 (also fragmented), IVF, Ogg Opus, and raw H264 or H265 (Annex B)"

// Endings are what names of such files end with as a rule. Open goes by content alone.
func Endings() []string {
	return []string{"webm", "mkv", "mp4", "m4v", "mov", "ivf", "ogg", "opus", "h264", "264", "h265", "265", "hevc"}
}

// FileError is any error about a clip: which file, what, and what to do.
type FileError struct {
	Name   string
	Err    error
	Advice string
}

func (e *FileError) Error() string {
	if e.Advice == "" {
		return fmt.Sprintf("%s: %v", e.Name, e.Err)
	}
	return fmt.Sprintf("%s: %v: %s", e.Name, e.Err, e.Advice)
}

func (e *FileError) Unwrap() error { return e.Err }

// fail names the file, and gives the advice that belongs to the error.
func (c *Clip) fail(err error) error {
	var advice string
	switch {
	case errors.Is(err, ErrNotMedia):
		advice = "it reads " + Formats
	case errors.Is(err, ErrBroken), errors.Is(err, ErrTruncated):
		advice = "try to repair it: " + c.ffmpeg("-c copy", "repaired")
	case errors.Is(err, ErrReordered):
		advice = "convert it first: " + c.ffmpeg("-c:v libx264 -bf 0 -g 60 -c:a libopus", "converted")
	case errors.Is(err, ErrNoTrack):
		advice = strings.Join(c.Warnings, "; ")
	}
	return &FileError{Name: c.name, Err: err, Advice: advice}
}

// left tells of a track that stays unsent, and how to make it one that doesn't.
func (c *Clip) left(o omission) string {
	codec := strings.TrimPrefix(strings.TrimPrefix(o.codec, "A_"), "V_")
	if codec == "mp4a" {
		codec = "AAC"
	}
	if o.second {
		return fmt.Sprintf("the second track of its kind (%s) is left out: WHIP sends one of each", codec)
	}
	how := "-c:v libx264 -bf 0 -g 60 -c:a libopus"
	if o.audio {
		how = "-c:v copy -c:a libopus"
	}
	return fmt.Sprintf("the %s track is left out, because WebRTC cannot carry it: to have it, convert the file first: %s",
		codec, c.ffmpeg(how, "converted"))
}

// ffmpeg is a command line to paste.
func (c *Clip) ffmpeg(how, result string) string {
	name := c.name
	if strings.ContainsAny(name, " '\"$&;()") {
		name = "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
	}
	return "ffmpeg -i " + name + " " + how + " " + result + ".mkv"
}

// cut turns the end of the file, met where more had to come, into ErrTruncated.
func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrTruncated
	}
	return err
}

func broken(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrBroken, fmt.Sprintf(format, args...))
}
