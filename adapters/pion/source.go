package pion

import (
	"encoding/binary"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"

	"rostrum/adapters/pion/fanout"
	"rostrum/adapters/pion/negotiation"
	"rostrum/domain"
)

// replacedAfter is how long a stream must have been silent before another SSRC may
// take its place: a publisher that has begun anew, or has left a collision
// (RFC 3550 §8.2).
const replacedAfter = time.Second

// source is one track of a publisher on its way into the fan-out. But for its
// fan-out it belongs to the publisher's goroutine.
type source struct {
	publisher *publisher
	section   negotiation.Section
	track     domain.Track // as announced
	fanout    *fanout.TrackFanout
	current   negotiation.Codec // of the packets that come now

	ssrc    atomic.Uint32 // of the media, 0 until the first packet has come; read from anywhere
	rtx     uint32        // of the retransmissions, likewise
	heard   time.Time     // when media came last
	inFrame bool          // it came last without the end of its frame
	newest  uint16        // of its numbers
	media   stream
	repair  stream
	losses  losses
}

// losses is what of a track has not come.
type losses struct {
	gaps
	repairable bool          // what is missing can be asked for
	asked      []uint16      // reused
	lostSoFar  atomic.Uint64 // as gaps has it; read from anywhere
	lostAtMost highWater
}

func newSource(p *publisher, s negotiation.Section) *source {
	src := &source{publisher: p, section: s, current: s.Codecs[0]}
	src.track = s.Track(s.Codecs[0])
	src.fanout = fanout.NewTrackFanout(s.Kind, p.media.workers, src.requestKeyframe, p.inbox.wake)
	return src
}

// takes reports whether a packet of an SSRC is of this track: each has one stream,
// and one of retransmissions.
func (s *source) takes(ssrc uint32, retransmission bool, now time.Time) bool {
	if retransmission {
		return s.rtx == 0 || s.rtx == ssrc
	}
	have := s.ssrc.Load()
	return have == 0 || have == ssrc || now.Sub(s.heard) > replacedAfter
}

// receive takes in a decrypted packet of media.
func (s *source) receive(header *rtp.Header, packet []byte, now time.Time) {
	if s.ssrc.Load() != header.SSRC {
		if s.ssrc.Load() != 0 {
			s.fanout.BeginAnew()
			s.losses.beginAnew()
		}
		s.publisher.feedback.forget(s.media)
		s.publisher.feedback.forget(s.repair)
		s.rtx, s.repair = 0, stream{}
		s.ssrc.Store(header.SSRC)
		info := s.streamInfo(header)
		s.media = s.publisher.feedback.media(info)
		s.losses.repairable = slices.Contains(info.RTCPFeedback, interceptor.RTCPFeedback{Type: "nack"})
		s.newest = header.SequenceNumber
	}
	s.heard = now
	s.publisher.feedback.note(s.media, packet)
	s.forward(header.PayloadType, header.SequenceNumber, packet)
}

// receiveAgain takes in a decrypted packet of retransmissions (RFC 4588 §4), which
// it changes into what it was: a packet of the original payload type. Its payload
// begins at begin.
func (s *source) receiveAgain(header *rtp.Header, begin int, original uint8, packet []byte, now time.Time) {
	if s.rtx != header.SSRC {
		s.rtx = header.SSRC
		s.repair = s.publisher.feedback.retransmissions(s.streamInfo(header))
	}
	s.publisher.feedback.note(s.repair, packet)
	if s.ssrc.Load() == 0 || len(packet)-padding(header, packet) < begin+2 {
		return // probing, which is padding alone, or of a stream that has not begun
	}
	s.heard = now
	sequence := binary.BigEndian.Uint16(packet[begin:])
	binary.BigEndian.PutUint16(packet[2:], sequence)
	binary.BigEndian.PutUint32(packet[8:], s.ssrc.Load())
	packet[1] = packet[1]&0x80 | original
	copy(packet[2:], packet[:begin]) // the header moves up over the original's number
	packet = packet[2:]
	s.forward(original, sequence, packet)
}

// padding returns how long a packet's padding says it is (RFC 3550 §5.1).
func padding(header *rtp.Header, packet []byte) int {
	if !header.Padding {
		return 0
	}
	return int(packet[len(packet)-1])
}

// forward moves a packet that came last into the fan-out, and tells when its codec is
// another one than of what came before it. A late packet of a codec that is over
// changes nothing.
func (s *source) forward(pt uint8, sequence uint16, packet []byte) {
	unexpected := s.losses.note(sequence, s.heard)
	codec, ok := s.section.Codec(pt)
	if !ok || !s.fanout.Receive(codec.Name, packet) {
		s.publisher.media.tally.late.Add(1)
		return
	}
	if unexpected {
		s.losses.found()
	}
	if s.fanout.Full() {
		s.fanout.Flush()
	}
	if int16(sequence-s.newest) < 0 { //nolint:gosec // RTP arithmetic is modulo 2^16
		return // late
	}
	s.newest = sequence
	s.inFrame = s.section.Kind == domain.Video && packet[1]&0x80 == 0 // the marker ends it
	if pt != s.current.PayloadType {
		s.current = codec
		changed := s.section.Track(codec)
		s.publisher.conn.Tell(func() { s.publisher.events.TrackChanged(s.publisher.id, changed) })
	}
}

// report passes the publisher's clock on from a sender report of this track.
func (s *source) report(sr *rtcp.SenderReport) {
	if sr.SSRC == s.ssrc.Load() {
		s.fanout.Report(fanout.Clock{NTPTime: sr.NTPTime, RTPTime: sr.RTPTime})
	}
}

// requestRepairs asks for what is missing and due (RFC 4585 §6.2.1), and returns when
// to do so next, the zero time if nothing is missing. Where nothing can be asked for,
// it waits as long for what is late.
func (s *source) requestRepairs(now time.Time) time.Time {
	l, tally := &s.losses, &s.publisher.media.tally.publishers
	l.asked = l.due(l.asked[:0], now, s.publisher.conn.RoundTrip())
	if l.repairable && len(l.asked) > 0 {
		tally.nacks.Add(1)
		s.publisher.control.write([]rtcp.Packet{&rtcp.TransportLayerNack{MediaSSRC: s.ssrc.Load(), Nacks: rtcp.NackPairsFromSequenceNumbers(l.asked)}})
	}
	l.lostSoFar.Store(l.lost)
	tally.lost.Add(l.lostAtMost.rise(l.lost))
	return l.next()
}

// requestKeyframe sends a PLI (RFC 4585 §6.3.1), once there is a stream to ask
// about.
func (s *source) requestKeyframe() {
	if ssrc := s.ssrc.Load(); ssrc != 0 {
		s.publisher.media.tally.publishers.keyframes.Add(1)
		s.publisher.control.write([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: ssrc}}) // asked again while it is needed
	}
}

// streamInfo tells the feedback what was negotiated for a stream that begins with a
// packet.
func (s *source) streamInfo(first *rtp.Header) *interceptor.StreamInfo {
	codec, _ := s.section.Codec(first.PayloadType) // of retransmissions nothing but the extension is needed
	info := &interceptor.StreamInfo{SSRC: first.SSRC, ClockRate: clockRate(s.section.Kind), PayloadType: first.PayloadType}
	for _, fb := range codec.Feedback {
		kind, parameter, _ := strings.Cut(string(fb), " ")
		info.RTCPFeedback = append(info.RTCPFeedback, interceptor.RTCPFeedback{Type: kind, Parameter: parameter})
	}
	if id := s.section.TransportCC; id != 0 {
		info.RTPHeaderExtensions = []interceptor.RTPHeaderExtension{{URI: sdp.TransportCCURI, ID: int(id)}}
	}
	return info
}

// clockRate is the RTP clock of each kind of media.
func clockRate(kind domain.MediaKind) uint32 {
	if kind == domain.Audio {
		return 48_000
	}
	return 90_000
}
