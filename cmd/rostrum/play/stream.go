package play

import (
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"rostrum/adapters/spool/frames"
	"rostrum/domain"
	"rostrum/ports"
)

// stream is what comes on one track of a session, in the words of the recorder. It belongs to the track's goroutine, but for
// report.
type stream struct {
	track    *webrtc.TrackRemote
	known    atomic.Pointer[ports.Stream]
	newest   uint64            // sequence number, extended
	pictures *frames.Assembler // to find out how large they are
	shown    string            // what has turned out, to be told
}

// arrival is a packet and what it is of. Its payload is valid until the next is read.
type arrival struct {
	stream  ports.Stream
	packets [1]ports.Packet
}

// take takes in the next packet of a session. When a publisher comes back with another codec, that is another stream on the
// same track.
func (s *stream) take(packet *rtp.Packet, session domain.SessionID) arrival {
	codec := codecOf(s.track.Codec().MimeType)
	now := s.known.Load()
	if now == nil || now.Codec != codec || now.Publisher != session {
		now = &ports.Stream{Publisher: session, Track: domain.TrackID(s.track.Kind().String()), Codec: codec}
		s.known.Store(now)
		s.pictures = frames.New(codec)
		if codec.Kind() == domain.Audio {
			s.shown = string(codec)
		}
	}
	p := ports.Packet{
		Sequence: s.extend(packet.SequenceNumber), Timestamp: packet.Timestamp, Marker: packet.Marker, Payload: packet.Payload,
	}
	if codec.Kind() == domain.Video {
		s.look(p)
	}
	return arrival{*now, [1]ports.Packet{p}}
}

// extend continues RTP's sequence numbers beyond 16 bits, from a beginning that leaves room for what comes late.
func (s *stream) extend(sequence uint16) uint64 {
	if s.newest == 0 {
		s.newest = 1<<16 + uint64(sequence)
	}
	ahead := int16(sequence - uint16(s.newest)) //nolint:gosec // RTP arithmetic is modulo 2^16
	extended := s.newest + uint64(int64(ahead)) //nolint:gosec // and so is this, modulo 2^64
	s.newest = max(s.newest, extended)
	return extended
}

// look finds out how large the pictures are.
func (s *stream) look(p ports.Packet) {
	now := time.Now()
	s.pictures.Add(p, now)
	for frame, ok := s.pictures.Next(now); ok; frame, ok = s.pictures.Next(now) {
		if frame.Format != nil {
			s.shown = fmt.Sprintf("%s %dx%d", frame.Format.Codec, frame.Format.Width, frame.Format.Height)
		}
	}
}

// report returns the clock of a sender report. Any goroutine may call it.
func (s *stream) report(r *rtcp.SenderReport) (ports.Stream, ports.Clock, bool) {
	now := s.known.Load()
	if now == nil || r.SSRC != uint32(s.track.SSRC()) {
		return ports.Stream{}, ports.Clock{}, false
	}
	return *now, ports.Clock{NTPTime: r.NTPTime, RTPTime: r.RTPTime}, true
}

// codecOf returns the codec of a media type as video/VP8.
func codecOf(mime string) domain.Codec {
	_, name, _ := strings.Cut(mime, "/")
	return domain.Codec(strings.ToUpper(name))
}
