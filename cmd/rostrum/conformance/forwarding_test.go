package conformance

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestForwarding(t *testing.T) {
	t.Parallel()
	t.Run("WHIP-131 WHIP-132 WHIP-133 every codec arrives as it was sent, in the viewer's numbers", testEveryCodec)
	t.Run("WHIP-141 media needs the certificate of the offer", testForeignCertificate)
	t.Run("WHIP-143 viewers of sound or of picture alone", testViewersOfOneKind)
	t.Run("WHIP-144 rooms of one kind for viewers of both", testRoomsOfOneKind)
	t.Run("WHIP-145 a dozen viewers are served alike", testManyViewers)
}

// testEveryCodec sends frames of three packets and compares what comes with what
// left, from the first key frame on.
func testEveryCodec(t *testing.T) {
	for _, c := range []coding{vp8, vp9, h264, h265, av1} {
		t.Run(c.name, func(t *testing.T) {
			r := room()
			pub := house.publisher(t, r, onlyVideo(t, c.name))
			picture, sound := pub.track(c, pictureSSRC), pub.track(opus, soundSSRC)
			v := house.viewer(t, r)
			awaitKeyframeRequest(t, picture)
			const frames = 40
			for n := range uint32(frames) {
				picture.frame(n == 0, n, 3)
				sound.frame(false, n, 1)
			}
			first := v.next("video", soon)
			if !startsKeyframe(first, c) || number(first) != 0 || v.kindOf(first.PayloadType) != "video" || !slices.Contains(payloadTypes(v.answer.section("video"), c.name), first.PayloadType) {
				t.Fatalf("the first packet: %v % x", first.Header, first.Payload)
			}
			p := first
			for i := uint32(1); i < frames*3; i++ {
				n := v.next("video", soon)
				if number(n) != i/3 || !strings.HasPrefix(string(n.Payload), string(c.delta)) || n.Marker != (i%3 == 2) || n.SequenceNumber != p.SequenceNumber+1 || n.Timestamp-first.Timestamp != i/3*c.step {
					t.Fatalf("packet %d: %v % x", i, n.Header, n.Payload)
				}
				p = n
			}
			pub.end()
		})
	}
}

// awaitKeyframeRequest sends a track's pictures, none of them a key frame, until the
// server asks for one, as it does when a viewer is connected.
func awaitKeyframeRequest(t *testing.T, k *track) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(soon)
	for {
		select {
		case p := <-k.s.rtcp:
			if asksForKeyframe(p) {
				return
			}
		case <-tick.C:
			k.frame(false, 1<<31, 1)
		case <-deadline:
			t.Fatal("the server asks for no key frame")
		}
	}
}

// testForeignCertificate shakes hands with another certificate than the offer's.
// The handshake itself may pass, or end by silence; what is sent then must reach nobody.
func testForeignCertificate(t *testing.T) {
	r := room()
	pub, v := house.open(t, whip, r, "publisher"), house.viewer(t, r)
	pub.cert = newCertificate()
	if !pub.connectICE() {
		t.Fatal("ICE: the server answers no check")
	}
	if err := pub.connectDTLS(pub.answer, 5*time.Second); err == nil {
		picture, sound := pub.track(vp8, pictureSSRC), pub.track(opus, soundSSRC)
		for n := range uint32(50) {
			picture.frame(true, n, 1)
			sound.frame(false, n, 1)
		}
	}
	if p := v.nextOf(500*time.Millisecond, "video", "audio"); p != nil {
		t.Error("a client with another certificate than its offer's is heard")
	}
}

func testViewersOfOneKind(t *testing.T) {
	r := room()
	house.publisher(t, r).goLive()
	both := house.viewer(t, r)
	for kind, other := range map[string]string{"audio": "video", "video": "audio"} {
		v := house.viewer(t, r, onlyKind(t, kind))
		v.next(kind, soon)
		if len(v.answer.MediaDescriptions) != 1 {
			t.Errorf("a viewer of %s has %d sections", kind, len(v.answer.MediaDescriptions))
		}
		if p := v.nextOr(other, 200*time.Millisecond); p != nil {
			t.Errorf("a viewer of %s got %s", kind, other)
		}
		both.drain()
		both.next("video", soon)
		both.next("audio", soon)
	}
}

func testRoomsOfOneKind(t *testing.T) {
	for _, kind := range []string{"video", "audio"} {
		r := room()
		pub := house.publisher(t, r, onlyKind(t, kind))
		if kind == "video" {
			pub.goLiveWith(pub.track(vp8, pictureSSRC))
		} else {
			pub.goLiveWith(pub.track(opus, soundSSRC))
		}
		house.viewer(t, r).next(kind, soon)
	}
}

func testManyViewers(t *testing.T) {
	r := room()
	house.publisher(t, r).goLive()
	var viewers []*session
	for range 12 {
		viewers = append(viewers, house.viewer(t, r))
	}
	for _, v := range viewers {
		v.drain()
	}
	for i, v := range viewers {
		p := v.next("video", soon)
		for range 25 {
			n := v.next("video", soon)
			if n.SequenceNumber != p.SequenceNumber+1 || number(n) != number(p)+1 {
				t.Fatalf("viewer %d: %d (%d) after %d (%d)", i, n.SequenceNumber, number(n), p.SequenceNumber, number(p))
			}
			p = n
		}
	}
}
