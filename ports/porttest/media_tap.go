package porttest

import (
	"sync"
	"testing"

	"github.com/pion/rtcp"

	"rostrum/domain"
	"rostrum/ports"
)

const tapID domain.SessionID = "tap"

// sink remembers what a tap was given.
type sink struct {
	mu      sync.Mutex
	first   map[domain.Codec]ports.Packet
	last    map[domain.Codec]ports.Packet
	streams map[ports.Stream]int // packets of each
	broken  int                  // packets without payload, or of a number that is not one more
	clocks  []ports.Clock
	keys    int
}

func newSink() *sink {
	return &sink{first: map[domain.Codec]ports.Packet{}, last: map[domain.Codec]ports.Packet{}, streams: map[ports.Stream]int{}}
}

func (s *sink) Receive(stream ports.Stream, packets []ports.Packet) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range packets {
		if len(p.Payload) == 0 || s.streams[stream] > 0 && p.Sequence != s.last[stream.Codec].Sequence+1 {
			s.broken++
		}
		if s.streams[stream] == 0 {
			s.first[stream.Codec] = p
		}
		if p.Keyframe {
			s.keys++
		}
		s.streams[stream]++
		s.last[stream.Codec] = p
	}
}

func (s *sink) Report(_ ports.Stream, c ports.Clock) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clocks = append(s.clocks, c)
}

// count returns how many packets and key frames have come.
func (s *sink) count() (packets, keys int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.streams {
		packets += n
	}
	return packets, s.keys
}

// routeTap lets the tap and the subscriber receive every track.
func (s *scene) routeTap() {
	fan := domain.FanOut{Room: "room", Publisher: publisherID}
	for _, track := range s.tracks {
		fan.Routes = append(fan.Routes, domain.Route{Track: track, Legs: []domain.Leg{{Subscriber: subscriberID}, {Subscriber: tapID}}})
	}
	s.media.Route(fan)
}

func mediaTaps(t *testing.T, media ports.Media) {
	s := newScene(t, media)
	k := newSink()
	media.Attach(tapID, k)
	if r, ok := media.Report(tapID); ok {
		t.Errorf("a tap, which is no session, has the report %+v", r)
	}
	s.routeTap()
	eventually(t, "sound and pictures come", func() bool {
		k.mu.Lock()
		defer k.mu.Unlock()
		return len(k.streams) == 2 && k.last[domain.VP8].Sequence > k.first[domain.VP8].Sequence+20
	})
	s.picture(t)
	k.mu.Lock()
	if !k.first[domain.VP8].Keyframe || k.broken > 0 {
		t.Errorf("the first picture is %+v, and %d packets are broken", k.first[domain.VP8], k.broken)
	}
	for stream := range k.streams {
		if stream.Publisher != publisherID || stream.Track == "" {
			t.Errorf("a stream of %+v", stream)
		}
	}
	k.mu.Unlock()

	media.End(tapID)
	before, _ := k.count()
	for range 5 {
		s.picture(t)
	}
	if after, _ := k.count(); after != before {
		t.Errorf("%d packets came after End", after-before)
	}
}

func mediaRequestsKeyframes(t *testing.T, media ports.Media) {
	s := newScene(t, media)
	k := newSink()
	media.RequestKeyframe(tapID) // does not exist
	media.Attach(tapID, k)
	media.RequestKeyframe(tapID) // receives nothing
	s.routeTap()
	for want := 1; want <= 3; want++ {
		eventually(t, "a key frame comes", func() bool { _, keys := k.count(); return keys >= want })
		media.RequestKeyframe(tapID)
	}
}

func mediaReportsClocks(t *testing.T, media ports.Media) {
	s := newScene(t, media)
	k := newSink()
	media.Attach(tapID, k)
	s.routeTap()
	eventually(t, "media comes", func() bool { packets, _ := k.count(); return packets > 10 })
	want := ports.Clock{NTPTime: 0xec3f_2000_8000_0000, RTPTime: 0xffff_fff0}
	ssrc := uint32(s.publisher.PC.GetSenders()[0].GetParameters().Encodings[0].SSRC)
	eventually(t, "the report comes as it was sent", func() bool {
		if err := s.publisher.PC.WriteRTCP([]rtcp.Packet{&rtcp.SenderReport{SSRC: ssrc, NTPTime: want.NTPTime, RTPTime: want.RTPTime}}); err != nil {
			t.Fatal(err)
		}
		k.mu.Lock()
		defer k.mu.Unlock()
		return len(k.clocks) > 0 && k.clocks[0] == want
	})
}
