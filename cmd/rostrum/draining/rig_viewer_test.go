package draining

import (
	"encoding/binary"
	"sync"
	"testing"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"rostrum/cmd/rostrum/rig"
	"rostrum/ports/porttest/webrtcpeer"
)

// viewer is a subscriber that takes note of the number of every picture and piece of sound.
type viewer struct {
	client
	reading  sync.WaitGroup
	received chan struct{} // closed with the first picture

	mu   sync.Mutex
	seen map[webrtc.RTPCodecType]*numbers
}

// numbers are those that a viewer has seen of one track.
type numbers struct {
	first, last uint16
	seen        map[uint16]bool
}

// newViewer returns one that has no session yet.
func newViewer(t *testing.T) *viewer {
	t.Helper()
	v := &viewer{received: make(chan struct{}), seen: map[webrtc.RTPCodecType]*numbers{}}
	v.Peer = webrtcpeer.Subscriber(t, func(track *webrtc.TrackRemote) {
		v.reading.Add(1)
		defer v.reading.Done()
		for {
			packet, _, err := track.ReadRTP()
			if err != nil {
				return // it is closed
			}
			v.note(track.Kind(), packet)
		}
	})
	t.Cleanup(func() { v.Close(); v.reading.Wait() })
	return v
}

// note reads the number that a packet ends with.
func (v *viewer) note(kind webrtc.RTPCodecType, packet *rtp.Packet) {
	if len(packet.Payload) < 3 {
		return // padding
	}
	number := binary.BigEndian.Uint16(packet.Payload[len(packet.Payload)-2:])
	v.mu.Lock()
	defer v.mu.Unlock()
	n := v.seen[kind]
	if n == nil {
		n = &numbers{first: number, seen: map[uint16]bool{}}
		v.seen[kind] = n
		if kind == webrtc.RTPCodecTypeVideo {
			close(v.received)
		}
	}
	n.last, n.seen[number] = max(n.last, number), true
}

// last returns the number of the last picture.
func (v *viewer) last() uint16 {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.seen[webrtc.RTPCodecTypeVideo].last
}

// sees waits until the viewer has seen so many pictures more.
func (v *viewer) sees(t *testing.T, pictures uint16) {
	t.Helper()
	want := v.last() + pictures
	rig.Eventually(t, "the viewer sees more", func() bool { return v.last() >= want })
}

// lostNothing checks, when the viewer's connection has been closed by the server, that each
// picture and each piece of sound between the first and the last has come.
func (v *viewer) lostNothing(t *testing.T) {
	t.Helper()
	v.WaitClosed()
	v.Close()
	v.reading.Wait()
	for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeVideo, webrtc.RTPCodecTypeAudio} {
		n := v.seen[kind]
		if n == nil {
			t.Errorf("no %s has come", kind)
			continue
		}
		for number := n.first; number != n.last; number++ {
			if !n.seen[number] {
				t.Errorf("session %s: of %s %d to %d number %d has not come", v.id, kind, n.first, n.last, number)
			}
		}
	}
}

// first returns the number of the first picture.
func (v *viewer) first() uint16 {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.seen[webrtc.RTPCodecTypeVideo].first
}

// seesAll waits until the viewer has seen the picture of that number.
func (v *viewer) seesAll(t *testing.T, number uint16) {
	t.Helper()
	rig.Eventually(t, "the viewer sees the last picture", func() bool { return v.last() == number })
}
