package conformance

import (
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"rostrum/cmd/rostrum/rig"
)

func TestICE(t *testing.T) {
	t.Parallel()
	t.Run("WHIP-84 credentials of 256 characters are taken", testLongCredentials)
	t.Run("WHIP-85 WHIP-86 a client without candidates connects", testNoCandidates)
	t.Run("WHIP-88 the answer says trickle and ice2", testICEOptions)
	t.Run("WHIP-89 after the end of candidates a client still connects", testEndOfCandidates)
	t.Run("WHIP-90 WHIP-91 candidates of one component, with addresses and ports", testCandidates)
	t.Run("WHIP-92 consent checks go on over the one pair", testConsentGoesOn)
	t.Run("WHIP-84 checks with other credentials are not answered", testForgedChecks)
}

func testLongCredentials(t *testing.T) {
	r := room()
	for endpoint, client := range map[string]string{whip: "publisher", whep: "viewer"} {
		w := newWire(t)
		w.own = credentials{strings.Repeat("aZ0+", 64), strings.Repeat("b9/Y", 64)}
		house.openWith(w, endpoint+r, w.offer(t, client)).connect()
	}
}

func testNoCandidates(t *testing.T) {
	r := room()
	for _, s := range []*session{house.open(t, whip, r, "publisher"), house.open(t, whep, r, "viewer")} {
		if strings.Contains(s.offer, "a=candidate") {
			t.Fatal("the offer has candidates: this test shows nothing")
		}
		s.connect()
	}
}

func testICEOptions(t *testing.T) {
	for _, s := range bothKinds(t) {
		if options := " " + s.answer.first("ice-options") + " "; !strings.Contains(options, " trickle ") || !strings.Contains(options, " ice2 ") {
			t.Errorf("ice-options %q", s.answer.first("ice-options"))
		}
	}
}

func testEndOfCandidates(t *testing.T) {
	r := room()
	for _, s := range []*session{
		house.open(t, whip, r, "publisher", replacing(t, "a=setup:actpass", "a=setup:actpass\r\na=end-of-candidates")), house.open(t, whep, r, "viewer"),
	} {
		s.patch(s.fragment("a=end-of-candidates")).expect(t, http.StatusNoContent, "the end of candidates")
		s.connect()
	}
}

func testCandidates(t *testing.T) {
	r := room()
	pub, v := house.publisher(t, r), house.viewer(t, r)
	for what, text := range map[string]string{"a publisher's answer": pub.answer.text, "a viewer's answer": v.answer.text, "a restart": pub.restart().body} {
		if len(candidates(text)) == 0 {
			t.Errorf("%s has no candidates", what)
		}
		for _, c := range candidates(text) {
			f := strings.Fields(c)
			if len(f) < 8 || f[1] != "1" {
				t.Errorf("%s: candidate %q", what, c)
				continue
			}
			if port, err := strconv.Atoi(f[5]); err != nil || port < 1 || port > 65535 || net.ParseIP(f[4]) == nil {
				t.Errorf("%s: candidate %q", what, c)
			}
		}
	}
}

func testConsentGoesOn(t *testing.T) {
	s := house.publisher(t, room())
	for range 2 {
		for len(s.asked) > 0 {
			<-s.asked
		}
		began, delay := time.Now(), rig.WatchDelay()
		select {
		case from := <-s.asked:
			if from.String() != s.farAddr.String() {
				t.Errorf("a check came from %v, the pair is with %v", from, s.farAddr)
			}
			if took := time.Since(began); took-delay.Sum() > 6*time.Second { // RFC 7675 §5.1: every 5 s
				t.Errorf("the server asked for consent after %v", took)
			}
		case <-time.After(soon):
			t.Error("the server asks for no consent")
		}
	}
}

func testForgedChecks(t *testing.T) {
	s := house.open(t, whip, room(), "publisher")
	for what, c := range map[string][2]credentials{
		"another password":           {s.own, {s.far.ufrag, newCredentials().pwd}},
		"another user of the server": {s.own, {newCredentials().ufrag, s.far.pwd}},
	} {
		if s.checkAs(c[0], c[1], 300*time.Millisecond) {
			t.Errorf("a check with %s was answered", what)
		}
	}
	s.connect()
}
