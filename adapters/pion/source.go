package pion

import (
	"errors"
	"io"
	"sync/atomic"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"

	"rostrum/adapters/pion/fanout"
	"rostrum/domain"
)

// receiveMTU is the longest packet that is read: an Ethernet frame and a little.
const receiveMTU = 1600

// source is one track of a publisher on its way into the fan-out. Its packets are
// read by one goroutine, its RTCP by another; both belong to the publisher.
type source struct {
	publisher *publisher
	section   section
	track     domain.Track // as announced
	fanout    *fanout.TrackFanout

	ssrc    atomic.Uint32 // 0 until the first packet has come
	current codec         // of the packets that come now; the reader's own
}

func newSource(p *publisher, s section) *source {
	src := &source{publisher: p, section: s, track: s.trackOf(s.codecs[0]), current: s.codecs[0]}
	src.fanout = fanout.NewTrackFanout(s.kind, src.requestKeyframe)
	return src
}

// start reads the track until its session closes.
func (s *source) start(remote *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) {
	if !s.ssrc.CompareAndSwap(0, uint32(remote.SSRC())) {
		return // a second stream in one section is not served
	}
	s.publisher.loops.Go(func() { s.readPackets(remote) })
	s.publisher.loops.Go(func() { s.readReports(receiver, remote.SSRC()) })
}

// readPackets moves packets into the fan-out. What one wake-up finds waiting is
// one burst.
func (s *source) readPackets(remote *webrtc.TrackRemote) {
	buf := make([]byte, receiveMTU)
	for {
		n, _, err := remote.Read(buf)
		if errors.Is(err, io.ErrShortBuffer) {
			continue
		}
		if err != nil && n == 0 {
			return
		}
		if c, ok := s.codecOf(buf[:n]); ok {
			s.fanout.Receive(c.name, buf[:n])
		}
		if s.publisher.queues.waiting(uint32(remote.SSRC())) == 0 || s.fanout.Full() {
			s.fanout.Flush()
		}
	}
}

// codecOf returns the codec of a packet, and tells when it is another one than of
// the packet before. A payload type that was not negotiated has none.
func (s *source) codecOf(packet []byte) (codec, bool) {
	if len(packet) < 2 {
		return codec{}, false
	}
	pt := packet[1] & 0x7f
	if pt == uint8(s.current.parameters.PayloadType) {
		return s.current, true
	}
	c, ok := s.section.codecFor(pt)
	if !ok {
		return codec{}, false
	}
	s.current = c
	changed := s.section.trackOf(c)
	s.publisher.tell(func() { s.publisher.events.TrackChanged(s.publisher.id, changed) })
	return c, true
}

// readReports passes the publisher's clock on from its sender reports.
func (s *source) readReports(receiver *webrtc.RTPReceiver, ssrc webrtc.SSRC) {
	buf := make([]byte, receiveMTU)
	for {
		n, _, err := receiver.Read(buf)
		if err != nil {
			return
		}
		packets, err := rtcp.Unmarshal(buf[:n])
		if err != nil {
			continue
		}
		for _, p := range packets {
			if sr, ok := p.(*rtcp.SenderReport); ok && sr.SSRC == uint32(ssrc) {
				s.fanout.Report(fanout.Clock{NTPTime: sr.NTPTime, RTPTime: sr.RTPTime})
			}
		}
	}
}

// requestKeyframe sends a PLI (RFC 4585 §6.3.1), once there is a stream to ask
// about.
func (s *source) requestKeyframe() {
	if ssrc := s.ssrc.Load(); ssrc != 0 {
		_ = s.publisher.pc.WriteRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: ssrc}}) // asked again while it is needed
	}
}
