package conformance

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestHTTP(t *testing.T) {
	t.Parallel()
	t.Run("WHIP-14 WHIP-15 GET and HEAD succeed without content", testGet)
	t.Run("WHIP-16 HEAD tells WHEP endpoints by their media type", testHeadWHEP)
	t.Run("WHIP-17 a method that a path lacks is 405 with Allow", testMethodLacking)
	t.Run("WHIP-18 unknown methods and paths", testUnknown)
	t.Run("WHIP-19 no spelling of a path is redirected", testNoRedirect)
	t.Run("WHIP-21 a full server is 503 with Retry-After", testOverload)
	t.Run("WHIP-22 WHIP-23 media types and header names in any spelling", testSpellings)
	t.Run("WHIP-24 chunked bodies, and Expect", testChunksAndExpect)
	t.Run("WHIP-25 connections persist", testPersistence)
	t.Run("WHIP-26 a content coding is 415", testContentCoding)
	t.Run("WHIP-27 too large a body is 413 at once", testTooLarge)
	t.Run("WHIP-29 a slow body is served", testSlowBody)
	t.Run("WHIP-30 Accept does not hinder", testAccept)
}

func testGet(t *testing.T) {
	r := room()
	pub, v := house.publisher(t, r), house.viewer(t, r)
	for _, path := range []string{whip + r, whep + r, pub.path, v.path} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			answer := house.send(t, method, path, "")
			if answer.StatusCode/100 != 2 || answer.body != "" {
				t.Errorf("%s %s: %d with %q", method, path, answer.StatusCode, answer.body)
			}
		}
	}
	for _, path := range []string{"/api/whip/sessions/nobody", "/api/whep/sessions/nobody"} {
		house.send(t, http.MethodGet, path, "").refused(t, http.StatusNotFound, "session_unknown")
	}
}

func testHeadWHEP(t *testing.T) {
	r := house.send(t, http.MethodHead, whep+room(), "")
	if r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "application/sdp" {
		t.Errorf("%d with Content-Type %q", r.StatusCode, r.Header.Get("Content-Type"))
	}
}

func testMethodLacking(t *testing.T) {
	pub := house.open(t, whip, room(), "publisher")
	for path, has := range map[string][]string{whip + room(): {"POST"}, whep + room(): {"POST"}, pub.path: {"PATCH", "DELETE"}} {
		for _, method := range []string{http.MethodPut, http.MethodTrace} {
			r := house.send(t, method, path, "")
			r.refused(t, http.StatusMethodNotAllowed, "method_not_allowed")
			for _, m := range has {
				if !strings.Contains(r.Header.Get("Allow"), m) {
					t.Errorf("%s %s: Allow %q lacks %s", method, path, r.Header.Get("Allow"), m)
				}
			}
		}
	}
	house.send(t, http.MethodDelete, whip+room(), "").refused(t, http.StatusMethodNotAllowed)
	house.send(t, http.MethodPost, pub.path, "v=0", typeSDP).refused(t, http.StatusMethodNotAllowed)
}

func testUnknown(t *testing.T) {
	if r := house.send(t, "BREW", whip+room(), ""); r.StatusCode != http.StatusMethodNotAllowed && r.StatusCode != http.StatusNotImplemented {
		t.Errorf("an unknown method: %d", r.StatusCode)
	}
	for _, path := range []string{"/api/whip", "/api/whip/publish", "/api/nothing", whip + "a/b", "/api/whip/sessions/"} {
		house.send(t, http.MethodPost, path, "v=0", typeSDP).refused(t, http.StatusNotFound)
	}
}

func testNoRedirect(t *testing.T) {
	for _, target := range []string{
		"//api/whip/publish/r", "/api//whip/publish/r", "/api/whip/publish//r", "/api/./whip/publish/r", "/api/x/../whip/publish/r", "/api/whip/publish/r/",
		"/api/whip/publish/./r", "/api/whip/publish/..", "/API/WHIP/PUBLISH/r", "/api/whep/play//r", "/api/whep/play/r/", "/api/whip/publish", "/", "", "*",
	} {
		if target == "" {
			target = "http://elsewhere//api/whip/publish/r"
		}
		l := house.dial(t)
		l.write(head("POST", target) + typeSDP + "\r\nContent-Length: 3\r\n\r\nv=0")
		if r := l.read("POST"); r.StatusCode/100 == 3 && r.StatusCode != http.StatusTemporaryRedirect && r.StatusCode != http.StatusPermanentRedirect {
			t.Errorf("POST %s: %d to %q", target, r.StatusCode, r.Header.Get("Location"))
		}
	}
}

func testOverload(t *testing.T) {
	s := startServer(t, "--limits.max_rooms", "1", "--limits.max_subscribers_per_room", "1")
	s.publisher(t, "one")
	s.viewer(t, "one")
	for path, offer := range map[string]string{whip + "two": newWire(t).offer(t, "publisher"), whep + "one": newWire(t).offer(t, "viewer")} {
		r := s.send(t, http.MethodPost, path, offer, typeSDP)
		r.refused(t, http.StatusServiceUnavailable, "too_many_rooms", "room_full")
		if seconds, err := strconv.Atoi(r.Header.Get("Retry-After")); err != nil || seconds < 1 {
			t.Errorf("POST %s: Retry-After %q", path, r.Header.Get("Retry-After"))
		}
	}
}

func testSpellings(t *testing.T) {
	for _, header := range []string{"content-type: Application/SDP", "CONTENT-TYPE:application/sdp; charset=utf-8", "Content-Type: \t APPLICATION/sdp;a=\"b;c\" \t "} {
		offer := newWire(t).offer(t, "publisher")
		l := house.dial(t)
		l.write("POST " + whip + room() + " HTTP/1.1\r\nhOsT: x\r\naUTHORIZATION: \t Bearer " + studioToken + " \r\n" + header + "\r\ncontent-LENGTH: " + strconv.Itoa(len(offer)) + "\r\n\r\n" + offer)
		if r := l.read("POST"); r.StatusCode != http.StatusCreated {
			t.Errorf("with %q: %d: %s", header, r.StatusCode, r.body)
		}
	}
	house.send(t, http.MethodPost, whip+room(), newWire(t).offer(t, "publisher"), "Content-Type: application/sdpx").refused(t, http.StatusUnsupportedMediaType)
}

func testChunksAndExpect(t *testing.T) {
	offer := newWire(t).offer(t, "publisher")
	l := house.dial(t)
	l.write(head("POST", whip+room()) + typeSDP + "\r\nTransfer-Encoding: chunked\r\n\r\n")
	for part := range strings.Lines(offer) {
		l.write(strconv.FormatInt(int64(len(part)), 16) + ";x=y\r\n" + part + "\r\n")
	}
	l.write("0\r\nTrailer: x\r\n\r\n")
	if r := l.read("POST"); r.StatusCode != http.StatusCreated {
		t.Errorf("in chunks: %d: %s", r.StatusCode, r.body)
	}
	offer = newWire(t).offer(t, "publisher")
	l = house.dial(t)
	l.write(head("POST", whip+room()) + typeSDP + "\r\nExpect: 100-continue\r\nContent-Length: " + strconv.Itoa(len(offer)) + "\r\n\r\n")
	if r := l.read("POST"); r.StatusCode != http.StatusContinue {
		t.Fatalf("Expect is answered with %d", r.StatusCode)
	}
	l.write(offer)
	if r := l.read("POST"); r.StatusCode != http.StatusCreated {
		t.Errorf("after 100: %d: %s", r.StatusCode, r.body)
	}
}

func testPersistence(t *testing.T) {
	l := house.dial(t)
	r := room()
	post := func(body string) reply {
		l.write(head("POST", whip+r) + typeSDP + "\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n" + body)
		return l.read("POST")
	}
	created := post(newWire(t).offer(t, "publisher"))
	if created.StatusCode != http.StatusCreated {
		t.Fatalf("%d: %s", created.StatusCode, created.body)
	}
	l.write(head("DELETE", created.Header.Get("Location")) + "\r\n")
	if ended := l.read("DELETE"); ended.StatusCode != http.StatusOK {
		t.Errorf("DELETE on the same connection: %d", ended.StatusCode)
	}
	if refused := post("good morning"); refused.StatusCode != http.StatusBadRequest {
		t.Errorf("a bad offer on the same connection: %d", refused.StatusCode)
	}
	if again := post(newWire(t).offer(t, "publisher")); again.StatusCode != http.StatusCreated {
		t.Errorf("after a refusal on the same connection: %d", again.StatusCode)
	}
}

func testContentCoding(t *testing.T) {
	for _, coding := range []string{"gzip", "br", "nonsense"} {
		house.send(t, http.MethodPost, whip+room(), newWire(t).offer(t, "publisher"), typeSDP, "Content-Encoding: "+coding).refused(t, http.StatusUnsupportedMediaType)
	}
}

// testTooLarge announces far more than it sends: the answer must not wait for it.
func testTooLarge(t *testing.T) {
	r := room()
	l := house.dial(t)
	l.write(head("POST", whip+r) + typeSDP + "\r\nContent-Length: 1000000000\r\n\r\nv=0\r\n")
	if a := l.read("POST"); a.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("with a length: %d", a.StatusCode)
	}
	l = house.dial(t)
	const chunk = 128 << 10
	l.write(head("POST", whip+r) + typeSDP + "\r\nTransfer-Encoding: chunked\r\n\r\n" + strconv.FormatInt(chunk, 16) + "\r\n" + strings.Repeat("a", chunk) + "\r\n")
	if a := l.read("POST"); a.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("in chunks that do not end: %d", a.StatusCode)
	}
	house.open(t, whip, r, "publisher")
}

func testSlowBody(t *testing.T) {
	offer := newWire(t).offer(t, "publisher")
	l := house.dial(t)
	l.write(head("POST", whip+room()) + typeSDP + "\r\nContent-Length: " + strconv.Itoa(len(offer)) + "\r\n\r\n")
	const parts = 10
	tick := time.NewTicker(300 * time.Millisecond)
	defer tick.Stop()
	for i := range parts {
		<-tick.C
		l.write(offer[i*len(offer)/parts : (i+1)*len(offer)/parts])
	}
	if r := l.read("POST"); r.StatusCode != http.StatusCreated {
		t.Errorf("%d: %s", r.StatusCode, r.body)
	}
}

func testAccept(t *testing.T) {
	for _, accept := range []string{"", "*/*", "application/sdp", "application/*;q=0.5"} {
		r := house.send(t, http.MethodPost, whip+room(), newWire(t).offer(t, "publisher"), typeSDP, "Accept: "+accept)
		if r.StatusCode != http.StatusCreated || r.Header.Get("Content-Type") != "application/sdp" {
			t.Errorf("Accept %q: %d, %q", accept, r.StatusCode, r.Header.Get("Content-Type"))
		}
	}
}
