package clip

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"time"

	"github.com/pion/webrtc/v4/pkg/media/oggreader"
)

// ogg reads Ogg Opus (RFC 7845). Pages are cut into packets here, because pion's reader hands out whole pages, and most
// writers put a second of packets into one.
type ogg struct {
	r      *bufio.Reader
	serial uint32
	lacing []byte // what is left of the current page's segment table
	clock  time.Duration
	choice chooser
}

const oggHeader = 27

func openOgg(src io.Reader) (*ogg, error) {
	d := &ogg{r: bufio.NewReader(src)}
	head, err := d.page()
	if err != nil {
		return nil, broken("Ogg: %v", err)
	}
	d.serial = binary.LittleEndian.Uint32(head[14:])
	id, err := d.packet()
	if err != nil {
		return nil, broken("Ogg: %v", err)
	}
	if !bytes.HasPrefix(id, []byte("OpusHead")) {
		d.choice.take(Track{}, "Ogg", true, false)
		return d, nil
	}
	if _, err := oggreader.ParseOpusHead(id); err != nil {
		return nil, broken("Ogg: %v", err)
	}
	if tags, err := d.packet(); err != nil || !bytes.HasPrefix(tags, []byte("OpusTags")) {
		return nil, broken("Ogg: no OpusTags after OpusHead")
	}
	d.choice.take(opus(), "Opus", true, false)
	return d, nil
}

func (d *ogg) tracks() []Track     { return d.choice.tracks }
func (d *ogg) omitted() []omission { return d.choice.left }

func (d *ogg) next() (Sample, error) {
	data, err := d.packet()
	if err != nil {
		return Sample{}, err
	}
	s := Sample{Data: data, PTS: d.clock, Duration: opusDuration(data)}
	d.clock += s.Duration
	return s, nil
}

// packet joins segments, over pages too, up to the first that is not full. io.EOF means that the last page ended whole.
func (d *ogg) packet() ([]byte, error) {
	var packet []byte
	for {
		if len(d.lacing) == 0 {
			_, err := d.page()
			if err != nil && len(packet) > 0 {
				return nil, cut(err)
			}
			if err != nil {
				return nil, err
			}
			continue
		}
		size := int(d.lacing[0])
		d.lacing = d.lacing[1:]
		start := len(packet)
		packet = append(packet, make([]byte, size)...)
		if _, err := io.ReadFull(d.r, packet[start:]); err != nil {
			return nil, cut(err)
		}
		if len(packet) > maxSample {
			return nil, broken("Ogg: a packet of more than %d bytes", maxSample)
		}
		if size < 255 {
			return packet, nil
		}
	}
}

// page reads up to the next page of our stream, passing over those of others, and answers its header.
func (d *ogg) page() ([]byte, error) {
	for {
		head := make([]byte, oggHeader)
		if n, err := io.ReadFull(d.r, head); err != nil {
			if n > 0 {
				err = cut(err)
			}
			return nil, err
		}
		if !bytes.HasPrefix(head, []byte("OggS")) {
			return nil, broken("Ogg: no page where one had to begin")
		}
		lacing := make([]byte, head[oggHeader-1])
		if _, err := io.ReadFull(d.r, lacing); err != nil {
			return nil, cut(err)
		}
		serial := binary.LittleEndian.Uint32(head[14:])
		if d.serial == 0 || serial == d.serial {
			d.lacing = lacing
			return head, nil
		}
		body := 0
		for _, size := range lacing {
			body += int(size)
		}
		if _, err := d.r.Discard(body); err != nil {
			return nil, cut(err)
		}
	}
}
