package conformance

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pion/rtp"
)

// TestContinuity is about rooms that outlive the sessions in them: none of it is
// asked by RFC 9725, all of it is promised by the project.
func TestContinuity(t *testing.T) {
	t.Parallel()
	t.Run("WHIP-53 lobby: a viewer before its publisher", testLobby)
	t.Run("WHIP-53 grace: viewers go on with the publisher that comes back", testGrace)
	t.Run("WHIP-53 grace: another codec after it", testGraceOtherCodec)
	t.Run("WHIP-53 no grace: DELETE ends all at once", testNoGraceAfterDelete)
	t.Run("WHIP-53 takeover: the same subject, when the publisher is silent", testTakeover)
	t.Run("WHIP-53 takeover: not by another subject, nor from one that answers", testNoTakeover)
	t.Run("WHIP-53 numbering goes on for as long as a viewer stays", testNumbering)
}

// otherSources gives an offer other SSRCs, as every new publication has.
func otherSources(offer string) string {
	return strings.NewReplacer("ssrc:1111 ", "ssrc:11119 ", "ssrc:2222 ", "ssrc:22229 ", "ssrc:2223 ", "ssrc:22239 ", "FID 2222 2223", "FID 22229 22239").Replace(offer)
}

const (
	otherSoundSSRC   = soundSSRC*10 + 9
	otherPictureSSRC = pictureSSRC*10 + 9
)

func testLobby(t *testing.T) {
	r := room()
	v := house.viewer(t, r)
	if p := v.nextOr("video", 200*time.Millisecond); p != nil {
		t.Fatal("a picture came from nobody")
	}
	l := house.publisher(t, r).goLive()
	first := v.next("video", soon)
	if key := <-l.firstKey; !startsKeyframe(first, vp8) || number(first) != key {
		t.Errorf("the first packet is not that of the first key frame, %d: % x", key, first.Payload)
	}
	v.next("audio", soon)
}

// startsKeyframe reports whether a packet is the first of one of a codec's key
// frames, as frame makes them.
func startsKeyframe(p *rtp.Packet, c coding) bool {
	return strings.HasPrefix(string(p.Payload), string(c.key))
}

// comeBack publishes again in place of a silent publisher, with other sources, and sends
// until the test ends. What has come to the viewer before is forgotten.
func comeBack(t *testing.T, r string, silent, v *session, c coding) *live {
	t.Helper()
	pub := house.takeOver(t, r, silent, otherSources, onlyVideo(t, c.name))
	v.drain()
	return pub.goLiveWith(pub.track(c, otherPictureSSRC), pub.track(opus, otherSoundSSRC))
}

func testGrace(t *testing.T) {
	r := room()
	pub := house.publisher(t, r)
	l := pub.goLive()
	v := house.viewer(t, r)
	last := followed(t, v, "video", v.next("video", soon), 20)
	l.stop()
	pub.close() // not a word: its machine has gone
	back := comeBack(t, r, pub, v, vp8)
	p := v.next("video", soon)
	if key := <-back.firstKey; !startsKeyframe(p, vp8) || number(p) != key {
		t.Errorf("the new publisher's first packet is not that of its first key frame, %d: % x", key, p.Payload)
	}
	if p.SSRC != last.SSRC || int16(p.SequenceNumber-last.SequenceNumber) <= 0 || int32(p.Timestamp-last.Timestamp) <= 0 || p.PayloadType != last.PayloadType {
		t.Errorf("the numbering does not go on: %v after %v", p.Header, last.Header)
	}
	followed(t, v, "video", p, 30)
	v.next("audio", soon)
}

// waitTakeover lasts until a publisher that fell silent now may be replaced.
func waitTakeover() { pass(2300 * time.Millisecond) }

// followed reads packets that must follow each other without a gap, one timestamp
// step each, and returns the last.
func followed(t *testing.T, v *session, kind string, p *rtp.Packet, packets int) *rtp.Packet {
	t.Helper()
	for range packets {
		n := v.next(kind, soon)
		if n.SSRC != p.SSRC || n.SequenceNumber != p.SequenceNumber+1 || n.Timestamp-p.Timestamp != vp8.step {
			t.Fatalf("%v after %v", n.Header, p.Header)
		}
		p = n
	}
	return p
}

func testGraceOtherCodec(t *testing.T) {
	r := room()
	pub := house.publisher(t, r)
	l := pub.goLive()
	v := house.viewer(t, r)
	last := v.next("video", soon)
	l.stop()
	pub.close()
	comeBack(t, r, pub, v, h264)
	p := v.next("video", soon)
	h264s := payloadTypes(v.answer.section("video"), "H264")
	if len(h264s) == 0 || p.PayloadType != h264s[0] && p.PayloadType != h264s[len(h264s)-1] || !startsKeyframe(p, h264) {
		t.Errorf("payload type %d (H264 is %v), % x", p.PayloadType, h264s, p.Payload)
	}
	if p.SSRC != last.SSRC || int16(p.SequenceNumber-last.SequenceNumber) <= 0 || int32(p.Timestamp-last.Timestamp) <= 0 {
		t.Errorf("the numbering does not go on: %v after %v", p.Header, last.Header)
	}
}

func testNoGraceAfterDelete(t *testing.T) {
	r := room()
	pub := house.publisher(t, r)
	v := house.viewer(t, r)
	pub.end()
	if !within(v.bye, soon) {
		t.Error("the viewer goes on after the publisher's DELETE")
	}
	v.endedFor("publisher_left")
	house.open(t, whip, r, "publisher")
}

func testTakeover(t *testing.T) {
	r := room()
	pub := house.publisher(t, r)
	pub.goLive().stop()
	v := house.viewer(t, r)
	offer := newWire(t).offer(t, "publisher")
	if !pub.isAsked() { // it has just been heard
		t.Fatal("the server asks for no consent")
	}
	pub.fallSilent()
	house.send(t, http.MethodPost, whip+r, offer, typeSDP).refused(t, http.StatusConflict, "room_busy")
	comeBack(t, r, pub, v, vp8)
	v.next("video", soon)
	house.send(t, http.MethodGet, pub.path, "").refused(t, http.StatusNotFound, "session_unknown")
}

func testNoTakeover(t *testing.T) {
	r := room()
	pub := house.publisher(t, r) // answers checks, sends no media
	waitTakeover()
	for _, token := range []string{studioToken, rivalToken} {
		house.send(t, http.MethodPost, whip+r, newWire(t).offer(t, "publisher"), typeSDP, as(token)).refused(t, http.StatusConflict, "room_busy")
	}
	pub.fallSilent()
	waitTakeover()
	house.send(t, http.MethodPost, whip+r, newWire(t).offer(t, "publisher"), typeSDP, as(rivalToken)).refused(t, http.StatusConflict, "room_busy")
	pub.speakAgain()
	if !pub.isAsked() || !pub.consents() { // our answer is there before the check is
		t.Error("the server asks a publisher no more that was silent for two seconds")
	}
	house.send(t, http.MethodPost, whip+r, newWire(t).offer(t, "publisher"), typeSDP).refused(t, http.StatusConflict, "room_busy")
}

// testNumbering has three publications one after another reach one viewer.
func testNumbering(t *testing.T) {
	r := room()
	v := house.viewer(t, r)
	var last *rtp.Packet
	var pub *session
	for i, c := range []coding{vp8, vp9, vp8} {
		if pub == nil {
			pub = house.publisher(t, r, onlyVideo(t, c.name))
		} else {
			pub = house.takeOver(t, r, pub, onlyVideo(t, c.name))
		}
		for left := v.nextOr("video", 100*time.Millisecond); left != nil; left = v.nextOr("video", 100*time.Millisecond) {
			last = left
		}
		l := pub.goLiveWith(pub.track(c, pictureSSRC))
		p := v.next("video", soon)
		if last != nil && (p.SSRC != last.SSRC || int16(p.SequenceNumber-last.SequenceNumber) <= 0 || int32(p.Timestamp-last.Timestamp) <= 0) {
			t.Errorf("publication %d begins at %v after %v", i, p.Header, last.Header)
		}
		last = followed(t, v, "video", p, 10)
		l.stop()
		pub.close() // without a word: the room waits
	}
}
