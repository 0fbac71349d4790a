package draining

import (
	"context"
	"encoding/binary"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"rostrum/ports/porttest/webrtcpeer"
)

// rate is how many pictures and pieces of sound a publisher sends in a second.
const rate = 50

// publisher sends numbered pictures and sound.
type publisher struct {
	client
	tracks []*webrtc.TrackLocalStaticRTP
	sent   uint16        // the number of the last picture; to be read when it has paused
	pause  func() uint16 // sends no more, and returns sent; the session goes on
}

// publish connects a publisher, which sends from then on.
func (s *stand) publish(t *testing.T, room string) *publisher {
	t.Helper()
	p := &publisher{client: s.join(t, webrtcpeer.Publisher(t), whip+room)}
	var reading, sending sync.WaitGroup
	for _, sender := range p.PC.GetSenders() {
		p.tracks = append(p.tracks, sender.Track().(*webrtc.TrackLocalStaticRTP)) //nolint:forcetypeassert // webrtcpeer has no others
		reading.Go(func() {                                                       // until it is closed: what is asked for again is sent by who reads
			for {
				if _, _, err := sender.ReadRTCP(); err != nil {
					return
				}
			}
		})
	}
	p.WaitConnected()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	sending.Go(func() { p.film(ctx) })
	p.pause = func() uint16 { cancel(); sending.Wait(); return p.sent }
	t.Cleanup(func() { p.pause(); p.Close(); reading.Wait() })
	return p
}

// film sends until ctx ends. Each picture is one packet that a recorder takes for VP8 and
// no decoder would; one of each second is a key frame. Each packet ends with its number.
func (p *publisher) film(ctx context.Context) {
	tick := time.NewTicker(time.Second / rate)
	defer tick.Stop()
	for n := uint16(0); ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for _, track := range p.tracks {
			packet := &rtp.Packet{Header: rtp.Header{Version: 2, Marker: true, SequenceNumber: n}}
			if track.Kind() == webrtc.RTPCodecTypeVideo {
				packet.Timestamp, packet.Payload = uint32(n)*90_000/rate, picture(n)
			} else {
				packet.Timestamp, packet.Payload = uint32(n)*48_000/rate, numbered([]byte{0xfc}, n)
			}
			_ = track.WriteRTP(packet) // the connection may be closing
		}
		p.sent = n
	}
}

// picture returns a payload of RFC 7741 with the header of a frame (RFC 6386 section 9.1),
// 320 by 180, and no frame.
func picture(n uint16) []byte {
	if n%rate == 0 {
		return numbered([]byte{0x10, 0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xb4, 0x00}, n)
	}
	return numbered([]byte{0x10, 0x11, 0, 0}, n)
}

func numbered(payload []byte, n uint16) []byte { return binary.BigEndian.AppendUint16(payload, n) }
