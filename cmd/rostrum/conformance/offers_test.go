package conformance

import (
	"crypto/sha512"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"
)

func TestOffers(t *testing.T) {
	t.Parallel()
	t.Run("WHIP-94 the wrong directions are refused", testWrongDirections)
	t.Run("WHIP-95 sound or picture alone, and in either order", testKinds)
	t.Run("WHIP-96 WHIP-97 WHIP-98 what is not served is refused as a whole", testUnserved)
	t.Run("WHIP-99 WHIP-100 WHIP-101 what could never connect is refused", testUnconnectable)
	t.Run("WHIP-102 no BUNDLE", testNoBundle)
	t.Run("WHIP-103 WHIP-104 WHIP-105 both DTLS roles", testRoles)
	t.Run("WHIP-106 WHIP-111 attributes at session level", testSessionLevel)
	t.Run("WHIP-107 WHIP-108 bare line feeds and unknown lines", testLooseSyntax)
	t.Run("WHIP-109 several fingerprints, and lower-case ones", testFingerprints)
	t.Run("WHIP-110 WHIP-112 bundle-only sections, and mids that are not there", testBundleOnly)
	t.Run("WHIP-113 codec names in any letters", testCodecNames)
	t.Run("WHIP-114 WHIP-115 H264 of x264 for viewers that offer other profiles", testH264Profiles)
	t.Run("WHIP-116 payload types say nothing", testPayloadTypes)
}

// refusedOffers posts a changed offer of each kind, and wants it refused with 400
// or 422.
func refusedOffers(t *testing.T, what string, change func(offer string) string) {
	t.Helper()
	for endpoint, client := range map[string]string{whip: "publisher", whep: "viewer"} {
		r := house.send(t, http.MethodPost, endpoint+room(), change(newWire(t).offer(t, client)), typeSDP)
		if r.StatusCode != http.StatusBadRequest && r.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s to %s: %d", what, endpoint, r.StatusCode)
		}
	}
}

// played publishes a changed offer and wants a viewer to get these kinds.
func played(t *testing.T, change func(offer string) string, kinds ...string) *session {
	t.Helper()
	r := room()
	pub := house.publisher(t, r, change)
	var tracks []*track
	for _, kind := range kinds {
		if kind == "video" {
			tracks = append(tracks, pub.track(vp8, pictureSSRC))
		} else {
			tracks = append(tracks, pub.track(opus, soundSSRC))
		}
	}
	pub.goLiveWith(tracks...)
	v := house.viewer(t, r)
	for _, kind := range kinds {
		v.next(kind, soon)
	}
	return pub
}

func testWrongDirections(t *testing.T) {
	for client, c := range map[string]struct {
		endpoint, right string
		wrong           []string
	}{"publisher": {whip, "a=sendonly", []string{"a=recvonly", "a=inactive"}}, "viewer": {whep, "a=recvonly", []string{"a=sendonly", "a=inactive"}}} {
		for _, direction := range c.wrong {
			r := house.send(t, http.MethodPost, c.endpoint+room(), replaced(t, newWire(t).offer(t, client), c.right, direction), typeSDP)
			if r.StatusCode != http.StatusBadRequest && r.StatusCode != http.StatusUnprocessableEntity {
				t.Errorf("%s to %s: %d", direction, c.endpoint, r.StatusCode)
			}
		}
	}
}

func testKinds(t *testing.T) {
	played(t, onlyKind(t, "audio"), "audio")
	played(t, onlyKind(t, "video"), "video")
	played(t, func(offer string) string {
		head, media := sections(offer)
		return bundling(head, "1 0") + media[1] + media[0]
	}, "video", "audio")
}

func testUnserved(t *testing.T) {
	double := func(kind string) func(string) string {
		return func(offer string) string {
			head, media := sections(offer)
			for _, m := range media {
				if strings.HasPrefix(m, "m="+kind) {
					_, mid, _ := strings.Cut(m, "a=mid:")
					mid, _, _ = strings.Cut(mid, "\r\n")
					media = append(media, strings.NewReplacer("a=mid:"+mid, "a=mid:extra", "ssrc:1", "ssrc:31", "ssrc:2", "ssrc:32", "FID 2222 2223", "FID 32222 32223").Replace(m))
				}
			}
			return bundling(head, strings.Join(parseSDP(t, offer).mids(), " ")+" extra") + strings.Join(media, "")
		}
	}
	dataSection := "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\na=fingerprint:sha-256 " + newWire(t).fingerprint() + "\r\na=setup:actpass\r\na=mid:data\r\na=sctp-port:5000\r\n"
	for what, change := range map[string]func(string) string{
		"two pictures": double("video"), "two sounds": double("audio"),
		"a sound of no known codec":   func(o string) string { return strings.ReplaceAll(o, " opus/", " x-opus/") },
		"a picture of no known codec": unknownPictures,
		"no known codec at all":       func(o string) string { return unknownPictures(strings.ReplaceAll(o, " opus/", " x-opus/")) },
		"a data channel alone":        func(o string) string { head, _ := sections(o); return bundling(head, "data") + dataSection },
		"a data channel as well": func(o string) string {
			head, media := sections(o)
			return bundling(head, strings.Join(parseSDP(t, o).mids(), " ")+" data") + strings.Join(media, "") + dataSection
		},
	} {
		refusedOffers(t, what, change)
	}
}

// unknownPictures gives every codec of pictures a name that nobody knows.
func unknownPictures(offer string) string {
	return strings.NewReplacer(" VP8/", " x-vp8/", " VP9/", " x-vp9/", " H264/", " x-h264/", " H265/", " x-h265/", " AV1/", " x-av1/").Replace(offer)
}

func testUnconnectable(t *testing.T) {
	for what, change := range map[string]func(string) string{
		"no ufrag":               func(o string) string { return withoutLines(t, o, "a=ice-ufrag:") },
		"no pwd":                 func(o string) string { return withoutLines(t, o, "a=ice-pwd:") },
		"no fingerprint":         func(o string) string { return withoutLines(t, o, "a=fingerprint:") },
		"a fingerprint of words": func(o string) string { return replaced(t, o, "a=fingerprint:sha-256 ", "a=fingerprint:sha-256 ZZ:") },
		"plain RTP":              func(o string) string { return replaced(t, o, "UDP/TLS/RTP/SAVPF", "RTP/AVP") },
		"SDES keys": func(o string) string {
			return replaced(t, withoutLines(t, replaced(t, o, "UDP/TLS/RTP/SAVPF", "RTP/SAVPF"), "a=fingerprint:"), "a=setup:actpass", "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz")
		},
		"no rtcp-mux": func(o string) string { return withoutLines(t, o, "a=rtcp-mux") },
	} {
		refusedOffers(t, what, change)
	}
}

func testNoBundle(t *testing.T) {
	for endpoint, client := range map[string]string{whip: "publisher", whep: "viewer"} {
		for what, offer := range map[string]string{
			"two sections": withoutLines(t, newWire(t).offer(t, client), "a=group:BUNDLE"),
			"one section":  withoutLines(t, onlyKind(t, "video")(newWire(t).offer(t, client)), "a=group:BUNDLE"),
		} {
			r := house.send(t, http.MethodPost, endpoint+room(), offer, typeSDP)
			refused := r.StatusCode == http.StatusBadRequest || r.StatusCode == http.StatusUnprocessableEntity
			if !refused && (r.StatusCode != http.StatusCreated || strings.Contains(r.body, "a=group:BUNDLE")) {
				t.Errorf("%s to %s without BUNDLE: %d\n%s", what, endpoint, r.StatusCode, r.body)
			}
		}
	}
}

func testRoles(t *testing.T) {
	for offered, allowed := range map[string]string{"actpass": "active passive", "active": "passive", "passive": "active"} {
		for endpoint, client := range map[string]string{whip: "publisher", whep: "viewer"} {
			s := house.open(t, endpoint, room(), client, replacing(t, "a=setup:actpass", "a=setup:"+offered))
			if answered := s.answer.setup(); !strings.Contains(" "+allowed+" ", " "+answered+" ") {
				t.Errorf("setup:%s is answered %s", offered, answered)
			}
			s.connect()
		}
	}
}

func testSessionLevel(t *testing.T) {
	played(t, func(o string) string {
		var shared []string
		for _, key := range []string{"a=ice-ufrag:", "a=ice-pwd:", "a=fingerprint:", "a=setup:", "a=ice-options:"} {
			shared = append(shared, lineWith(o, key))
			o = withoutLines(t, o, key)
		}
		o = replaced(t, o, "t=0 0\r\n", "t=0 0\r\n"+strings.Join(shared, "\r\n")+"\r\na=sendrecv\r\na=group:LS 0 1\r\na=identity:x\r\n")
		return replaced(t, o, "a=extmap:2 ", "a=extmap:2/sendonly ")
	}, "video", "audio")
}

func testLooseSyntax(t *testing.T) {
	played(t, func(o string) string { return strings.TrimSuffix(strings.ReplaceAll(o, "\r\n", "\n"), "\n") }, "video", "audio")
	played(t, func(o string) string {
		o = replaced(t, o, "t=0 0\r\n", "i=a session\r\nu=http://example.com/\r\nb=AS:5000\r\nt=0 0\r\na=x-unknown\r\na=tool:x y z\r\n")
		return replaced(t, o, "c=IN IP4 0.0.0.0\r\n", "c=IN IP4 0.0.0.0\r\nb=AS:2500\r\nb=TIAS:2500000\r\na=x-unknown:1 2 3\r\na=maxptime:60\r\na=rtcp-fb:* x-new\r\n")
	}, "video", "audio")
}

func testFingerprints(t *testing.T) {
	sum := sha512.Sum512(certificate().Certificate[0])
	var pairs []string
	for _, b := range sum {
		pairs = append(pairs, hex.EncodeToString([]byte{b}))
	}
	played(t, func(o string) string {
		own := lineWith(o, "a=fingerprint:")
		return replaced(t, o, own, own+"\r\na=fingerprint:sha-512 "+strings.Join(pairs, ":"))
	}, "video")
	played(t, func(o string) string {
		own := lineWith(o, "a=fingerprint:")
		return replaced(t, o, own, strings.ToLower(own))
	}, "video")
}

func testBundleOnly(t *testing.T) {
	played(t, func(o string) string {
		head, media := sections(o)
		media[1] = replaced(t, replaced(t, media[1], "m=video 9 ", "m=video 0 "), "a=mid:1\r\n", "a=mid:1\r\na=bundle-only\r\n")
		return head + media[0] + media[1]
	}, "video", "audio")
	played(t, func(o string) string {
		head, media := sections(o)
		return bundling(head, "0 1") + media[0]
	}, "audio")
}

func testCodecNames(t *testing.T) {
	played(t, func(o string) string {
		return strings.NewReplacer("opus/48000", "OPUS/48000", "VP8/", "vp8/").Replace(o)
	}, "video", "audio")
}

func testH264Profiles(t *testing.T) {
	r := room()
	pub := house.publisher(t, r, onlyVideo(t, "H264"), func(o string) string {
		o = withoutLines(t, o, "a=rtcp-fb:")
		return strings.NewReplacer("42001f", "42c01f", "42e01f", "42c01f").Replace(o)
	})
	pub.goLiveWith(pub.track(h264, pictureSSRC), pub.track(opus, soundSSRC))
	v := house.viewer(t, r, onlyVideo(t, "H264"))
	if first := v.next("video", soon); len(first.Payload) == 0 {
		t.Error("an empty picture")
	}
}

func testPayloadTypes(t *testing.T) {
	played(t, func(o string) string {
		return strings.NewReplacer(" 111 ", " 97 ", ":111 ", ":97 ", "111/111", "97/97", " 96 97 ", " 35 127 ", ":96 ", ":35 ", "rtpmap:97 rtx", "rtpmap:127 rtx", "fmtp:97 apt=96", "fmtp:127 apt=35").Replace(o)
	}, "video", "audio")
}
