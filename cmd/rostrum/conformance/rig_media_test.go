package conformance

import (
	"encoding/binary"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// Sources of the offer testdata/offers/publisher.sdp.
const (
	soundSSRC   = 1111
	pictureSSRC = 2222
)

// coding is how a codec's packets look to whoever only forwards them: the beginning
// of a key frame, and of any other frame.
type coding struct {
	name       string
	key, delta []byte
	step       uint32 // of the timestamp, a frame
}

var (
	vp8  = coding{"VP8", []byte{0x10, 0x10, 0, 0, 0x9d, 0x01, 0x2a, 64, 0, 64, 0}, []byte{0x10, 0x11, 0, 0}, 1800}
	vp9  = coding{"VP9", []byte{0x0c, 0x82, 0x49, 0x83, 0x42}, []byte{0x4c, 0x86, 0, 0}, 1800}
	h264 = coding{"H264", []byte{0x78, 0, 4, 0x67, 0x42, 0xc0, 0x1f, 0, 4, 0x68, 0xce, 0x3c, 0x80, 0, 2, 0x65, 0x88}, []byte{0x41, 0x9a, 0}, 1800}
	h265 = coding{"H265", []byte{0x60, 0x01, 0, 3, 0x40, 0x01, 0x0c, 0, 3, 0x42, 0x01, 0x01, 0, 3, 0x44, 0x01, 0xc1, 0, 3, 0x26, 0x01, 0xaf}, []byte{0x02, 0x01, 0xd0}, 1800}
	av1  = coding{"AV1", []byte{0x28, 0x0b, 0x0a, 0x0b, 0, 0, 0, 0x24, 0xc4, 0xff, 0xdf, 0, 0x68, 0x02, 0x32, 0x10}, []byte{0x10, 0x32, 0x30}, 1800}
	opus = coding{"opus", []byte{0xfc}, []byte{0xfc}, 960}
)

// track is one stream that a publisher sends, packet by packet.
type track struct {
	s         *session
	coding    coding
	pt        uint8
	ssrc      uint32
	sequence  uint16
	timestamp uint32
	sent      map[uint16]*rtp.Packet // that can be sent again
}

// track returns a stream in the first payload type that the answer has for a codec.
func (s *session) track(c coding, ssrc uint32) *track {
	s.t.Helper()
	for _, m := range s.answer.MediaDescriptions {
		if pts := payloadTypes(m, c.name); len(pts) > 0 {
			return &track{s: s, coding: c, pt: pts[0], ssrc: ssrc, sequence: 65000, timestamp: 1 << 31, sent: map[uint16]*rtp.Packet{}}
		}
	}
	s.t.Fatalf("the answer has no %s:\n%s", c.name, s.answer.text)
	return nil
}

// frame sends a frame of so many packets, numbered n in its last bytes.
func (k *track) frame(key bool, n uint32, packets int) {
	for i := range packets {
		k.s.sendRTP(k.packet(key && i == 0, n, i == packets-1))
	}
	k.timestamp += k.coding.step
}

// packet is the track's next packet; nothing is sent.
func (k *track) packet(key bool, n uint32, marker bool) *rtp.Packet {
	begins := k.coding.delta
	if key {
		begins = k.coding.key
	}
	p := &rtp.Packet{
		Header:  rtp.Header{Version: 2, Marker: marker, PayloadType: k.pt, SSRC: k.ssrc, SequenceNumber: k.sequence, Timestamp: k.timestamp},
		Payload: binary.BigEndian.AppendUint32(append([]byte(nil), begins...), n),
	}
	k.sent[k.sequence] = p
	k.sequence++
	return p
}

// repair sends again what the server has lost.
func (k *track) repair(packet rtcp.Packet) {
	nack, ok := packet.(*rtcp.TransportLayerNack)
	if !ok || nack.MediaSSRC != k.ssrc {
		return
	}
	for _, pair := range nack.Nacks {
		for _, sequence := range pair.PacketList() {
			if p := k.sent[sequence]; p != nil {
				k.s.sendRTP(p)
			}
		}
	}
}

// number is what frame put into a packet.
func number(p *rtp.Packet) uint32 { return binary.BigEndian.Uint32(p.Payload[len(p.Payload)-4:]) }

// live sends fifty frames a second of each track until it is stopped. A picture that
// the server asked for, and no other, is a key frame; packets that it has lost are
// sent again.
type live struct {
	keyframes atomic.Int64
	frames    atomic.Int64
	firstKey  chan uint32 // gets the number of the first one
	quit      chan struct{}
	loop      sync.WaitGroup
	once      sync.Once
}

// goLive begins to send VP8 and Opus. It stops with the test at the latest.
func (s *session) goLive() *live {
	s.t.Helper()
	return s.goLiveWith(s.track(vp8, pictureSSRC), s.track(opus, soundSSRC))
}

// goLiveWith begins to send these tracks.
func (s *session) goLiveWith(tracks ...*track) *live {
	l := &live{firstKey: make(chan uint32, 1), quit: make(chan struct{})}
	l.loop.Go(func() { l.run(s, tracks) })
	s.t.Cleanup(l.stop)
	return l
}

func (l *live) run(s *session, tracks []*track) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	wanted := false
	for n := uint32(0); ; {
		select {
		case <-l.quit:
			return
		case p := <-s.rtcp:
			wanted = wanted || asksForKeyframe(p)
			for _, k := range tracks {
				k.repair(p)
			}
		case <-tick.C:
			for _, k := range tracks {
				key := wanted && k.coding.name != opus.name
				k.frame(key, n, 1)
				if key {
					wanted = false
					l.keyframes.Add(1)
					select {
					case l.firstKey <- n:
					default:
					}
				}
			}
			n++
			l.frames.Add(1)
		}
	}
}

// stop stops sending; the session stays.
func (l *live) stop() {
	l.once.Do(func() { close(l.quit) })
	l.loop.Wait()
}

func asksForKeyframe(p rtcp.Packet) bool {
	switch p.(type) {
	case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
		return true
	default:
		return false
	}
}

// nextRTCP is the next RTCP packet of a type within the limit, the zero value if
// none comes.
func nextRTCP[P rtcp.Packet](s *session, limit time.Duration) (P, bool) {
	deadline := time.After(limit)
	for {
		select {
		case p := <-s.rtcp:
			if wanted, ok := p.(P); ok {
				return wanted, true
			}
		case <-deadline:
			var none P
			return none, false
		}
	}
}
