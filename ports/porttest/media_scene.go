package porttest

import (
	"context"
	"encoding/binary"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"rostrum/domain"
	"rostrum/ports"
	"rostrum/ports/porttest/webrtcpeer"
)

// heard is what a media port tells.
type heard struct {
	mu        sync.Mutex
	connected map[domain.SessionID]int
	ended     map[domain.SessionID][]domain.EndReason
}

func newHeard() *heard {
	return &heard{connected: map[domain.SessionID]int{}, ended: map[domain.SessionID][]domain.EndReason{}}
}

func (h *heard) Connected(id domain.SessionID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.connected[id]++
}

func (h *heard) TrackChanged(domain.SessionID, domain.Track) {}

func (h *heard) Ended(id domain.SessionID, reason domain.EndReason) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ended[id] = append(h.ended[id], reason)
}

func (h *heard) timesConnected(id domain.SessionID) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.connected[id]
}

func (h *heard) endings(id domain.SessionID) []domain.EndReason {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.ended[id])
}

// mediaPatience is how long a media port may take for anything. It tells what happens from
// what does not, and not how fast anything is.
const mediaPatience = 90 * time.Second

// scene is a publisher that streams and a subscriber that listens, both connected.
type scene struct {
	media      ports.Media
	heard      *heard
	tracks     []domain.Track
	publisher  *webrtcpeer.Peer
	subscriber *webrtcpeer.Peer
	pictures   chan picture // that the subscriber gets
}

// picture is one of those that webrtcpeer sends.
type picture struct {
	tag    byte // of the VP8 frame
	number int
}

const (
	publisherID  domain.SessionID = "publisher"
	subscriberID domain.SessionID = "subscriber"
)

func newScene(t *testing.T, media ports.Media) *scene {
	t.Helper()
	s := newSilentScene(t, media)
	s.stream(t)
	return s
}

// newSilentScene is a scene whose publisher does not stream yet.
func newSilentScene(t *testing.T, media ports.Media) *scene {
	t.Helper()
	s := &scene{media: media, heard: newHeard(), pictures: make(chan picture, 1000)}
	s.publisher = webrtcpeer.Publisher(t)
	publication, err := media.Publish(t.Context(), ports.Offer{Session: publisherID, SDP: s.publisher.Offer(), Events: s.heard})
	if err != nil {
		t.Fatal(err)
	}
	s.tracks = publication.Tracks
	s.publisher.Accept(publication.Answer)
	s.publisher.WaitConnected()

	s.subscriber = webrtcpeer.Subscriber(t, s.listen)
	subscription, err := media.Subscribe(t.Context(), ports.Offer{Session: subscriberID, SDP: s.subscriber.Offer(), Events: s.heard}, s.tracks)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(subscription.Codecs, domain.VP8) || !slices.Contains(subscription.Codecs, domain.Opus) {
		t.Errorf("the subscriber takes %v, want VP8 and Opus among it", subscription.Codecs)
	}
	s.subscriber.Accept(subscription.Answer)
	s.subscriber.WaitConnected()
	eventually(t, "both sessions are connected", func() bool {
		return s.heard.timesConnected(publisherID) == 1 && s.heard.timesConnected(subscriberID) == 1
	})
	return s
}

func (s *scene) stream(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	var streaming sync.WaitGroup
	streaming.Go(func() { s.publisher.Stream(ctx) })
	t.Cleanup(func() { stop(); streaming.Wait() })
}

func (s *scene) listen(track *webrtc.TrackRemote) {
	for {
		p, _, err := track.ReadRTP()
		if err != nil {
			return
		}
		if track.Kind() == webrtc.RTPCodecTypeVideo && len(p.Payload) > 3 {
			select {
			case s.pictures <- picture{p.Payload[1], int(binary.BigEndian.Uint16(p.Payload[2:]))}:
			default: // the test has seen enough
			}
		}
	}
}

// route lets the subscriber receive every track, or none.
func (s *scene) route(everything bool) {
	fan := domain.FanOut{Room: "room", Publisher: publisherID}
	for _, track := range s.tracks {
		route := domain.Route{Track: track}
		if everything {
			route.Legs = []domain.Leg{{Subscriber: subscriberID}}
		}
		fan.Routes = append(fan.Routes, route)
	}
	s.media.Route(fan)
}

// picture returns the next picture's frame tag.
func (s *scene) picture(t *testing.T) byte {
	t.Helper()
	select {
	case p := <-s.pictures:
		return p.tag
	case <-time.After(mediaPatience):
		t.Fatalf("no picture within %v", mediaPatience)
		return 0
	}
}

// quiet checks that no picture comes that is sent from now on: 25 more are sent and
// received by the port.
func (s *scene) quiet(t *testing.T) {
	t.Helper()
	const more = 25
	next, before := s.publisher.Pictures(), s.reportOf(t, publisherID).Packets
	eventually(t, "the publisher goes on", func() bool {
		return s.publisher.Pictures() >= next+more && s.reportOf(t, publisherID).Packets >= before+2*more // with sound
	})
	for len(s.pictures) > 0 {
		if p := <-s.pictures; p.number >= next {
			t.Errorf("picture %d came, and from %d on none is routed", p.number, next)
		}
	}
}

// settled waits until the port has received what is on its way from a publisher that sends
// no more.
func (s *scene) settled(t *testing.T) {
	t.Helper()
	before := s.reportOf(t, publisherID).Packets
	eventually(t, "nothing comes any more", func() bool {
		<-time.After(200 * time.Millisecond)
		last := before
		before = s.reportOf(t, publisherID).Packets
		return before == last
	})
}

// eventually waits until a condition holds.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(mediaPatience); !condition(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within %v: %s", mediaPatience, what)
		}
	}
}
