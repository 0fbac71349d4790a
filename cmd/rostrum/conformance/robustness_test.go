package conformance

import (
	"crypto/rand"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rostrum/cmd/rostrum/rig"
)

func TestRobustness(t *testing.T) {
	t.Parallel()
	t.Run("WHIP-188 no offer stops the server or leaves a room taken", testHostileOffers)
	t.Run("WHIP-188 no half request stops the server or leaves a room taken", testHalfRequests)
	t.Run("WHIP-188 no datagram stops the server", testHostileDatagrams)
	t.Run("WHIP-189 guessed session URLs are 404, and guessing is limited", testGuesses)
	t.Run("WHIP-191 a thousand unfriendly sessions leave nothing behind", testUnfriendlySessions)
}

func testHostileOffers(t *testing.T) {
	good := newWire(t).offer(t, "publisher")
	head, media := sections(good)
	noise := make([]byte, 8<<10)
	_, _ = rand.Read(noise)
	r := room()
	for what, offer := range map[string]string{
		"NUL": strings.Repeat("\x00", 1000), "500 sections": head + strings.Repeat(media[0], 500), "a line of 200 KB": head + "a=x:" + strings.Repeat("y", 200<<10) + "\r\n" + media[0],
		"a line of 50 KB": head + "a=x:" + strings.Repeat("y", 50<<10) + "\r\n" + media[0], "random bytes": string(noise), "10 MB": strings.Repeat(good, 10<<20/len(good)),
		"many small sections": head + strings.Repeat("m=video 9 UDP/TLS/RTP/SAVPF 96\r\n", 1500), "many candidates": good + strings.Repeat("a=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\n", 1000),
		"huge numbers": strings.NewReplacer("m=video 9 ", "m=video 99999999999 ").Replace(good), "a huge payload type": strings.ReplaceAll(good, " 96 ", " 4294967392 "),
		"no mids": withoutLines(t, good, "a=mid:"), "equal mids": replaced(t, good, "a=mid:1", "a=mid:0"), "a huge mid": replaced(t, good, "a=mid:1", "a=mid:"+strings.Repeat("1", 5000)),
		"apt of itself": replaced(t, good, "apt=96", "apt=97"), "no apt": replaced(t, good, "apt=96", "apt="), "equal payload types": replaced(t, good, "a=rtpmap:97 rtx", "a=rtpmap:96 rtx"),
		"equal extensions": replaced(t, good, "a=extmap:3 ", "a=extmap:2 "), "extension 0": replaced(t, good, "a=extmap:3 ", "a=extmap:0 "), "extension 300": replaced(t, good, "a=extmap:3 ", "a=extmap:300 "),
		"equal sources": replaced(t, good, "a=ssrc:1111 ", "a=ssrc:2222 "), "an FID of one": replaced(t, good, "FID 2222 2223", "FID 2222"),
	} {
		a := house.send(t, http.MethodPost, whip+r, offer, typeSDP)
		if a.StatusCode/100 == 5 {
			t.Errorf("%s: %d: %s", what, a.StatusCode, a.body)
		}
		if a.StatusCode == http.StatusCreated { // odd, but usable: then it can be ended as well
			house.send(t, http.MethodDelete, a.Header.Get("Location"), "").expect(t, http.StatusOK, "DELETE after "+what)
		}
	}
	house.publisher(t, r)
}

func testHalfRequests(t *testing.T) {
	r := room()
	for _, half := range []string{
		"", "P", "POST " + whip + r, head("POST", whip+r), head("POST", whip+r) + typeSDP + "\r\nContent-Length: 5000\r\n\r\nv=0\r\n",
		head("POST", whip+r) + typeSDP + "\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nv=0", head("POST", whip+r) + typeSDP + "\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
		head("POST", whip+r) + "Content-Length: -1\r\n\r\n", head("POST", whip+r) + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nv=0\r\n", "\x16\x03\x01\x02\x00\x01\x00", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
	} {
		l := house.dial(t)
		l.write(half)
		_ = l.Close()
	}
	house.publisher(t, r)
}

func testHostileDatagrams(t *testing.T) {
	s := house.publisher(t, room())
	for _, first := range []byte{0, 1, 2, 19, 20, 22, 23, 63, 64, 127, 128, 191, 255} {
		for _, length := range []int{1, 2, 3, 4, 11, 12, 13, 20, 40, 1400} {
			b := make([]byte, length)
			_, _ = rand.Read(b)
			b[0] = first
			s.send(b)
		}
	}
	if !s.consents() {
		t.Error("the server no longer answers checks")
	}
	s.goLive()
	v := house.viewer(t, room())
	v.send([]byte{22, 0xfe, 0xfd})
	if !v.consents() {
		t.Error("the server no longer answers a viewer's checks")
	}
}

func testGuesses(t *testing.T) {
	s, err := start("--limits.publish", "10/1m", "--limits.play", "120/1m")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	limited := false
	for i := range 2000 {
		method := []string{http.MethodDelete, http.MethodPatch}[i%2]
		r := s.send(t, method, "/api/whip/sessions/guess-"+strconv.Itoa(i), "x", typeFrag, "If-Match: *")
		if limited = r.StatusCode == http.StatusTooManyRequests; limited {
			r.refused(t, http.StatusTooManyRequests, "rate_limited")
			break
		}
		r.refused(t, http.StatusNotFound, "session_unknown")
	}
	if !limited {
		t.Error("2000 guesses one after another were let through")
	}
}

// unfriendly are the ways in which clients drop a session.
var unfriendly = []func(t *testing.T, s *session){
	func(_ *testing.T, s *session) { s.close() },                                // no ICE
	func(_ *testing.T, s *session) { s.check(time.Second); s.close() },          // ICE and no DTLS
	func(_ *testing.T, s *session) { s.connect().close() },                      // DTLS and no media
	func(_ *testing.T, s *session) { s.connect().hangUp() },                     // a polite end at once
	func(_ *testing.T, s *session) { s.check(time.Second); s.send([]byte{22}) }, // a broken handshake
	func(_ *testing.T, s *session) { // DELETE in mid-handshake
		s.check(time.Second)
		shaking := make(chan struct{})
		go func() { defer close(shaking); _ = s.connectDTLS(s.answer, time.Second) }()
		s.end()
		s.close()
		<-shaking
	},
	func(t *testing.T, s *session) { // two DELETEs at once
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() { _, _ = s.server.trySend(t, http.MethodDelete, s.path, "") })
		}
		both.Wait()
	},
}

func testUnfriendlySessions(t *testing.T) {
	const sessions = 1000
	s := startServer(t, "--rooms.grace", "0s")
	openAndDrop(t, s, 70)
	threads, descriptors := s.footprint(t)
	openAndDrop(t, s, sessions)
	for i := range 10 {
		s.publisher(t, "room"+strconv.Itoa(i)).end()
	}
	rig.Eventually(t, "there are as many descriptors as before", func() bool {
		_, now := s.footprint(t)
		return now <= descriptors+2
	})
	// Go starts a thread more now and then, on a busy machine too: but not for each session.
	if now, _ := s.footprint(t); now > threads+sessions/20 {
		t.Errorf("%d threads, were %d before %d sessions", now, threads, sessions)
	}
}

// openAndDrop opens sessions, each dropped in one of the unfriendly ways and ended,
// so that its room is free for the next one.
func openAndDrop(t *testing.T, s *server, sessions int) {
	t.Helper()
	const lanes = 10
	var clients sync.WaitGroup
	for lane := range lanes {
		clients.Go(func() {
			for i := range sessions / lanes {
				name := "room" + strconv.Itoa(lane)
				w := newWire(t)
				offer := w.offer(t, "publisher")
				r, err := s.trySend(t, http.MethodPost, whip+name, offer, typeSDP)
				if err != nil || r.StatusCode != http.StatusCreated {
					t.Errorf("session %d in %s: %v, %v", i, name, r.Response, err)
					return
				}
				se := s.opened(w, offer, r)
				unfriendly[i%len(unfriendly)](t, se)
				se.forget()
				w.close()
			}
		})
	}
	clients.Wait()
}

// footprint is what the server's process holds.
func (s *server) footprint(t *testing.T) (threads, descriptors int) {
	t.Helper()
	proc := filepath.Join("/proc", strconv.Itoa(s.PID()))
	open, err := os.ReadDir(filepath.Join(proc, "fd"))
	if err != nil {
		t.Fatalf("this test counts descriptors in /proc: %v", err)
	}
	tasks, err := os.ReadDir(filepath.Join(proc, "task"))
	if err != nil {
		t.Fatal(err)
	}
	return len(tasks), len(open)
}
