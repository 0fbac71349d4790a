package conformance

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestWHEP(t *testing.T) {
	t.Parallel()
	t.Run("WHIP-179 WHIP-183 WHIP-186 offers are answered, in the lobby too", testLobbyAnswer)
	t.Run("WHIP-184 no codec in common is refused", testNoCommonCodec)
	t.Run("WHIP-185 the whole Authorization value as webrtc-player sends it", testPlayerKey)
	t.Run("WHIP-187 nothing depends on mids", testMids)
	t.Run("WHIP-93 sendrecv is taken", testSendrecvViewer)
}

func testLobbyAnswer(t *testing.T) {
	r := house.send(t, http.MethodPost, whep+room(), newWire(t).offer(t, "viewer"), typeSDP)
	r.expect(t, http.StatusCreated, "a viewer before the publisher")
	a := parseSDP(t, r.body)
	for _, codec := range []string{"VP8", "VP9", "H264", "H265", "AV1"} {
		if len(payloadTypes(a.section("video"), codec)) == 0 {
			t.Errorf("the lobby's answer has no %s", codec)
		}
	}
	if a.section("audio") == nil {
		t.Error("the lobby's answer has no sound")
	}
}

func testNoCommonCodec(t *testing.T) {
	r := room()
	pub := house.publisher(t, r, onlyVideo(t, "VP9"))
	pub.goLiveWith(pub.track(vp9, pictureSSRC))
	offer := onlyVideo(t, "H264")(newWire(t).offer(t, "viewer"))
	a := house.send(t, http.MethodPost, whep+r, offer, typeSDP)
	if a.StatusCode/100 == 4 {
		a.refused(t, a.StatusCode, "no_common_codec")
		return
	}
	if a.StatusCode != http.StatusCreated || parseSDP(t, a.body).section("video") != nil {
		t.Errorf("H264 alone for a room of VP9: %d: %s", a.StatusCode, a.body)
	}
}

func testPlayerKey(t *testing.T) {
	r := room()
	house.publisher(t, r)
	house.send(t, http.MethodPost, whep+r, newWire(t).offer(t, "viewer"), typeSDP, "Authorization: Bearer "+viewerToken).expect(t, http.StatusCreated, "the key with its scheme")
	house.send(t, http.MethodPost, whep+r, newWire(t).offer(t, "viewer"), typeSDP, "Authorization: "+viewerToken).refused(t, http.StatusUnauthorized)
}

func testMids(t *testing.T) {
	for _, mids := range [][2]string{{"0", "1"}, {"1", "0"}, {"video0", "audio1"}, {"a", "b"}, {"{x-y}", "65535"}} {
		r := room()
		rename := func(offer string) string {
			offer = strings.NewReplacer("a=mid:0\r\n", "a=mid:"+mids[0]+"\r\n", "a=mid:1\r\n", "a=mid:"+mids[1]+"\r\n", "BUNDLE 0 1", "BUNDLE "+mids[0]+" "+mids[1],
				"a=mid:picture\r\n", "a=mid:"+mids[0]+"\r\n", "a=mid:sound\r\n", "a=mid:"+mids[1]+"\r\n", "BUNDLE picture sound", "BUNDLE "+mids[0]+" "+mids[1]).Replace(offer)
			return offer
		}
		pub := house.publisher(t, r, rename)
		if got := pub.answer.mids(); !slices.Equal(got, mids[:]) {
			t.Errorf("mids %v, offered %v", got, mids)
		}
		pub.goLive()
		v := house.viewer(t, r, rename)
		v.next("video", soon)
		v.next("audio", soon)
		pub.end()
	}
}

func testSendrecvViewer(t *testing.T) {
	r := room()
	house.publisher(t, r, replacing(t, "a=sendonly", "a=sendrecv")).goLive()
	v := house.viewer(t, r, replacing(t, "a=recvonly", "a=sendrecv"))
	v.next("video", soon)
	v.next("audio", soon)
}
