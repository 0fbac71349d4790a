// Package frames puts the packets of one stream in order and together again: packets
// of sound, and whole pictures as a decoder takes them, with nothing among them that a
// decoder would stumble over.
package frames

import (
	"errors"
	"time"

	"rostrum/adapters/spool/container"
	"rostrum/domain"
	"rostrum/ports"
)

// Patience is how long a packet that is missing is waited for: ingest asks for it
// again, and it comes late.
const Patience = time.Second

// What a picture may come to; more is no picture. At 50 Mbit/s a key frame in 4K has
// well below 8 MB.
const (
	maxPicture        = 8 << 20
	maxPicturePackets = 16_384
)

// Frame is a picture or a packet of sound, whole, in the order of decoding. It is its
// owner's for good, except that a Format is shared and must not be changed.
type Frame struct {
	Timestamp uint32 // RTP's: when it is to be shown
	Key       bool   // decoding can begin here; always so with sound
	Data      []byte // as container.Sample has it
	Format    *container.VideoFormat
	Arrived   time.Time // when the first of its packets came
	Lost      bool      // something is missing between the frame before and this one
}

// Assembler makes frames of the packets of one ports.Stream. Each frame that it gives
// out can be decoded: what hangs on something that is missing for good, or is no
// payload of the codec, is left out up to the next key frame. It belongs to one
// goroutine.
type Assembler struct {
	sound   bool
	depack  depacketizer
	queue   queue
	picture gathering // the packets of the picture that is coming

	blind   bool // nothing can be shown before the next key frame
	dropped bool // since the last key frame, something has been
	lost    bool // since the last frame, something has been
	opened  bool // the last key frame followed upon something missing
}

// New returns an Assembler for a stream of one of the codecs that are served.
func New(codec domain.Codec) *Assembler {
	sound := codec.Kind() == domain.Audio
	return &Assembler{sound: sound, depack: newDepacketizer(codec), blind: !sound}
}

// Add takes in a packet that came now and copies what it keeps. One that came before,
// or for which others have waited too long, is dropped. Next must be called until it
// has nothing more before much else is added: 4,096 packets or 8 MB may wait at the
// most, and what comes then is dropped.
func (a *Assembler) Add(p ports.Packet, now time.Time) { a.queue.add(p, now) }

// Flush says that no more packets come: what waits for one waits no longer.
func (a *Assembler) Flush() { a.queue.flushed = true }

// NeedsKeyframe reports that pictures come, or something of them is missing, and
// nothing can be shown before the next key frame: the publisher should be asked for
// one. It stays so until that has come.
func (a *Assembler) NeedsKeyframe() bool { return a.blind && a.dropped }

// Next returns the next frame, false if none is ready. A missing packet is waited for
// until Patience is over, or 2,048 packets or 4 MB wait behind it.
func (a *Assembler) Next(now time.Time) (Frame, bool) {
	for {
		p, lost, ok := a.queue.peek(now)
		if lost {
			a.lose()
		}
		if !ok {
			return Frame{}, false
		}
		if a.picture.endsBefore(p) {
			if f, ok := a.finish(); ok {
				return f, true
			}
		}
		a.queue.pop()
		if len(p.payload) == 0 {
			continue // padding, to probe the network: not a part of any picture
		}
		a.picture.add(p)
		if p.marker || a.sound {
			if f, ok := a.finish(); ok {
				return f, true
			}
		}
	}
}

// lose takes note that something is missing for good.
func (a *Assembler) lose() {
	a.picture.clear()
	a.lost, a.dropped = true, true
	a.blind = !a.sound
}

// finish makes a frame of the picture that has been gathered, if it is one that can
// be shown.
func (a *Assembler) finish() (Frame, bool) {
	defer a.picture.clear()
	p, err := a.unpack()
	switch {
	case err != nil:
		a.lose()
		return Frame{}, false
	case len(p.data) == 0: // parameter sets alone
		return Frame{}, false
	case a.blind && !p.key:
		a.lost, a.dropped = true, true
		return Frame{}, false
	case p.leading && a.opened: // it is shown before the key frame, and hangs on what was before
		return Frame{}, false
	}
	f := Frame{
		Timestamp: a.picture.timestamp,
		Key:       p.key,
		Data:      p.data,
		Format:    p.format,
		Arrived:   a.picture.arrived,
		Lost:      a.lost,
	}
	if p.key {
		a.opened = a.blind
		a.blind, a.dropped = false, false
	}
	a.lost = false
	return f, true
}

var errTooLarge = errors.New("a picture of more than 8 MB")

func (a *Assembler) unpack() (picture, error) {
	if a.picture.tooLarge {
		return picture{}, errTooLarge
	}
	return a.depack.picture(a.picture.payloads)
}

// gathering is what has come of a picture: packets of one timestamp without a gap.
type gathering struct {
	timestamp uint32
	arrived   time.Time
	payloads  [][]byte
	bytes     int
	tooLarge  bool
}

// endsBefore reports whether the picture has ended where p begins another one.
func (g *gathering) endsBefore(p packet) bool {
	return len(g.payloads) > 0 && p.timestamp != g.timestamp && len(p.payload) > 0
}

// add takes the next packet of the picture and keeps its payload.
func (g *gathering) add(p packet) {
	if len(g.payloads) == 0 {
		g.timestamp, g.arrived = p.timestamp, p.arrived
	}
	if p.arrived.Before(g.arrived) {
		g.arrived = p.arrived
	}
	g.bytes += len(p.payload)
	if g.bytes > maxPicture || len(g.payloads) == maxPicturePackets {
		g.tooLarge = true
		return
	}
	g.payloads = append(g.payloads, p.payload)
}

func (g *gathering) clear() {
	clear(g.payloads)
	*g = gathering{payloads: g.payloads[:0]}
}
