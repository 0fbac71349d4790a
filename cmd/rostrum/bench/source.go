package bench

import (
	"math/rand/v2"
	"time"
)

// kind is which of the two tracks something belongs to.
type kind int

const (
	video kind = iota
	audio
	kinds
)

const (
	keyEvery   = 2 * time.Second
	keyWeight  = 4   // bytes of a key frame, in delta frames
	jitter     = 0.2 // by how much delta frames differ in size
	audioEvery = 20 * time.Millisecond
	audioSize  = 160 // 64 kbit/s
)

// frame is one picture, or 20 ms of sound.
type frame struct {
	kind kind
	at   time.Duration // on the media's clock
	key  bool
	size int // bytes, before they are packetized
}

// source makes up the frames of a stream in the order of their times, as an encoder would that keeps its bitrate: a key frame
// every two seconds, deltas around a mean. It is the same stream every time. One goroutine may use it.
type source struct {
	stream   Stream
	delta    float64 // mean size of a delta frame
	random   *rand.Rand
	pictures int // so far
	sounds   int
	sinceKey int // pictures
}

func newSource(s Stream) *source {
	group := keyEvery.Seconds() * float64(s.FPS)
	bytes := keyEvery.Seconds() * float64(s.Bitrate) * 1000 / 8
	return &source{
		stream: s,
		delta:  bytes / (max(group, 1) - 1 + keyWeight),
		random: rand.New(rand.NewPCG(30, 2500)), //nolint:gosec // sizes are no secret, and the same every time
	}
}

// next returns the next frame of either track. Asked for a key frame, the next picture is one.
func (s *source) next(key bool) frame {
	picture := time.Duration(s.pictures) * time.Second / time.Duration(s.stream.FPS)
	sound := time.Duration(s.sounds) * audioEvery
	if sound <= picture {
		s.sounds++
		return frame{kind: audio, at: sound, size: audioSize}
	}
	f := frame{kind: video, at: picture}
	group := int(keyEvery.Seconds() * float64(s.stream.FPS))
	if f.key = key || s.pictures == 0 || s.sinceKey >= group; f.key {
		s.sinceKey = 0
		f.size = int(s.delta * keyWeight)
	} else {
		f.size = int(s.delta * (1 - jitter + 2*jitter*s.random.Float64()))
	}
	s.pictures++
	s.sinceKey++
	return f
}

// due returns when the next frame of either track is due.
func (s *source) due() time.Duration {
	return min(time.Duration(s.pictures)*time.Second/time.Duration(s.stream.FPS), time.Duration(s.sounds)*audioEvery)
}
