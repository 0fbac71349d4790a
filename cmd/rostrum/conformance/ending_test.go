package conformance

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"rostrum/cmd/rostrum/rig"
)

func TestEnding(t *testing.T) {
	t.Parallel()
	t.Run("WHIP-45 WHIP-46 WHIP-49 DELETE answers 200, frees the room and revokes consent", testDelete)
	t.Run("WHIP-47 DELETE ignores If-Match", testDeleteIgnoresIfMatch)
	t.Run("WHIP-48 a session that has ended is 404", testEnded)
	t.Run("WHIP-48 several DELETEs at once", testDeletesAtOnce)
	t.Run("WHIP-50 a peer that closes DTLS has ended its session", testCloseNotify)
	t.Run("WHIP-52 a publisher that sends no media is alive", testNoMedia)
	t.Run("WHIP-53 the publisher's end is its viewers' end", testViewersEnd)
	t.Run("WHIP-54 a viewer's end touches nobody else", testViewerLeaves)
	t.Run("WHIP-142 nothing is sent to a session that was deleted", testNoMediaAfterDelete)
}

func testDelete(t *testing.T) {
	r := room()
	pub, v := house.publisher(t, r), house.viewer(t, r)
	for _, s := range []*session{v, pub} {
		if answer := house.send(t, http.MethodDelete, s.path, ""); answer.StatusCode != http.StatusOK {
			t.Errorf("DELETE %s: %d", s.path, answer.StatusCode)
		}
		if !within(s.bye, soon) {
			t.Errorf("%s: the server does not close DTLS", s.path)
		}
		rig.Eventually(t, s.path+": no check is answered", func() bool { return !s.check(time.Second) })
	}
	house.publisher(t, r)
}

func testDeleteIgnoresIfMatch(t *testing.T) {
	for _, condition := range []string{`"another"`, `W/"another"`, "*", "nonsense", ""} {
		s := house.open(t, whip, room(), "publisher")
		if condition == "" {
			condition = s.tag
		}
		if answer := house.send(t, http.MethodDelete, s.path, "", "If-Match: "+condition); answer.StatusCode != http.StatusOK {
			t.Errorf("DELETE with If-Match %q: %d", condition, answer.StatusCode)
		}
	}
}

func testEnded(t *testing.T) {
	for _, s := range []*session{house.open(t, whip, room(), "publisher"), house.open(t, whep, room(), "viewer")} {
		s.end()
		house.send(t, http.MethodDelete, s.path, "").refused(t, http.StatusNotFound, "session_unknown")
		house.send(t, http.MethodGet, s.path, "").refused(t, http.StatusNotFound, "session_unknown")
		s.patch(s.candidateFragment()).refused(t, http.StatusNotFound, "session_unknown")
		s.patch(s.candidateFragment(), "If-Match: *").refused(t, http.StatusNotFound, "session_unknown")
	}
}

func testDeletesAtOnce(t *testing.T) {
	s := house.publisher(t, room())
	statuses := make(chan int, 10)
	var requests sync.WaitGroup
	for range cap(statuses) {
		requests.Go(func() {
			r, err := house.trySend(t, http.MethodDelete, s.path, "")
			if err != nil {
				t.Error(err)
				return
			}
			statuses <- r.StatusCode
		})
	}
	requests.Wait()
	close(statuses)
	done := 0
	for status := range statuses {
		switch status {
		case http.StatusOK:
			done++
		case http.StatusNotFound:
		default:
			t.Errorf("a DELETE among others: %d", status)
		}
	}
	if done == 0 {
		t.Error("of several DELETEs none was answered by 200")
	}
}

func testCloseNotify(t *testing.T) {
	r := room()
	pub, v := house.publisher(t, r), house.viewer(t, r)
	for _, s := range []*session{v, pub} {
		s.hangUp()
		awaitGone(t, s)
		s.endedFor("peer_closed")
	}
}

// awaitGone waits until the server no longer knows a session.
func awaitGone(t *testing.T, s *session) {
	t.Helper()
	rig.Eventually(t, s.path+" is unknown", func() bool {
		return house.send(t, http.MethodGet, s.path, "").StatusCode == http.StatusNotFound
	})
}

// testNoMedia is about the first seconds; TestPatience is about the first minute.
func testNoMedia(t *testing.T) {
	r := room()
	pub := house.publisher(t, r)
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for range 8 {
		<-tick.C
		house.send(t, http.MethodPost, whip+r, newWire(t).offer(t, "publisher"), typeSDP).refused(t, http.StatusConflict, "room_busy")
		if !pub.consents() {
			t.Fatal("the server no longer answers checks")
		}
	}
}

func testViewersEnd(t *testing.T) {
	r := room()
	pub := house.publisher(t, r)
	viewers := []*session{house.viewer(t, r), house.viewer(t, r), house.viewer(t, r)}
	pub.end()
	for _, v := range viewers {
		if !within(v.bye, soon) {
			t.Error("a viewer hangs after the publisher's DELETE")
		}
		awaitGone(t, v)
		v.endedFor("publisher_left")
	}
}

func testViewerLeaves(t *testing.T) {
	r := room()
	house.publisher(t, r).goLive()
	stays := house.viewer(t, r)
	before := stays.next("video", soon).SequenceNumber
	for _, leave := range []func(*session){(*session).end, func(s *session) { s.hangUp() }, func(s *session) { s.close() }} {
		v := house.viewer(t, r)
		v.next("video", soon)
		leave(v)
		for range 20 {
			before++
			if got := stays.next("video", soon).SequenceNumber; got != before {
				t.Fatalf("the other viewer got packet %d after %d", got, before-1)
			}
		}
	}
}

func testNoMediaAfterDelete(t *testing.T) {
	r := room()
	house.publisher(t, r).goLive()
	v := house.viewer(t, r)
	v.next("video", soon)
	v.end()
	<-v.bye
	v.drain()
	if p := v.nextOr("video", 300*time.Millisecond); p != nil {
		t.Errorf("packet %d came after the DELETE", p.SequenceNumber)
	}
}
