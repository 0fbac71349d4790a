package web

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
)

const whip, whep = "/api/whip/", "/api/whep/"

// The offer is sent before there is a candidate, and the candidates follow.
func TestCandidatesFollowTheOffer(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	w := newWire(t, s, nil, nil)
	p := s.blank(t)
	p.publish(w.url, operator, "")
	p.is("live")
	p.waits("gathering is over", `participant.pc.iceGatheringState === "complete"`)
	posts := w.all(http.MethodPost, whip)
	if len(posts) != 1 || strings.Contains(posts[0].body, "a=candidate") {
		t.Fatalf("%d offers, want one without candidates: %+v", len(posts), posts)
	}
	location, tag := posts[0].answer.Get("Location"), posts[0].answer.Get("ETag")
	var patches []said
	p.waitsFor("all candidates are told", func() bool {
		patches = w.all(http.MethodPatch, location)
		return len(patches) > 0 && strings.Contains(patches[len(patches)-1].body, "a=end-of-candidates")
	})
	ufrag := regexp.MustCompile(`a=ice-ufrag:\S+`).FindString(posts[0].body)
	for _, patch := range patches {
		if patch.status != http.StatusNoContent || patch.request.Get("If-Match") != tag || patch.request.Get("Content-Type") != "application/trickle-ice-sdpfrag" {
			t.Errorf("a fragment with If-Match %q was answered %d, want the tag %q and 204", patch.request.Get("If-Match"), patch.status, tag)
		}
		if ufrag == "" || !strings.Contains(patch.body, ufrag) || strings.Count(patch.body, "m=") != 1 {
			t.Errorf("a fragment reads %q, want the offer's %s and one section", patch.body, ufrag)
		}
	}
	if !strings.Contains(patches[0].body, "a=candidate:") {
		t.Errorf("the first fragment has no candidate: %q", patches[0].body)
	}
	p.do("participant.stop()")
	p.waitsFor("the session is ended", func() bool { return len(w.all(http.MethodDelete, location)) == 1 })
}

// A server that takes no candidates finds the page by the page's own checks.
func TestServersWithoutTrickle(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	for name, c := range map[string]struct {
		instead    func(http.ResponseWriter, *http.Request) bool
		afterwards func(*http.Response)
		patches    int
	}{
		"it has no tag":     {nil, func(r *http.Response) { r.Header.Del("ETag") }, 0},
		"it takes no PATCH": {refusePatch, nil, 1},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWire(t, s, c.instead, c.afterwards)
			p := s.blank(t)
			p.publish(w.url, operator, "")
			p.is("live")
			p.waits("gathering is over", `participant.pc.iceGatheringState === "complete"`)
			p.shows()
			if n := len(w.all(http.MethodPatch, "/")); n != c.patches {
				t.Errorf("there were %d PATCHes, want %d", n, c.patches)
			}
			p.do("await participant.stop()")
		})
	}
}

func refusePatch(w http.ResponseWriter, r *http.Request) bool {
	return r.Method == http.MethodPatch && answer(w, http.StatusMethodNotAllowed, "")
}

// A restart of ICE that a page asks for keeps connection and media, both ways.
func TestRestartOfICE(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	w := newWire(t, s, nil, nil)
	publisher, subscriber := s.blank(t), s.blank(t)
	publisher.publish(w.url, operator, "")
	subscriber.play(w.url)
	publisher.is("live")
	subscriber.is("live")
	for path, p := range map[string]page{whip: publisher, whep: subscriber} {
		p.waits("it is connected", `participant.pc.iceGatheringState === "complete"`)
		p.do(`window.first = participant.pc; window.ufrag = () => first.currentRemoteDescription.sdp.match(/ice-ufrag:(\S+)/)[1]; window.old = ufrag(); await participant.restartIce()`)
		if !evaluate[bool](p, "ufrag() !== old && participant.pc === first") {
			t.Errorf("%s: the connection is another one, or has the server's old credentials", path)
		}
		granted := 0
		var tag string
		for _, patch := range w.all(http.MethodPatch, path) {
			if patch.status == http.StatusOK && patch.request.Get("If-Match") == "*" {
				granted, tag = granted+1, patch.answer.Get("ETag")
			}
		}
		if granted != 1 {
			t.Errorf("%s: %d restarts were granted, want 1", path, granted)
		}
		p.waitsFor("candidates for the new tag", func() bool {
			return slices.ContainsFunc(w.all(http.MethodPatch, path), func(patch said) bool {
				return patch.status == http.StatusNoContent && patch.request.Get("If-Match") == tag && strings.Contains(patch.body, "a=candidate:")
			})
		})
		p.shows()
	}
	if n := len(w.all(http.MethodPost, "/")); n != 2 {
		t.Errorf("there were %d offers, want one each", n)
	}
}

// A network that carries nothing for seconds is mended by a restart of ICE, on the same
// connection. Here the server stands still, until the page says that it has noticed.
func TestALostNetworkIsMended(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	w := newWire(t, s, nil, nil)
	p := s.blank(t)
	p.publish(w.url, operator, "")
	p.is("live")
	p.do("window.first = participant.pc")
	s.now.Signal(syscall.SIGSTOP)
	p.is("reconnecting")
	s.now.Signal(syscall.SIGCONT)
	p.is("live")
	p.shows()
	events := evaluate[[]told](p, "told")
	if again := events[len(events)-2]; again.Code != "network_lost" || again.Wait != -1 {
		t.Errorf("it was told %+v, want network_lost and no new session", events)
	}
	if !evaluate[bool](p, "first === participant.pc") || len(w.all(http.MethodPost, "/")) != 1 {
		t.Error("the page has connected anew")
	}
}

// The ICE servers that the server names are used, whatever form the links have.
func TestICEServers(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	w := newWire(t, s, nil, func(r *http.Response) {
		if r.StatusCode != http.StatusCreated {
			return
		}
		for _, link := range []string{
			`<stun:127.0.0.1:9>; rel="ice-server"`,
			`<turn:127.0.0.1:9?transport=udp>; rel=ice-server; username="a \"b\", c"; credential="d;e,<f>"; credential-type="password"`,
			`<turn:127.0.0.1:9>; rel="ice-server"`,
			`<http://127.0.0.1:9/>; rel="ice-server", <stun:127.0.0.1:10>; rel="other"`,
			`<broken`,
		} {
			r.Header.Add("Link", link)
		}
	})
	p := s.blank(t)
	p.publish(w.url, operator, `, {rtc: {iceServers: [{urls: "stun:127.0.0.1:8"}]}}`)
	p.is("live")
	got := evaluate[string](p, `participant.pc.getConfiguration().iceServers.map((s) => [s.urls, s.username, s.credential].flat().filter(Boolean).join(" ")).join("|")`)
	if want := `stun:127.0.0.1:8|stun:127.0.0.1:9|turn:127.0.0.1:9?transport=udp a "b", c d;e,<f>`; got != want {
		t.Errorf("the ICE servers are %q, want %q", got, want)
	}
}
