package pion_test

import (
	"bytes"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// screen is what a client receives of one kind of media. It finds fault with every
// packet whose bytes are not the camera's.
type screen struct {
	client *client
	kind   webrtc.RTPCodecType

	mu      sync.Mutex
	ssrc    uint32
	sights  []sight         // by the camera's number
	seen    int             // how many of them there are
	whole   int             // there are all below it
	offsets map[uint16]bool // by how much RTP's numbers differ from the camera's: by one, if there is no break in them
	reports []*rtcp.SenderReport
	faults  []string // found with what came
}

// sight is what is known of a packet.
type sight struct {
	times     int  // that it has come
	again     bool // by RTX, one of them
	sequence  uint16
	timestamp uint32
}

// addScreen gives a client a place for media, and reads what comes until the client
// is closed. What is found fault with fails the test at its end.
func (c *client) addScreen(kind webrtc.RTPCodecType) *screen {
	c.Helper()
	s := &screen{client: c, kind: kind, offsets: map[uint16]bool{}}
	if _, err := c.pc.AddTransceiverFromKind(kind, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
		c.Fatal(err)
	}
	c.screens = append(c.screens, s)
	c.pc.OnTrack(func(track *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) {
		i := slices.IndexFunc(c.screens, func(s *screen) bool { return s.kind == track.Kind() })
		var reports sync.WaitGroup
		reports.Go(func() { c.screens[i].readReports(receiver) })
		c.screens[i].show(track)
		reports.Wait()
	})
	c.Cleanup(func() {
		c.close()
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, fault := range s.faults {
			c.Error(fault)
		}
	})
	return s
}

func (s *screen) show(track *webrtc.TrackRemote) {
	s.mu.Lock()
	s.ssrc = uint32(track.SSRC())
	s.mu.Unlock()
	for {
		p, attributes, err := track.ReadRTP()
		if err != nil {
			return
		}
		s.note(p, attributes.Get(webrtc.AttributeRtxPayloadType) != nil)
	}
}

func (s *screen) note(p *rtp.Packet, again bool) {
	n := numberOf(p.Payload)
	s.mu.Lock()
	defer s.mu.Unlock()
	if n < 0 || !bytes.Equal(p.Payload, piece(n)) {
		s.faults = append(s.faults, fmt.Sprintf("packet %d of %s, %x, is not what was sent", n, s.kind, p.Payload))
		return
	}
	for len(s.sights) <= n {
		s.sights = append(s.sights, sight{})
	}
	old := s.sights[n]
	if old.times == 0 {
		s.seen++
	}
	s.sights[n] = sight{old.times + 1, old.again || again, p.SequenceNumber, p.Timestamp}
	s.offsets[p.SequenceNumber-uint16(n)] = true
	for s.whole < len(s.sights) && s.sights[s.whole].times > 0 {
		s.whole++
	}
}

func (s *screen) readReports(receiver *webrtc.RTPReceiver) {
	for {
		packets, _, err := receiver.ReadRTCP()
		if err != nil {
			return
		}
		s.mu.Lock()
		for _, p := range packets {
			if sr, ok := p.(*rtcp.SenderReport); ok {
				s.reports = append(s.reports, sr)
			}
		}
		s.mu.Unlock()
	}
}

// premiere sends a camera's first packet and waits until it is seen. What begins with
// it has no break; a leg that begins with a longer burst takes its last key frame.
func premiere(t *testing.T, c *camera, screens ...*screen) {
	t.Helper()
	c.shoot(1)
	for _, s := range screens {
		await(t, "the first packet is seen", func() bool { return s.has(c.next - 1) })
	}
}

// has reports whether a packet has come.
func (s *screen) has(n int) bool { return s.sight(n).times > 0 }

// sight returns what is known of a packet.
func (s *screen) sight(n int) sight {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n >= len(s.sights) {
		return sight{}
	}
	return s.sights[n]
}

// count returns how many packets have come, each counted once.
func (s *screen) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen
}

// complete returns how many packets have come of which none before is missing.
func (s *screen) complete() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.whole
}

// missing returns those of the first packets that have not come.
func (s *screen) missing(first int) []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	var missing []int
	for n := s.whole; n < first; n++ {
		if n >= len(s.sights) || s.sights[n].times == 0 {
			missing = append(missing, n)
		}
	}
	return missing
}

// offset returns by how much RTP's numbers differ from the camera's, always, and
// fails the test if they have a break.
func (s *screen) offset() uint16 {
	s.client.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.offsets) != 1 {
		s.client.Errorf("the numbers of %s have a break: they are off by %v", s.kind, s.offsets)
	}
	for offset := range s.offsets {
		return offset
	}
	return 0
}

// report returns the newest sender report, nil before the first.
func (s *screen) report() *rtcp.SenderReport {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.reports) == 0 {
		return nil
	}
	return s.reports[len(s.reports)-1]
}

// newest returns the highest number that has come, -1 before the first.
func (s *screen) newest() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sights) - 1
}

// ask sends RTCP about the screen's stream.
func (s *screen) ask(packet func(ssrc uint32) rtcp.Packet) {
	s.mu.Lock()
	ssrc := s.ssrc
	s.mu.Unlock()
	_ = s.client.pc.WriteRTCP([]rtcp.Packet{packet(ssrc)}) // it may be closing
}
