package conformance

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"rostrum/cmd/rostrum/rig"
)

// TestPatience holds all that takes half a minute or more. Its cases run at the same
// time, each on a goroutine, so that they take no place of other tests.
func TestPatience(t *testing.T) {
	t.Parallel()
	s := startServer(t, "--rooms.grace", "4s")
	var cases sync.WaitGroup
	for name, run := range map[string]func(t *testing.T, s *server){
		"WHIP-28 a head or body that never ends is cut":                             endlessRequests,
		"WHIP-44 a client that never starts ICE loses its room":                     neverStarts,
		"WHIP-51 WHIP-53 silence ends a session after consent, grace ends the room": fallsSilent,
		"WHIP-52 a publisher without media outlives a minute's half":                sendsNoMedia,
		"WHIP-87 a first check after 12 s still connects":                           startsLate,
	} {
		cases.Go(func() { t.Run(name, func(t *testing.T) { run(t, s) }) })
	}
	cases.Wait()
}

// after is how long something has lasted, in words that tests can compare.
func after(began time.Time) time.Duration { return time.Since(began).Round(100 * time.Millisecond) }

func endlessRequests(t *testing.T, s *server) {
	var all sync.WaitGroup
	for what, text := range map[string]string{
		"head": "POST " + whip + "endless HTTP/1.1\r\nHost: x\r\nX-A: ",
		"body": "POST " + whip + "endless HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + adminToken + "\r\n" + typeSDP + "\r\nContent-Length: 5000\r\n\r\nv=0\r\n",
	} {
		l := s.dial(t)
		l.write(text)
		all.Go(func() {
			began, delay := time.Now(), rig.WatchDelay()
			rest, err := io.ReadAll(l.r)
			if took := after(began); err != nil || took < 3*time.Second || took-delay.Sum() > 40*time.Second {
				t.Errorf("a %s that does not end: %v after %v", what, err, took)
			}
			if len(rest) > 0 && !strings.HasPrefix(string(rest), "HTTP/1.1 408") {
				t.Errorf("a %s that does not end: %q", what, rest)
			}
		})
	}
	s.publisher(t, "endless").end() // the room is not held meanwhile
	all.Wait()
}

func neverStarts(t *testing.T, s *server) {
	se := s.open(t, whip, "never", "publisher")
	if took := awaitEnd(t, s, se); took < 20*time.Second {
		t.Errorf("a client that has not started ICE was dropped after %v", took)
	}
	se.endedFor("never_connected")
	s.open(t, whip, "never", "publisher")
}

// awaitEnd waits until a session is unknown and tells how long that took.
func awaitEnd(t *testing.T, s *server, se *session) time.Duration {
	t.Helper()
	began := time.Now()
	rig.Eventually(t, "the session is unknown", func() bool {
		return s.send(t, http.MethodGet, se.path, "").StatusCode == http.StatusNotFound
	})
	return after(began)
}

// fallsSilent has a publisher that is heard again after ten seconds, which changes
// nothing, and then is silent for good.
func fallsSilent(t *testing.T, s *server) {
	pub, v := s.publisher(t, "silent"), s.viewer(t, "silent")
	pub.fallSilent()
	if within(v.bye, 10*time.Second) {
		t.Fatal("ten seconds of silence have ended the session")
	}
	pub.speakAgain()
	if !pub.isAsked() {
		t.Fatal("the server no longer asks for consent")
	}
	pub.fallSilent()
	delay := rig.WatchDelay()
	if took := awaitEnd(t, s, pub); took < 20*time.Second || took-delay.Sum() > 40*time.Second {
		t.Errorf("silence was noticed after %v, consent lasts 30 s", took)
	}
	pub.endedFor("silence")
	select {
	case <-v.bye:
		t.Error("the viewer is closed before the grace is over")
	default:
	}
	if !within(v.bye, soon) {
		t.Error("the viewer hangs after the grace")
	}
	v.endedFor("publisher_lost")
	s.open(t, whip, "silent", "publisher")
}

func sendsNoMedia(t *testing.T, s *server) {
	pub := s.publisher(t, "mute")
	if within(pub.bye, 36*time.Second) {
		t.Error("a publisher that answers checks was closed")
	}
	if !pub.consents() {
		t.Error("the server no longer answers checks")
	}
}

func startsLate(t *testing.T, s *server) {
	for _, se := range []*session{s.open(t, whip, "late", "publisher"), s.open(t, whep, "late", "viewer")} {
		se.patch(se.fragment("a=end-of-candidates")).expect(t, http.StatusNoContent, "the end of candidates")
		if within(se.bye, 12*time.Second) {
			t.Error("it was closed")
		}
		se.connect()
	}
}
