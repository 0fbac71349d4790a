package keeping

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"rostrum/cmd/rostrum/rig"
	"rostrum/ports/porttest/webrtcpeer"
)

// life is what the API says of one session.
type life struct {
	session
	Address   string `json:"address"`
	Because   string `json:"because"`
	Diagnosis string `json:"diagnosis"`
	Life      []struct {
		Step  string    `json:"step"`
		At    time.Time `json:"at"`
		After float64   `json:"after_ms"`
		Words string    `json:"words"`
	} `json:"life"`
}

// life returns what is said of a session.
func (s *stand) life(id string) (told life) {
	s.t.Helper()
	s.do(http.MethodGet, "/api/sessions/"+id, nil, http.StatusOK, &told)
	return told
}

// steps returns the steps of a life in the order of time, which is that of its times.
func (l life) steps(t *testing.T) string {
	t.Helper()
	var all []string
	for i, m := range l.Life {
		all = append(all, m.Step)
		if after := float64(m.At.Sub(l.Started).Microseconds()) / 1000; after != m.After || m.Words == "" {
			t.Errorf("%s is at %v, %v ms after %v, and says %q", m.Step, m.At, m.After, l.Started, m.Words)
		}
		if i > 0 && m.At.Before(l.Life[i-1].At) {
			t.Errorf("%s is told before %s", l.Life[i-1].Step, m.Step)
		}
	}
	return strings.Join(all, " ")
}

// A session's life can be read while it goes on, after its end, and when the server has
// been started anew.
func TestALifeCanBeReadWhileItGoesOnAndAfter(t *testing.T) {
	t.Parallel()
	const begun, watched = "offered candidates paired secured media ", "offered candidates paired secured media keyframe picture"
	s := newStand(t, newSQLite(t), "--history.addresses", "none")
	log := s.start().Log
	publisher := s.publish(t, "hall", operator)
	subscriber := s.watch(t, "hall", operator)
	rig.Eventually(t, "the publisher is watched and recorded, and all is well", func() bool {
		l := s.life(publisher.id)
		rest, _ := strings.CutPrefix(l.steps(t), begun) // the recorder takes what comes before the first key frame too
		return slices.Contains([]string{"recorded keyframe picture", "keyframe recorded picture", "keyframe picture recorded"}, rest) && l.Diagnosis == ""
	})
	rig.Eventually(t, "the subscriber sees, and all is well", func() bool {
		l := s.life(subscriber.id)
		return l.steps(t) == watched && l.Diagnosis == ""
	})
	whole := s.life(publisher.id).steps(t)
	s.leave(t, subscriber, operator)
	s.leave(t, publisher, operator)
	after := map[string]life{publisher.id: s.life(publisher.id), subscriber.id: s.life(subscriber.id)}
	for id, want := range map[string]string{publisher.id: whole + " ended", subscriber.id: watched + " ended"} {
		l := after[id]
		if got := l.steps(t); got != want || l.Reason != "client" || l.Diagnosis != "" || l.Address != "" {
			t.Errorf("%s has the life %s, %+v, want %s", l.Role, got, l, want)
		}
	}
	s.stop()
	for _, c := range []*client{publisher, subscriber} {
		lines := slices.DeleteFunc(rig.Lines(log.String(), "session="+c.id), func(l string) bool { return strings.Contains(l, "msg=recording ") })
		if len(lines) != 1 || !strings.Contains(lines[0], `level=INFO msg="session ended"`) || !strings.Contains(lines[0], "first_picture_after=") {
			t.Errorf("the log tells of %s in %q", c.id, lines)
		}
	}
	if strings.Contains(log.String(), operator) {
		t.Error("the log has a token")
	}
	s.start()
	for id, was := range after {
		if now := s.life(id); now.steps(t) != was.steps(t) || !now.Ended.Equal(*was.Ended) {
			t.Errorf("after a start it is %+v, was %+v", now, was)
		}
	}
}

// What descriptions are changed by, so that a way is blocked.
var (
	candidatePort = regexp.MustCompile(`(a=candidate:\S+ \d udp \d+ \S+) \d+ `)
	candidate     = regexp.MustCompile(`a=candidate:.*\r\n`)
	fingerprint   = regexp.MustCompile(`(a=fingerprint:sha-256) \S+`)
	address       = regexp.MustCompile(`(a=candidate:\S+ \d \S+ \d+) \S+ `)
)

// closed returns a description whose candidates are at a port where nobody is.
func closed(description string) string {
	return candidatePort.ReplaceAllString(description, "$1 9 ")
}

// What keeps a session from going well is said while it lives, and after its end.
func TestTheDiagnosisNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	s := newStand(t, "memory:")
	s.start()
	for name, c := range map[string]struct {
		room  string
		begin func(t *testing.T, room string) *client
		steps string
		names []string
	}{
		"UDP is blocked": {"blocked", func(t *testing.T, room string) *client {
			peer := webrtcpeer.Publisher(t)
			c := s.offered(t, peer, whip+room, closed(peer.Offer()))
			peer.Accept(closed(c.answer))
			return c.client
		}, "offered candidates", []string{"no pair of them answered", "webrtc.udp_addr", "webrtc.public_ips"}},
		"a client that never answers": {"silent", func(t *testing.T, room string) *client {
			peer := webrtcpeer.Subscriber(t, func(*webrtc.TrackRemote) {})
			return s.offered(t, peer, whep+room, closed(peer.Offer())).client
		}, "offered candidates", []string{"no pair of them answered"}},
		"only mDNS names": {"names", func(t *testing.T, room string) *client {
			peer := webrtcpeer.Publisher(t)
			return s.offered(t, peer, whip+room, address.ReplaceAllString(peer.Offer(), "$1 7b3d2c61.local ")).client
		}, "offered candidates", []string{"mDNS names", "webrtc.udp_addr"}},
		"no candidates": {"none", func(t *testing.T, room string) *client {
			peer := webrtcpeer.Publisher(t)
			return s.offered(t, peer, whip+room, candidate.ReplaceAllString(peer.Offer(), "")).client
		}, "offered", []string{"no ICE candidate", "PATCH"}},
		"a publisher that sends nothing": {"mute", func(t *testing.T, room string) *client {
			c := s.join(t, webrtcpeer.Publisher(t), whip+room, operator)
			c.WaitConnected()
			return c
		}, "offered candidates paired secured", []string{"no media came"}},
		"a viewer before any publisher": {"lobby", func(t *testing.T, room string) *client {
			c := s.join(t, webrtcpeer.Subscriber(t, func(*webrtc.TrackRemote) {}), whep+room, operator)
			c.WaitConnected()
			return c
		}, "offered candidates paired secured", []string{"nobody publishe"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			begun := c.begin(t, c.room)
			fits := func(l life) bool {
				return l.steps(t) == c.steps && !slices.ContainsFunc(c.names, func(n string) bool { return !strings.Contains(l.Diagnosis, n) })
			}
			rig.Eventually(t, "the life is told", func() bool { return fits(s.life(begun.id)) })
			s.leave(t, begun, operator)
			l := s.life(begun.id)
			c.steps += " ended"
			if !fits(l) {
				t.Errorf("after its end it is %+v, want %s and the diagnosis to name %q", l, c.steps, c.names)
			}
		})
	}
}

// A client whose certificate is not that of its offer, since something on the way has
// changed it, is found by ICE and never connected.
func TestTheLifeOfAClientWithAnotherCertificate(t *testing.T) {
	t.Parallel()
	s := newStand(t, "memory:")
	s.start()
	peer := webrtcpeer.Publisher(t)
	c := s.offered(t, peer, whip+"hall", fingerprint.ReplaceAllString(peer.Offer(), "$1 "+strings.Repeat("AB:", 31)+"AB"))
	peer.Accept(c.answer)
	rig.Eventually(t, "the handshake fails", func() bool { return s.life(c.id).Ended != nil })
	if l := s.life(c.id); l.steps(t) != "offered candidates paired ended" || !strings.Contains(l.Diagnosis, "fingerprint") {
		t.Errorf("it is %+v", l)
	}
}

// Of an offer that was let in and refused it is kept why.
func TestTheLifeOfARefusedOffer(t *testing.T) {
	t.Parallel()
	s := newStand(t, "memory:")
	s.start()
	a := s.offer(whip+"hall", operator, "this is no SDP")
	if a.status != http.StatusBadRequest || a.code() != "offer_invalid" {
		t.Fatalf("%d %s", a.status, a.body)
	}
	var all map[string]session
	rig.Eventually(t, "it is kept", func() bool { all = s.sessions("hall"); return len(all) == 1 })
	for id := range all {
		if l := s.life(id); l.steps(t) != "offered ended" || l.Reason != "offer_failed" || !strings.Contains(l.Diagnosis, "Its offer was refused: ") {
			t.Errorf("it is %+v", l)
		}
	}
}

// offering is a client whose answer nobody has taken yet.
type offering struct {
	*client
	answer string
}

// offered posts an offer for a peer.
func (s *stand) offered(t *testing.T, peer *webrtcpeer.Peer, endpoint, offer string) offering {
	t.Helper()
	a := s.offer(endpoint, operator, offer)
	if a.status != http.StatusCreated {
		t.Fatalf("POST %s: %d %s", endpoint, a.status, a.body)
	}
	location := strings.TrimPrefix(a.header.Get("Location"), s.url)
	return offering{&client{Peer: peer, id: location[strings.LastIndexByte(location, '/')+1:], path: location}, a.body}
}
