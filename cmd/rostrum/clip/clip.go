// Package clip reads media files as timed samples that can be sent as they are: a clip is demuxed, never decoded.
package clip

import (
	"bytes"
	_ "embed"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/pion/webrtc/v4"
)

// maxSample bounds what one sample, or one header, of a file may make us hold in memory.
const maxSample = 16 << 20

//go:embed demo.webm
var demo []byte

// A Track is one stream of a clip, named as WebRTC negotiates it.
type Track struct {
	Codec webrtc.RTPCodecCapability
}

// Kind says whether the track is sound or picture.
func (t Track) Kind() webrtc.RTPCodecType {
	if strings.HasPrefix(t.Codec.MimeType, "audio/") {
		return webrtc.RTPCodecTypeAudio
	}
	return webrtc.RTPCodecTypeVideo
}

// A Sample is one frame or one Opus packet, in the form that pion's payloaders take: H264 and H265 in Annex B with the
// parameter sets before each key frame, AV1 as a temporal unit.
type Sample struct {
	Track    int           // index in Clip.Tracks
	Data     []byte        // the receiver's to keep
	PTS      time.Duration // counted from the clip's first sample
	Duration time.Duration // as the file says; where it doesn't, as long as the one before
	Key      bool          // decoding can start here; true for all sound
}

// A Clip is an open media file with at most one track of each kind. It is for one goroutine at a time.
type Clip struct {
	Tracks   []Track
	Warnings []string // what of the file will not be sent, or not well, and what to do about it

	name     string
	options  options
	src      source
	closer   io.Closer
	demuxer  demuxer
	begun    bool
	origin   time.Duration
	previous []Sample // the last one of each track, without its data
}

// source is what every format needs of a file; Open gives an *os.File, Demo a reader of embedded bytes.
type source interface {
	io.ReadSeeker
	io.ReaderAt
}

// demuxer yields one pass over a file, in the order of the file's time. next answers io.EOF after the last sample, and an
// error matching ErrTruncated when the file stops in the middle of one.
type demuxer interface {
	tracks() []Track
	omitted() []omission
	next() (Sample, error)
}

// Open opens the media file at path, detecting the format by its content. Files are streamed: memory stays small however
// long the file is. Errors are a *FileError that wraps one of this package's, or the operating system's.
func Open(path string, opts ...Option) (*Clip, error) {
	if err := checkFile(path); err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, &FileError{Name: path, Err: bare(err)}
	}
	c, err := read(path, file, opts...)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	c.closer = file
	return c, nil
}

// checkFile refuses what cannot be read again from its beginning. To open a pipe that nobody writes to would block.
func checkFile(path string) error {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return &FileError{Name: path, Err: bare(err)}
	case info.IsDir():
		return &FileError{Name: path, Err: errors.New("that is a directory"), Advice: "name a file in it"}
	case !info.Mode().IsRegular():
		return &FileError{Name: path, Err: errors.New("that is no file, but a pipe or a device"), Advice: "write what comes from it to a file first"}
	}
	return nil
}

// bare is an error of the operating system without the name of the file, which a FileError has.
func bare(err error) error {
	if of, ok := errors.AsType[*fs.PathError](err); ok {
		return of.Err
	}
	return err
}

// Demo opens the clip that is built into the program: eight seconds of VP8 and Opus, made to be looped.
func Demo() (*Clip, error) {
	return read("demo", bytes.NewReader(demo))
}

func read(name string, src source, opts ...Option) (*Clip, error) {
	c := &Clip{name: name, src: src}
	for _, o := range opts {
		o(&c.options)
	}
	if err := c.Rewind(); err != nil {
		return nil, err
	}
	c.Tracks = c.demuxer.tracks()
	for _, o := range c.demuxer.omitted() {
		c.Warnings = append(c.Warnings, c.left(o))
	}
	if len(c.Tracks) == 0 {
		return nil, c.fail(ErrNoTrack)
	}
	if err := c.probe(); err != nil {
		return nil, err
	}
	return c, c.Rewind()
}

// Next returns the next sample, io.EOF after the last, or a *FileError.
func (c *Clip) Next() (Sample, error) {
	s, err := c.demuxer.next()
	for err == nil && len(s.Data) == 0 { // a frame that the encoder dropped
		s, err = c.demuxer.next()
	}
	if errors.Is(err, io.EOF) {
		return Sample{}, io.EOF
	}
	if err != nil {
		return Sample{}, c.fail(err)
	}
	if !c.begun {
		c.begun, c.origin = true, s.PTS
	}
	s.PTS -= c.origin
	codec := c.Tracks[s.Track].Codec.MimeType
	s.Key = isKey(codec, s.Data)
	last := &c.previous[s.Track]
	if last.Data != nil && s.PTS < last.PTS {
		return Sample{}, c.fail(ErrReordered)
	}
	if s.Duration <= 0 {
		s.Duration = guessDuration(codec, s, *last)
	}
	*last = Sample{Data: []byte{}, PTS: s.PTS, Duration: s.Duration}
	return s, nil
}

// guessDuration serves the containers that time only the start of a sample.
func guessDuration(codec string, s, last Sample) time.Duration {
	switch {
	case codec == webrtc.MimeTypeOpus:
		return opusDuration(s.Data)
	case last.Data != nil && s.PTS > last.PTS:
		return s.PTS - last.PTS
	default:
		return time.Second / defaultRate
	}
}

// Rewind makes Next begin anew with the first sample.
func (c *Clip) Rewind() error {
	if _, err := c.src.Seek(0, io.SeekStart); err != nil {
		return c.fail(err)
	}
	d, err := demux(c.src, c.options)
	if err != nil {
		return c.fail(err)
	}
	c.demuxer, c.begun = d, false
	c.previous = make([]Sample, len(d.tracks()))
	return nil
}

// Close releases the file. Samples already handed out stay valid.
func (c *Clip) Close() error {
	if c.closer == nil {
		return nil
	}
	return c.closer.Close()
}
