package conformance

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

func TestRestart(t *testing.T) {
	t.Parallel()
	t.Run("WHIP-56 WHIP-71 WHIP-72 WHIP-73 WHIP-74 other credentials restart ICE", testRestartAnswer)
	t.Run("WHIP-75 the old candidates are forgotten", testRestartForgets)
	t.Run("WHIP-76 media goes on over a restart", testRestartMedia)
	t.Run("WHIP-76 a client goes on from another address", testRestartMoves)
	t.Run("WHIP-77 a restart that cannot be done leaves the old ICE session", testRestartRefused)
	t.Run("WHIP-78 a restart with no tag or a wrong one changes nothing", testRestartConditional)
	t.Run("WHIP-82 of restarts at once the tag decides", testRestartsAtOnce)
}

// restartFragment is a fragment with credentials that are not the session's, and the
// client's address.
func (s *session) restartFragment() string {
	return fragmentOf(newCredentials(), s.answer.mids()[0], s.hostCandidate())
}

// restart restarts ICE, takes what the server answers, and connects.
func (s *session) restart() reply {
	s.t.Helper()
	fresh := newCredentials()
	r := s.patch(fragmentOf(fresh, s.answer.mids()[0], s.hostCandidate()))
	if r.StatusCode != http.StatusOK {
		s.t.Fatalf("a restart: %d: %s", r.StatusCode, r.body)
	}
	s.mu.Lock()
	s.own, s.far, s.tag = fresh, credentialsIn(r.body), r.Header.Get("ETag")
	if to := udpHost(r.body); to != nil {
		s.farAddr = to
	}
	s.mu.Unlock()
	if !s.connectICE() {
		s.t.Fatalf("the server answers no check after the restart:\n%s", r.body)
	}
	return r
}

// credentialsIn are those of a fragment.
func credentialsIn(fragment string) credentials {
	var c credentials
	for l := range strings.Lines(fragment) {
		if v, ok := strings.CutPrefix(strings.TrimSpace(l), "a=ice-ufrag:"); ok {
			c.ufrag = v
		}
		if v, ok := strings.CutPrefix(strings.TrimSpace(l), "a=ice-pwd:"); ok {
			c.pwd = v
		}
	}
	return c
}

func testRestartAnswer(t *testing.T) {
	r := room()
	for _, s := range []*session{house.publisher(t, r), house.viewer(t, r)} {
		before, oldTag := s.far, s.tag
		a := s.restart()
		if a.Header.Get("Content-Type") != "application/trickle-ice-sdpfrag" || udpHost(a.body) == nil {
			t.Errorf("Content-Type %q, body\n%s", a.Header.Get("Content-Type"), a.body)
		}
		if s.far.ufrag == before.ufrag || s.far.pwd == before.pwd || len(s.far.ufrag) < 4 || len(s.far.pwd) < 22 {
			t.Errorf("credentials %+v after %+v", s.far, before)
		}
		if !strongTag.MatchString(s.tag) || s.tag == oldTag {
			t.Errorf("ETag %q after %q", s.tag, oldTag)
		}
		for _, key := range []string{"a=ice-options:", "a=ice-lite", "a=ice-pacing:"} {
			if lineWith(a.body, key) != lineWith(s.answer.text, key) {
				t.Errorf("%q, was %q in the answer", lineWith(a.body, key), lineWith(s.answer.text, key))
			}
		}
		s.patch(s.candidateFragment(), "If-Match: "+oldTag).refused(t, http.StatusPreconditionFailed, "if_match_failed")
		s.patch(s.candidateFragment()).expect(t, http.StatusNoContent, "a candidate with the new tag")
	}
}

// lineWith is the first line that begins so, "" if none does.
func lineWith(text, prefix string) string {
	for l := range strings.Lines(text) {
		if l = strings.TrimSpace(l); strings.HasPrefix(l, prefix) {
			return l
		}
	}
	return ""
}

// testRestartForgets restarts with another address alone. The old one, which the
// server has asked before, stays open and must hear nothing any more.
func testRestartForgets(t *testing.T) {
	s := house.open(t, whip, room(), "publisher")
	old := newWire(t)
	old.mu.Lock()
	old.own = s.own
	old.mu.Unlock()
	s.patch(s.fragment(old.hostCandidate())).expect(t, http.StatusNoContent, "a candidate")
	if !within(old.asked, soon) {
		t.Fatal("the server never checks the candidate: this test shows nothing")
	}
	s.restart()
	old.mu.Lock()
	old.own = s.own // it would take any check that is sealed for the new session
	old.mu.Unlock()
	for len(old.asked) > 0 {
		<-old.asked
	}
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for range 20 {
		<-tick.C
		select {
		case <-old.asked:
			t.Fatal("the server checks a candidate from before the restart")
		default:
		}
	}
}

func testRestartMedia(t *testing.T) {
	r := room()
	pub := house.publisher(t, r)
	pub.goLive()
	v := house.viewer(t, r)
	p := v.next("video", soon)
	for _, s := range []*session{pub, v} {
		s.restart()
		p = repaired(t, v, p, 50)
	}
	for _, s := range []*session{pub, v} {
		select {
		case <-s.bye:
			t.Error("DTLS was closed by a restart")
		default:
		}
	}
}

// repaired reads so many packets after p, asking for those that are missing, as
// every viewer does, and returns the last. None may be missing in the end.
func repaired(t *testing.T, v *session, p *rtp.Packet, packets uint16) *rtp.Packet {
	t.Helper()
	seen := map[uint32]bool{}
	first, last := number(p)+1, p
	asked := time.Now()
	for deadline := time.Now().Add(soon); len(seen) < int(packets); {
		if time.Now().After(deadline) {
			t.Fatalf("of %d packets %d came", packets, len(seen))
		}
		n := v.nextOf(100*time.Millisecond, "video", "rtx")
		if n != nil && number(n) >= first && number(n) < first+uint32(packets) {
			seen[number(n)] = true
		}
		if n != nil && n.SSRC == p.SSRC && int16(n.SequenceNumber-last.SequenceNumber) > 0 {
			last = n
		}
		if time.Since(asked) > 200*time.Millisecond {
			asked = time.Now()
			for i := range packets {
				if !seen[first+uint32(i)] && int16(last.SequenceNumber-p.SequenceNumber-1-i) > 0 {
					v.sendRTCP(&rtcp.ReceiverReport{SSRC: 1}, &rtcp.TransportLayerNack{SenderSSRC: 1, MediaSSRC: p.SSRC, Nacks: []rtcp.NackPair{{PacketID: p.SequenceNumber + 1 + i}}})
				}
			}
		}
	}
	return last
}

func testRestartMoves(t *testing.T) {
	r := room()
	pub := house.publisher(t, r)
	pub.goLive()
	v := house.viewer(t, r)
	v.next("video", soon)
	for _, s := range []*session{pub, v} {
		s.move()
		s.restart()
		v.drain()
		for range 25 {
			v.next("video", soon)
		}
	}
}

func testRestartRefused(t *testing.T) {
	s := house.publisher(t, room())
	mid := s.answer.mids()[0]
	for what, c := range map[string]credentials{
		"a short ufrag": {"abc", newCredentials().pwd}, "a short pwd": {"abcdefgh", "short"}, "a long pwd": {"abcdefgh", strings.Repeat("a", 257)},
		"no ice-chars": {"ab cd", newCredentials().pwd}, "an umlaut": {"abcä", newCredentials().pwd},
	} {
		if r := s.patch(fragmentOf(c, mid, s.hostCandidate())); r.StatusCode/100 != 4 {
			t.Errorf("a restart with %s: %d: %s", what, r.StatusCode, r.body)
		}
	}
	if !s.consents() {
		t.Error("the old ICE session is gone")
	}
	s.patch(s.candidateFragment()).expect(t, http.StatusNoContent, "a candidate afterwards")
}

func testRestartConditional(t *testing.T) {
	s := house.publisher(t, room())
	s.patch(s.restartFragment(), "If-Match:").refused(t, http.StatusPreconditionRequired, "if_match_missing")
	s.patch(s.restartFragment(), `If-Match: "another"`).refused(t, http.StatusPreconditionFailed, "if_match_failed")
	if !s.consents() {
		t.Error("the server no longer answers the old credentials")
	}
	s.patch(s.candidateFragment()).expect(t, http.StatusNoContent, "a candidate afterwards")
}

func testRestartsAtOnce(t *testing.T) {
	s := house.publisher(t, room())
	replies := make(chan reply, 12)
	var requests sync.WaitGroup
	for i := range cap(replies) {
		fragment := s.restartFragment()
		if i%3 == 0 {
			fragment = s.candidateFragment()
		}
		requests.Go(func() {
			r, err := house.trySend(t, http.MethodPatch, s.path, fragment, typeFrag, "If-Match: "+s.tag)
			if err != nil {
				t.Error(err)
				return
			}
			replies <- r
		})
	}
	requests.Wait()
	close(replies)
	restarts := 0
	for r := range replies {
		switch r.StatusCode {
		case http.StatusOK:
			restarts++
			s.tag = r.Header.Get("ETag")
		case http.StatusNoContent, http.StatusPreconditionFailed:
		default:
			t.Errorf("a PATCH among others: %d: %s", r.StatusCode, r.body)
		}
	}
	if restarts != 1 {
		t.Fatalf("%d restarts with one tag were granted", restarts)
	}
	s.restart()
}
